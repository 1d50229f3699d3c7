import Bytes
public import Model

/// What a run is, said once by each of its incarnations before its first interval: so that who stores intervals knows
/// whose they are, with no master to ask. The message `RunRecord` of `proto-free-schema/records.schema`.
public struct RunRecord: Sendable, Hashable {
  /// The message's number.
  public static let type: UInt16 = 0x0102

  public var run: Identifier
  public var incarnation: Identifier
  /// The run's name.
  public var name: String
  /// Of the program that sends the load.
  public var version: String
  /// The run's description as a JSON text, of the form that its own member `schema` names.
  public var description: String

  public init(run: Identifier, incarnation: Identifier, name: String, version: String, description: String) {
    self.run = run
    self.incarnation = incarnation
    self.name = name
    self.version = version
    self.description = description
  }

  /// The whole frame's bytes.
  public func encoded() -> [UInt8] {
    var writer = ByteWriter()
    RunRecord.table.writeFields(self, into: &writer)
    return Frame(type: RunRecord.type, fields: writer.bytes[...]).encoded()
  }

  package static let table = Table(
    "RunRecord", .message(0x0102), initial: { RunRecord.blank },
    fields: [
      Field(1, "run", \RunRecord.run, .uuid),
      Field(2, "incarnation", \.incarnation, .uuid),
      Field(3, "name", \.name, .string),
      Field(4, "version", \.version, .string),
      Field(5, "description", \.description, .string),
    ])

  private static var blank: RunRecord {
    let nobody = Identifier(high: 0, low: 0)
    return RunRecord(run: nobody, incarnation: nobody, name: "", version: "", description: "")
  }
}
