import Measuring
import Model
import Wire

/// What a worker hears: from its master, its run and its clock, and from whoever wants it to stop.
enum WorkerEvent: Sendable, Equatable {
  /// A master let it in.
  case welcomed(Welcome)
  /// There is no master, or none any more; none is looked for where `again` is nil.
  case lost(reason: String, again: TimeSpan?)
  /// A master does not want it.
  case refused(Refused, again: TimeSpan)
  /// `at`: when it came, on the own clock.
  case message(Message, request: UInt64, at: Instant)
  /// The run is ready to start, with so many connections at most.
  case prepared(Identifier, connections: Int)
  /// It can't be carried out.
  case unfit(Identifier, problem: String)
  /// One second's record is in the spool.
  case sealed(Identifier, [UInt8])
  /// Nothing more is sent, and the last record is in the spool.
  case ended(Identifier, Ending)
  /// Time has passed.
  case timer
  /// Drain, then leave.
  case stop
  /// Leave now.
  case abort
}

/// How an incarnation ended.
struct Ending: Sendable, Equatable {
  /// The number that its last record bears.
  var records: UInt64
  /// Requests.
  var completed: UInt64
  var reason: EndReason
  /// Empty where all went well.
  var problem = ""
}

/// What a worker is to do, in this order.
enum WorkerAction: Sendable, Equatable {
  case send(Message, request: UInt64)
  /// Make the run ready, on a thread of its own.
  case prepare(Assign)
  /// The run starts at this moment of the own clock.
  case start(Identifier, at: Instant, Allowed)
  case allow(Identifier, Allowed)
  case stop(Identifier, StopKind)
  /// The master knows all about this incarnation.
  case forget(Identifier)
  case say(WorkerNotice)
  /// Say this to the master where there is one, then end the process.
  case leave(saying: Goodbye?, exitCode: Int32)
}

/// What a run may send, on the own clock.
struct Allowed: Sendable, Equatable {
  /// The lease's end: nothing is sent from then on.
  var until: Instant
  /// The horizon: what is due from then on waits.
  var dueBefore: Instant
}

/// A line for the log.
struct WorkerNotice: Sendable, Equatable {
  var isWarning = false
  var text: String
}

/// What is known of the records of the run at hand.
struct RecordCount: Sendable, Equatable {
  /// That Kafka has.
  var published: UInt64 = 0
  /// That wait in the spool.
  var kept: UInt64 = 0
}
