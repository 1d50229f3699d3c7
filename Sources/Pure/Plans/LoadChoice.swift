import Model

/// The load as somebody gave it: in a plan, or by flags. What is nil was not said.
public struct LoadChoice: Sendable, Hashable {
  public var rate: Rate?
  public var users: Int?
  public var duration: TimeSpan?
  public var requests: UInt64?
  public var limits = LoadLimits()

  public init(rate: Rate? = nil, users: Int? = nil, duration: TimeSpan? = nil, requests: UInt64? = nil) {
    self.rate = rate
    self.users = users
    self.duration = duration
    self.requests = requests
  }

  /// Two flags that contradict each other.
  public struct Conflict: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String

    public init(description: String) {
      self.description = description
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
  /// A flag's rate or users replace whichever of the two the plan has. Duration and requests are replaced one by one; a run
  /// that has both ends at whichever comes first. Without rate and users: 50/s; without an end: 10 s.
  /// - Throws: `Conflict` when flags name a rate and users.
  public static func resolve(plan: LoadChoice?, flags: LoadChoice) throws(Conflict) -> Resolved {
    if flags.rate != nil, flags.users != nil {
      throw Conflict(description: "--rate and --users can't be combined: " + LoadChoice.rateOrUsers)
    }
    var assumed: [String] = []
    let asksByFlag = flags.rate != nil || flags.users != nil
    let model: Load.Model
    if let users = flags.users ?? (asksByFlag ? nil : plan?.users) {
      model = .users(users)
    } else if let rate = flags.rate ?? plan?.rate {
      model = .arrivals(rate)
    } else {
      assumed.append("\(LoadChoice.defaultRate)")
      model = .arrivals(LoadChoice.defaultRate)
    }
    let requests = flags.requests ?? plan?.requests
    let limits = try limits(plan: plan, flags: flags, model)
    var duration = flags.duration ?? plan?.duration
    if duration == nil, requests == nil, limits.iterations == nil {
      duration = LoadChoice.defaultDuration
      assumed.append("\(LoadChoice.defaultDuration)")
    }
    var load = Load(model: model, duration: duration, requests: requests)
    load.iterations = limits.iterations
    load.userLimit = limits.userLimit
    load.limit = limits.limit
    load.warmUp = limits.warmUp ?? .zero
    if let duration, load.warmUp >= duration {
      throw Conflict(description: "a warm-up of \(load.warmUp) leaves nothing of a run of \(duration)")
    }
    return Resolved(load: load, assumed: assumed)
  }

  /// A rate by flag leaves behind what the plan says of its users; what a flag says of users needs them.
  private static func limits(
    plan: LoadChoice?, flags: LoadChoice, _ model: Load.Model
  ) throws(Conflict) -> LoadLimits {
    var limits = flags.limits.over(plan?.limits ?? LoadLimits())
    guard case .arrivals = model, let word = limits.ofUsers else { return limits }
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
