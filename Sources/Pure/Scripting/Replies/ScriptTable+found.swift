/// What a reply has where a check looks; for messages.
public enum FoundValue: Sendable, Hashable {
  case nothing
  case status(Int)
  /// Bytes.
  case size(Int64)
  /// Nanoseconds.
  case time(Int64)
  /// The beginning of a header's or a JSON value's text; and a body's.
  case text([UInt8], isWhole: Bool)
}

extension ScriptTable {
  /// The most bytes of a text that is quoted.
  public static let longestFound = 200

  /// What the reply has where a target's check looks. Allocates: for failures that are written down.
  public func found(_ target: Int, check number: Int, _ reply: ReplyView) -> FoundValue {
    let range = request(target).checks
    guard number >= 0, number < Int(range.count) else { return .nothing }
    switch unsafe checks[Int(range.at) + number].subject {
    case .status: return .status(reply.status)
    case .size: return .size(reply.size)
    case .time: return .time(reply.time)
    case .body: return reply.body.isEmpty ? .nothing : ScriptTable.quoted(reply.body)
    case .header(let name):
      var fields = HeadFields(reply.head)
      return fields.next(named: view(name)).map(ScriptTable.quoted) ?? .nothing
    case .json(let path): return find(path, in: reply.body).map { ScriptTable.quoted($0.text) } ?? .nothing
    }
  }

  private static func quoted(_ text: ByteView) -> FoundValue {
    unsafe .text(Array(text.buffer.prefix(longestFound)), isWhole: text.count <= longestFound)
  }
}
