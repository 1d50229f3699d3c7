/// How much load at which time: parts one after the other. A value that can be looked at without running anything.
///
/// The same shape drives arrivals a second (open model) or virtual users (closed model).
public struct Shape: Sendable, Hashable {
  /// Never empty; only the last one may have no end of its own.
  public var parts: [Part]

  public struct Part: Sendable, Hashable {
    /// Shown as the phase; empty for none.
    public var name: String
    public var curve: Curve
    /// nil: as long as the run lasts.
    public var duration: TimeSpan?

    public init(name: String = "", _ curve: Curve, for duration: TimeSpan?) {
      self.name = name
      self.curve = curve
      self.duration = duration
    }
  }

  public enum Curve: Sendable, Hashable {
    /// The same all the time.
    case constant(Level)
    /// Straight from one level to the other over the part's duration, which then must be there.
    case line(from: Level, to: Level)
    /// `mean + amplitude · sin(2π · t / period)`, t from the part's beginning; amplitude ≤ mean.
    case sine(mean: Level, amplitude: Level, period: TimeSpan)
  }

  /// So many arrivals in so much time, or so many users (`per` is then a second); unlike a `Rate`, it may be zero.
  public struct Level: Sendable, Hashable {
    /// 0 or more.
    public let count: Int64
    /// More than zero.
    public let per: TimeSpan

    /// Counts below zero are taken as zero; zero is in a second.
    public init(count: Int64, per: TimeSpan = .seconds(1)) {
      self.count = max(0, count)
      self.per = per > .zero && count > 0 ? per : .seconds(1)
    }

    public init(_ rate: Rate) { self.init(count: rate.count, per: rate.per) }

    public static let zero = Level(count: 0)

    /// For display and for sizing; never for scheduling.
    public var perSecond: Double { Double(count) / per.inSeconds }
  }

  /// - Precondition: not empty; only the last part may lack a duration.
  public init(parts: [Part]) {
    precondition(!parts.isEmpty)
    self.parts = parts
  }

  /// The same rate all the time.
  public init(_ rate: Rate) {
    self.init(parts: [Part(.constant(Level(rate)), for: nil)])
  }

  /// So many users all the time; at least 1.
  public init(users: Int) {
    self.init(parts: [Part(.constant(Level(count: Int64(max(users, 1)))), for: nil)])
  }

  /// The level, where it is the same all the time and without an end of its own.
  public var constant: Level? {
    guard parts.count == 1, parts[0].duration == nil, case .constant(let level) = parts[0].curve else { return nil }
    return level
  }

  /// The rate, where it is the same all the time.
  public var constantRate: Rate? { constant.flatMap { try? Rate(count: $0.count, per: $0.per) } }

  /// The number of users, where it is the same all the time.
  public var constantUsers: Int? {
    guard parts[0].name.isEmpty, let constant, constant.per == .seconds(1) else { return nil }
    return Int(constant.count)
  }

  /// How long the parts take that have an end.
  public var timeOfEndingParts: TimeSpan {
    TimeSpan(nanoseconds: parts.reduce(0) { $0 + ($1.duration?.nanoseconds ?? 0) })
  }

  /// The highest level that any part reaches.
  public var peak: Level {
    parts.map(\.curve.peak).max { $0.perSecond < $1.perSecond } ?? .zero
  }

  /// The most users at a time.
  public var peakUsers: Int { Int(clamping: Int64(peak.perSecond.rounded(.up))) }

  /// How long all parts take together; nil where the last has no end.
  public var duration: TimeSpan? {
    var sum = TimeSpan.zero
    for part in parts {
      guard let duration = part.duration else { return nil }
      sum = TimeSpan(nanoseconds: sum.nanoseconds.addingReportingOverflow(duration.nanoseconds).partialValue)
    }
    return sum
  }
}

extension Shape.Curve {
  /// The levels it is made of.
  public var levels: [Shape.Level] {
    switch self {
    case .constant(let level): [level]
    case .line(let from, let to): [from, to]
    case .sine(let mean, let amplitude, _): [mean, amplitude]
    }
  }

  /// The level at its beginning.
  public var start: Shape.Level { levels[0] }

  public var peak: Shape.Level {
    switch self {
    case .constant(let level): level
    case .line(let from, let to): from.perSecond > to.perSecond ? from : to
    case .sine(let mean, let amplitude, _):
      Shape.Level(count: Int64((mean.perSecond + amplitude.perSecond).rounded(.up)))
    }
  }
}

/// How arrivals lie between each other.
public enum Spacing: String, Sendable, Hashable, CaseIterable {
  /// Exactly by the integral of the shape.
  case even
  /// Independent of each other, with the shape as their rate.
  case poisson
}
