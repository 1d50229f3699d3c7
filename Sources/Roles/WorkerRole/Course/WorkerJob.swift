import Fleet
import Model
import Wire

/// The one run that a worker has, from its assignment to the master's last word on it.
struct WorkerJob: Sendable {
  enum Phase: Sendable, Equatable {
    case preparing, ready, running, draining
    /// Its last record is in the spool; the master has not confirmed yet.
    case ended(Ending)
  }

  var lease: Lease
  let epoch: UInt32
  /// That of the assignment, which Ready answers.
  let request: UInt64
  var phase = Phase.preparing
  var connections = 0
  /// The run's start on the own clock; nil before it is known.
  var start: Instant?
  /// The start on the master's clock, as long as that can't be told on the own one.
  var awaited: Instant?
  /// Asked for before there was anything to stop.
  var stopping: StopKind?
  /// Records sealed so far.
  var records: UInt64 = 0
  /// Records that no master has heard of yet, the latest ones.
  var unheard: [[UInt8]] = []
  /// Whether it was said that the lease has ended.
  var hasLapsed = false

  /// How many seconds of a lost connection are told afterwards; the others are in Kafka all the same.
  static let mostUnheard = 120

  var incarnation: Identifier { lease.incarnation }

  var state: WorkerState {
    switch phase {
    case .preparing: .preparing
    case .ready: .ready
    case .running: .running
    case .draining, .ended: .draining
    }
  }

  /// Whether it has not started, so that its start may come at any moment.
  func awaitsStart(_ now: Instant) -> Bool {
    switch phase {
    case .preparing, .ready: true
    case .running: start.map { now < $0 } ?? true
    case .draining, .ended: false
    }
  }

  var isEnded: Bool {
    if case .ended = phase { true } else { false }
  }

  /// What it may send, having started then.
  func allowed(_ start: Instant) -> Allowed {
    let (horizon, overflow) = start.nanoseconds.addingReportingOverflow(lease.horizon.nanoseconds)
    return Allowed(
      until: lease.end ?? Instant(nanoseconds: .min), dueBefore: Instant(nanoseconds: overflow ? .max : horizon))
  }

  func ready(_ problem: String = "") -> Message {
    .ready(
      Ready(
        run: lease.run, incarnation: incarnation, epoch: epoch, problem: problem,
        connections: UInt32(clamping: connections)))
  }

  func progress(_ record: [UInt8]) -> Message {
    .progress(Progress(run: lease.run, incarnation: incarnation, record: record))
  }

  /// nil before the end.
  func complete(_ count: RecordCount) -> Message? {
    guard case .ended(let ending) = phase else { return nil }
    return .complete(
      Complete(
        run: lease.run, incarnation: incarnation, records: ending.records, completed: ending.completed,
        reason: ending.reason, problem: ending.problem, published: count.published, kept: count.kept))
  }
}
