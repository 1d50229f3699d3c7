import Measuring

/// Every counted word, over the whole run.
public struct RunCounts: Sendable, Hashable {
  /// Of arrivals: those the plan gives, taken up, never taken up, and those that nobody was allowed to send.
  public var schedule = ScheduleCounts()
  /// Of requests.
  public var requests = RequestCounts()
  /// Requests started by a worker that was killed before their outcome was recorded.
  public var unknown: UInt64 = 0
  /// What the workers themselves counted as completed.
  public var workersCompleted: UInt64 = 0
  /// Completed requests that the records at hand hold.
  public var stored: UInt64 = 0
  /// Counted by a worker that never came back.
  public var explicitlyLost: UInt64 = 0
  /// Replies that came by HTTP/2, warm-up included; all others by HTTP/1.
  public var http2: UInt64 = 0
  /// Requests of warm-up, in none of the other figures.
  public var warmUp = RequestCounts()
  /// Arrivals of the warm-up, which `schedule` counts too.
  public var warmUpSchedule = ScheduleCounts()
  /// Failures of any kind, warm-up included: the sum of all errors.
  public var failed: UInt64 = 0
  /// Values put into another bucket than their own and requests counted under a collective name, for want of room.
  public var folded: UInt64 = 0
  /// What a lenient reader let pass in replies.
  public var leniencies: UInt64 = 0
  /// Arrivals that found the cap on connections reached and waited for one to become free.
  public var capped: UInt64 = 0
  /// Of all scenarios, warm-up included.
  public var iterations = IterationCounts()

  public init() {}

  /// Full replies of any kind, warm-up included.
  public var replies: UInt64 { requests.answered.addingClamped(warmUp.answered) }

  /// The sums, warm-up included, with whatever residual they have.
  public var equations: [Equation] {
    var equations = [
      Equation(
        .init("planned", schedule.planned),
        [.init("started", schedule.started), .init("unsent", schedule.unsent), .init("gap", schedule.gap)]),
      Equation(
        .init("requests started", requests.started.addingClamped(warmUp.started)),
        [.init("completed", requests.completed.addingClamped(warmUp.completed)), .init("unknown", unknown)]),
      Equation(
        .init("workers' completed", workersCompleted),
        [.init("stored", stored), .init("explicitly lost", explicitlyLost)]),
      Equation(
        .init("completed", requests.completed.addingClamped(warmUp.completed)),
        [
          .init("accepted", requests.accepted.addingClamped(warmUp.accepted)), .init("failed", failed),
          .init("redirected", requests.redirected.addingClamped(warmUp.redirected)),
          .init("retried", requests.retried.addingClamped(warmUp.retried)),
        ]),
    ]
    if iterations != IterationCounts() { equations.append(iterations.equation) }
    return equations
  }
}
