/// The header lines of a reply's raw head, one after the other.
///
/// Heads of status 1xx before the final one are passed over, and so are its first line, lines without a colon and the
/// lines that a folded value goes on in. Nothing is copied; any bytes may be given.
@safe
public struct HeadFields {
  public struct Field {
    public let name: ByteView
    /// Without the blanks around it.
    public let value: ByteView
  }

  private let head: ByteView
  private var place: Int

  /// - Parameter head: from the status line on; what lies behind the empty line is not looked at.
  public init(_ head: ByteView) {
    self.head = head
    place = 0
    while let line = line(), HeadFields.isInterim(line) {
      while let line = self.line(), !line.isEmpty {}
    }
  }

  private static func isInterim(_ line: ByteView) -> Bool {
    line.count >= 12 && line[0] == 0x48 && line[8] == 0x20 && line[9] == 0x31
  }

  /// How many bytes the head takes, its empty line and heads of status 1xx before it included; all where there is no
  /// empty line.
  public static func end(of reply: ByteView) -> Int {
    var fields = HeadFields(reply)
    while let line = fields.line() {
      if line.isEmpty { return fields.place }
    }
    return reply.count
  }

  /// The next line without its end; nil where there is no whole one.
  private mutating func line() -> ByteView? {
    guard let feed = head.first(0x0A, from: place) else { return nil }
    var end = feed
    if end > place, head[end &- 1] == 0x0D { end &-= 1 }
    defer { place = feed &+ 1 }
    return head[place..<end]
  }

  public mutating func next() -> Field? {
    while let line = line() {
      if line.isEmpty { return nil }
      if ByteView.isBlank(line[0]) { continue }
      guard let colon = line.first(0x3A) else { continue }
      return Field(name: line[0..<colon].trimmed, value: line.dropFirst(colon &+ 1).trimmed)
    }
    return nil
  }

  /// The next value of a name, in any case of letters.
  public mutating func next(named name: ByteView) -> ByteView? {
    while let field = next() {
      if field.name.equalsIgnoringCase(name) { return field.value }
    }
    return nil
  }

  /// As above, for a name given in small letters.
  public mutating func next(named name: StaticString) -> ByteView? {
    while let field = next() {
      if field.name.isWord(name) { return field.value }
    }
    return nil
  }

  /// The first value of a name that is given in small letters.
  public static func first(_ name: StaticString, in head: ByteView) -> ByteView? {
    var fields = HeadFields(head)
    return fields.next(named: name)
  }

  /// Whether the body is chunked: the last coding of Transfer-Encoding is `chunked`.
  public static func isChunked(_ head: ByteView) -> Bool {
    var fields = HeadFields(head)
    var isChunked = false
    while let value = fields.next(named: "transfer-encoding") {
      var last = value
      while let comma = last.first(0x2C) { last = last.dropFirst(comma &+ 1) }
      isChunked = last.trimmed.isWord("chunked")
    }
    return isChunked
  }
}
