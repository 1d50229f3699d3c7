public import Measuring
public import Model

/// An incarnation's end, sent again until `Completed` comes.
public struct Complete: Sendable, Hashable {
  public var run: Identifier
  public var incarnation: Identifier
  /// The number that its final record bears.
  public var records: UInt64
  /// Requests, as it counted them itself.
  public var completed: UInt64
  public var reason: EndReason
  /// Empty where all went well.
  public var problem: String
  /// Records that Kafka has.
  public var published: UInt64
  /// Records that are still in the spool.
  public var kept: UInt64

  public init(
    run: Identifier, incarnation: Identifier, records: UInt64, completed: UInt64, reason: EndReason,
    problem: String = "", published: UInt64 = 0, kept: UInt64 = 0
  ) {
    self.run = run
    self.incarnation = incarnation
    self.records = records
    self.completed = completed
    self.reason = reason
    self.problem = problem
    self.published = published
    self.kept = kept
  }

  package static let table = Table(
    "Complete", .message(0x0015),
    initial: { Complete(run: .nobody, incarnation: .nobody, records: 0, completed: 0, reason: .failed) },
    fields: [
      Field(1, "run", \Complete.run, .uuid),
      Field(2, "incarnation", \.incarnation, .uuid),
      Field(3, "records", \.records, .fixed),
      Field(4, "completed", \.completed, .fixed),
      Field(5, "reason", \.reason, .enumeration("EndReason")),
      Field(6, "problem", \.problem, .string(atMost: 4_096), in: .tail),
      Field(7, "published", \.published, .fixed, in: .tail),
      Field(8, "kept", \.kept, .fixed, in: .tail),
    ])
}

/// The reply to `Complete`: the worker may forget the run.
public struct Completed: Sendable, Hashable {
  public var run: Identifier
  public var incarnation: Identifier

  public init(run: Identifier, incarnation: Identifier) {
    self.run = run
    self.incarnation = incarnation
  }

  package static let table = Table(
    "Completed", .message(0x0016), initial: { Completed(run: .nobody, incarnation: .nobody) },
    fields: [
      Field(1, "run", \Completed.run, .uuid),
      Field(2, "incarnation", \.incarnation, .uuid),
    ])
}
