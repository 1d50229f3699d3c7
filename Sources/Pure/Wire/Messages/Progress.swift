public import Model

/// One sealed record, so that the master can show the run while it runs.
public struct Progress: Sendable, Hashable {
  public var run: Identifier
  public var incarnation: Identifier
  /// A whole frame of `records.schema`, at most `longestRecord` bytes; `Record.decode` reads it.
  public var record: [UInt8]

  /// 1 MiB, as much as brokers take.
  public static let longestRecord = 1_048_576

  public init(run: Identifier, incarnation: Identifier, record: [UInt8]) {
    self.run = run
    self.incarnation = incarnation
    self.record = record
  }

  package static let table = Table(
    "Progress", .message(0x0014), initial: { Progress(run: .nobody, incarnation: .nobody, record: []) },
    fields: [
      Field(1, "run", \Progress.run, .uuid),
      Field(2, "incarnation", \.incarnation, .uuid),
      Field(3, "record", \.record, .bytes(atMost: longestRecord)),
    ])
}
