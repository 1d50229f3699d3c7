import Measuring
import Model

/// The figures of one sealed second, for a line that is shown while the run goes on.
public struct LiveLine: Sendable, Hashable {
  /// Since the run's start.
  public var elapsed: TimeSpan
  /// The plan's duration; nil where a number of requests bounds the run.
  public var total: TimeSpan?
  /// 0…1; nil where nothing says how much is still to come.
  public var progress: Double?
  public var load: Load.Model
  /// Virtual users alive; 0 in the open model.
  public var users: UInt64
  /// Arrivals a second that fell due by the plan in this second; nil in the closed model.
  public var offered: Double?
  /// Completed requests a second, in this second.
  public var rps: Double
  /// Over what ended in this second.
  public var response: SecondFigures
  public var completed: UInt64
  public var failed: UInt64
  public var inFlight: UInt64
  /// Why this second's figures may be the generator's.
  public var taints: [Taint]

  public init(
    elapsed: TimeSpan, total: TimeSpan?, progress: Double?, load: Load.Model, users: UInt64, rps: Double,
    response: SecondFigures, completed: UInt64, failed: UInt64, inFlight: UInt64, taints: [Taint],
    offered: Double? = nil
  ) {
    self.elapsed = elapsed
    self.total = total
    self.progress = progress
    self.load = load
    self.users = users
    self.offered = offered
    self.rps = rps
    self.response = response
    self.completed = completed
    self.failed = failed
    self.inFlight = inFlight
    self.taints = taints
  }

  /// Failures ÷ completed, 0…1; nil where nothing completed.
  public var errorShare: Double? { completed == 0 ? nil : Double(failed) / Double(completed) }
}

extension SummaryBuilder {
  /// The line for the second of a record that has been added.
  public func liveLine(_ interval: Interval) -> LiveLine {
    let key = SecondTally.Key(second: interval.second, isWarmUp: interval.phase.isWarmUp)
    let second =
      seconds[key]?.summary(key, places: Array(0..<names.count))
      ?? SecondSummary(second: interval.second, from: interval.from, to: interval.to)
    let load = description.load
    var progress: Double?
    if let requests = load.requests, requests > 0 {
      progress = min(1, Double(load.isOpen ? counts.schedule.planned : completed) / Double(requests))
    }
    if let duration = load.duration, duration > .zero {
      progress = max(progress ?? 0, min(1, max(0, second.to.inSeconds / duration.inSeconds)))
    }
    let length = (Double(second.to.nanoseconds) - Double(second.from.nanoseconds)) / 1e9
    let counts = second.counts
    return LiveLine(
      elapsed: second.to, total: load.duration, progress: progress, load: load.model, users: second.gauges.users,
      rps: length > 0 ? Double(counts.completed) / length : 0, response: second.response,
      completed: counts.completed,
      failed: counts.failed,
      inFlight: second.gauges.inFlight, taints: second.taints,
      offered: load.isOpen ? (length > 0 ? Double(second.offered) / length : 0) : nil)
  }
}

extension Load {
  var isOpen: Bool {
    switch model {
    case .arrivals: true
    case .users: false
    }
  }
}
