import Model

/// The load as somebody gave it: in a plan, or by flags. What is nil was not said.
public struct LoadChoice: Sendable, Hashable {
  public var rate: Shape?
  public var users: Shape?
  /// A shape by its name, beginning with the rate or users.
  public var pattern = PatternChoice()
  public var spacing: Spacing?
  public var duration: TimeSpan?
  public var requests: UInt64?
  public var limits = LoadLimits()

  public init(rate: Rate? = nil, users: Int? = nil, duration: TimeSpan? = nil, requests: UInt64? = nil) {
    self.rate = rate.map { Shape($0) }
    self.users = users.map { Shape(users: $0) }
    self.duration = duration
    self.requests = requests
  }

  /// These, and what only `other` says; a rate stands in for its users, and the other way round.
  public func merged(over other: LoadChoice) -> LoadChoice {
    var merged = self
    merged.duration = duration ?? other.duration
    merged.requests = requests ?? other.requests
    merged.spacing = spacing ?? other.spacing
    merged.limits = limits.over(other.limits)
    if pattern.isEmpty { merged.pattern = other.pattern }
    if rate == nil, users == nil { (merged.rate, merged.users) = (other.rate, other.users) }
    return merged
  }

  /// Two flags, or words of a plan, that contradict each other.
  public struct Conflict: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String
    /// The word of the plan that it is about; nil where flags say it.
    public let spot: PlanSpot?

    public init(description: String, at spot: PlanSpot? = nil) {
      self.description = description
      self.spot = spot
    }

    /// The same with its place.
    public var error: PlanError {
      PlanError(file: spot?.file ?? "", place: spot?.place, field: spot?.field ?? "", description)
    }
  }

  /// A load that can be run, and what of it nobody asked for.
  public struct Resolved: Sendable, Hashable {
    public let load: Load
    /// What was assumed, for the result: `50/s`, `10s`. Empty where everything was said.
    public let assumed: [String]
  }

  /// The rate of a run for which nobody gave one: 50/s.
  public static let defaultRate = Rate.perSecond(50)
  /// The duration of a run that nothing else bounds.
  public static let defaultDuration = TimeSpan.seconds(10)
  /// The most users; each may hold a connection.
  public static let mostUsers = 1_000_000

  /// Puts the flags over the plan's load, and the defaults below both.
  ///
  /// A flag's rate or users replace whichever of the two the plan has, with its pattern. Duration and requests are replaced
  /// one by one; a run ends at whichever comes first, or with its shape. Without rate and users: 50/s; without an end:
  /// 10 s, behind the parts of a shape that have an end.
  /// - Throws: `Conflict` when flags name a rate and users, or a pattern's numbers can't be.
  public static func resolve(plan: LoadChoice?, flags: LoadChoice) throws(Conflict) -> Resolved {
    if flags.rate != nil, flags.users != nil {
      throw Conflict(description: "--rate and --users can't be combined: " + LoadChoice.rateOrUsers)
    }
    var assumed: [String] = []
    let asksByFlag = flags.rate != nil || flags.users != nil
    let measure: Shape.Measure
    var shape: Shape
    if let users = flags.users ?? (asksByFlag ? nil : plan?.users) {
      (measure, shape) = (.users, users)
    } else if let rate = flags.rate ?? plan?.rate {
      (measure, shape) = (.arrivals, rate)
    } else {
      assumed.append("\(LoadChoice.defaultRate)")
      (measure, shape) = (.arrivals, Shape(LoadChoice.defaultRate))
    }
    let requests = flags.requests ?? plan?.requests
    let limits = try limits(plan: plan, flags: flags, measure)
    var duration = flags.duration ?? plan?.duration
    if duration == nil, requests == nil, limits.iterations == nil, shape.duration == nil {
      duration = TimeSpan(nanoseconds: shape.timeOfEndingParts.nanoseconds + LoadChoice.defaultDuration.nanoseconds)
      assumed.append("\(LoadChoice.defaultDuration)")
    }
    let pattern = flags.pattern.isEmpty && !asksByFlag ? plan?.pattern ?? PatternChoice() : flags.pattern
    if !pattern.isEmpty { shape = try pattern.shape(from: shape, of: measure, duration: duration) }
    if let own = shape.duration { duration = min(duration ?? own, own) }
    var load = Load(model: measure == .users ? .users(shape) : .arrivals(shape), duration: duration, requests: requests)
    load.iterations = limits.iterations
    load.userLimit = limits.userLimit
    load.limit = limits.limit
    load.warmUp = limits.warmUp ?? .zero
    if let duration, load.warmUp >= duration {
      let word = limits.warmUpSpot == nil ? "warmup: " : ""
      throw Conflict(
        description: "\(word)found \(load.warmUp), expected less than the run's \(duration)", at: limits.warmUpSpot)
    }
    load.spacing = flags.spacing ?? plan?.spacing ?? .even
    if load.spacing == .poisson, measure == .users {
      throw Conflict(description: "spacing poisson is of a rate; users wait for replies, and think times space them")
    }
    return Resolved(load: load, assumed: assumed)
  }

  /// A rate by flag leaves behind what the plan says of its users; what a flag says of users needs them.
  private static func limits(
    plan: LoadChoice?, flags: LoadChoice, _ measure: Shape.Measure
  ) throws(Conflict) -> LoadLimits {
    var limits = flags.limits.over(plan?.limits ?? LoadLimits())
    guard measure == .arrivals, let word = limits.ofUsers else { return limits }
    if let flag = flags.limits.ofUsers {
      throw Conflict(description: "\(flag.flag) bounds users, and this run has none: type --users N as well")
    }
    if flags.rate == nil {
      throw Conflict(
        description: "\(word.word) bounds users, and the plan has none: write 'users:' (a rate keeps its own pace)")
    }
    limits.userLimit = nil
    limits.limit = nil
    limits.iterations = nil
    return limits
  }

  static let rateOrUsers =
    "a rate sends by the clock whatever the target does, users wait for replies; give one of them"
}
