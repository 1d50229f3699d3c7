import Measuring
import Model

/// One second of the run, over all names and workers.
public struct SecondSummary: Sendable, Hashable {
  /// Seconds since the run's start in which it begins.
  public var second: UInt32
  /// Since the run's start; the last second may be shorter than one.
  public var from: TimeSpan
  public var to: TimeSpan
  public var isWarmUp: Bool {
    get { phase.isWarmUp }
    set { phase.isWarmUp = newValue }
  }
  /// The part of the load's shape in which it begins.
  public var phase: Interval.Phase
  /// Arrivals that fell due by the plan.
  public var offered: UInt64 = 0
  /// Requests, sends counted in the second of their send and outcomes in that of their end.
  public var counts = RequestCounts()
  /// Failures by kind, ascending.
  public var errors: [ErrorCount] = []
  /// Response times of what ended in the second, and how many they stand on.
  public var response = SecondFigures()
  /// At the end of the second.
  public var gauges = Gauges()
  /// The 99th percentile of woke − intended, in microseconds; nil where nothing was taken up.
  public var latenessP99: UInt32?
  /// Why the second's figures may be the generator's.
  public var taints: [Taint] = []
  /// The names that had a record, in the order of the summary's names.
  public var names = NameSeconds()

  public init(second: UInt32, from: TimeSpan, to: TimeSpan, isWarmUp: Bool = false) {
    self.second = second
    self.from = from
    self.to = to
    self.phase = Interval.Phase(isWarmUp: isWarmUp)
  }

  public var length: TimeSpan { to - from }

  /// Whether anything was due, sent or ended in it.
  public var isActive: Bool { offered | counts.started | counts.completed != 0 }
}

/// What stands open at a moment, over all loops and workers.
public struct Gauges: Sendable, Hashable {
  public var inFlight: UInt64 = 0
  public var connections: UInt64 = 0
  /// Arrivals that wait for a connection.
  public var waiting: UInt64 = 0
  /// Virtual users alive; 0 in the open model.
  public var users: UInt64 = 0

  public init() {}

  init(_ loops: [LoopSecond]) {
    for loop in loops {
      inFlight += UInt64(loop.inFlight)
      connections += UInt64(loop.connections)
      waiting += UInt64(loop.waiting)
      users += UInt64(loop.users)
    }
  }

  mutating func add(_ other: Gauges) {
    inFlight += other.inFlight
    connections += other.connections
    waiting += other.waiting
    users += other.users
  }
}

/// The few percentiles that are kept of every second. All in microseconds.
public struct SecondFigures: Sendable, Hashable {
  public var count: UInt64 = 0
  /// How many of them are only lower bounds.
  public var censored: UInt64 = 0
  public var p50: Reading?
  public var p90: Reading?
  public var p95: Reading?
  public var p99: Reading?
  public var max: Reading?

  public init() {}

  public init(_ curve: PercentileCurve) {
    count = curve.count
    censored = curve.censored.count
    p50 = curve.reading(50)
    p90 = curve.reading(90)
    p95 = curve.reading(95)
    p99 = curve.reading(99)
    max = curve.maximum
  }
}

/// One name's second.
public struct NameSecond: Sendable, Hashable {
  /// The place of its row in the summary's `names`.
  public var row: Int
  public var counts: RequestCounts
  public var response: SecondFigures

  public init(row: Int, counts: RequestCounts, response: SecondFigures) {
    self.row = row
    self.counts = counts
    self.response = response
  }
}
