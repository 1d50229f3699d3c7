public import Model
public import Wire

/// What a fleet hears.
public enum FleetEvent: Sendable, Hashable {
  /// A worker was let in; its Register follows.
  case joined(Peer, Hello)
  case message(Peer, Message, request: UInt64)
  /// Its connection is gone; that proves nothing.
  case left(Peer)
  /// A test was stored as queued.
  case submitted(QueuedTest)
  /// A person wants it to end; the text says who.
  case stop(Identifier, StopKind, text: String)
  /// A change was made; false where the stored state was another than expected.
  case stored(UInt64, Bool)
  /// What an earlier master left, in the order of submission; said once, before anything else.
  case adopted([AdoptedTest])
  /// Time has passed; said at least every 200 ms.
  case tick
}

/// What a fleet wants done, in this order.
public enum FleetAction: Sendable, Hashable {
  case send(Peer, Message, request: UInt64)
  /// Say no and close.
  case drop(Peer, Refused)
  /// Make a change in PostgreSQL and say `stored` with the number; tried again until that is clear.
  case store(UInt64, FleetChange)
  /// A test goes to its workers.
  case began(QueuedTest, workers: [AdoptedTest.Part])
  /// One second of a worker: the whole frame of the record.
  case record(run: Identifier, incarnation: Identifier, [UInt8])
  /// The stored state of a test has changed.
  case changed(Identifier)
  /// It changes no more.
  case ended(Identifier)
}

/// A compare-and-set in PostgreSQL; nothing that depends on it is sent before it is stored.
public enum FleetChange: Sendable, Hashable {
  /// An epoch begins with these workers, who are new to the run.
  case assign(Identifier, from: TestState, to: TestState, epoch: UInt32, [AdoptedTest.Part])
  /// Another state; `start` is the run's start on the master's clock where it gets one.
  case state(Identifier, from: TestState, to: TestState, reason: String?, start: Instant?)
  /// One incarnation's life goes on, or ends.
  case worker(Identifier, to: TestWorkerState, PartEnd?)
}

/// How a worker's life in a run ended.
public struct PartEnd: Sendable, Hashable {
  public var records: UInt64?
  public var completed: UInt64?
  /// `plan_ended`, `stopped` … as in records.schema; nil where it never said.
  public var reason: String?
  public var problem: String?

  public init(records: UInt64? = nil, completed: UInt64? = nil, reason: String? = nil, problem: String? = nil) {
    self.records = records
    self.completed = completed
    self.reason = reason
    self.problem = problem
  }
}
