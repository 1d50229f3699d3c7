import Measuring

/// What became of one scenario's iterations over the run, warm-up left out.
public struct IterationSummary: Sendable, Hashable {
  /// The scenario's.
  public var name: String
  public var started: UInt64
  public var completed: UInt64
  public var failed: UInt64
  /// By the end of the run.
  public var cut: UInt64
  /// Last end − arrival, of those completed.
  public var duration: LatencyFigures
  /// Completed a second, to the time of the run's last end.
  public var perSecond: Double
}

/// One scenario's sums over the run so far.
struct IterationTally: Sendable {
  private(set) var measured: IterationInterval
  private(set) var warmUp: IterationInterval

  init(name: String) {
    measured = IterationInterval(name: name)
    warmUp = IterationInterval(name: name)
  }

  mutating func add(_ interval: IterationInterval, isWarmUp: Bool) {
    if isWarmUp { warmUp.add(interval) } else { measured.add(interval) }
  }

  func summary(seconds: Double) -> IterationSummary {
    IterationSummary(
      name: measured.name, started: measured.started, completed: measured.completed, failed: measured.failed,
      cut: measured.cut, duration: LatencyFigures(accepted: measured.duration),
      perSecond: seconds > 0 ? Double(measured.completed) / seconds : 0)
  }
}

extension IterationCounts {
  mutating func add(_ interval: IterationInterval) {
    started = started.addingClamped(interval.started)
    completed = completed.addingClamped(interval.completed)
    failed = failed.addingClamped(interval.failed)
    cut = cut.addingClamped(interval.cut)
  }
}

extension IterationInterval {
  /// Adds the other's; sums beyond 64 bits stay at their end.
  mutating func add(_ other: IterationInterval) {
    started = started.addingClamped(other.started)
    completed = completed.addingClamped(other.completed)
    failed = failed.addingClamped(other.failed)
    cut = cut.addingClamped(other.cut)
    duration.merge(other.duration)
  }
}
