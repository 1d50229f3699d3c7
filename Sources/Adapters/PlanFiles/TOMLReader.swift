import CTOML
import JSONScan

/// Why a text is no TOML, and where.
struct TOMLError: Error {
  let place: Place
  let message: String
}

/// Reads TOML by toml++ into nodes with places.
struct TOMLReader {
  /// Levels of tables and lists; toml++ itself stops at 256.
  static let deepest = 64

  /// An open table or list.
  private struct Level {
    var place: Place
    /// Nil for a list.
    var members: [Node.Member]?
    var items: [Node] = []
    var key: (name: String, place: Place)?
  }

  private var levels: [Level] = []
  private var root: Node?
  private var problem: TOMLError?
  private var last = Place.start

  static func document(_ text: [UInt8]) throws(TOMLError) -> Node {
    if let bad = UTF8Text.firstInvalid(in: text[...]) {
      var locator = Locator(start: 0)
      let hex = String(text[bad], radix: 16, uppercase: true)
      throw TOMLError(place: locator.place(of: bad, in: text[...]), message: "found the byte 0x\(hex), expected UTF-8")
    }
    var reader = TOMLReader()
    let isRead = text.withUnsafeBytes { bytes in
      withUnsafeMutablePointer(to: &reader) { reader in
        ctoml_read(bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count, reader) { context, event in
          guard let context, let event else { return }
          context.assumingMemoryBound(to: TOMLReader.self).pointee.take(event.pointee)
        }
      }
    }
    if let problem = reader.problem { throw problem }
    if !isRead { throw TOMLError(place: reader.last, message: "not TOML: \(reader.root?.text ?? "it can't be read")") }
    return reader.root ?? Node(.object([]))
  }

  private mutating func take(_ event: ctoml_event) {
    if problem != nil { return }
    let bytes = UnsafeRawBufferPointer(start: event.text, count: event.length)
    let text = String(decoding: bytes, as: UTF8.self)
    if event.line > 0 { last = Place(line: Int(event.line), column: Int(event.column)) }
    switch event.kind {
    case CTOML_TABLE_START, CTOML_ARRAY_START:
      if levels.count == TOMLReader.deepest {
        problem = TOMLError(place: last, message: "found more than \(TOMLReader.deepest) levels, expected fewer")
      }
      let place = levels.last?.key?.place ?? last
      levels.append(Level(place: event.line > 0 ? last : place, members: event.kind == CTOML_TABLE_START ? [] : nil))
    case CTOML_TABLE_END, CTOML_ARRAY_END:
      guard let level = levels.popLast() else { return }
      put(Node(level.members.map { .object($0) } ?? .array(level.items), at: level.place))
    case CTOML_KEY:
      if !levels.isEmpty { levels[levels.count - 1].key = (text, last) }
    case CTOML_NUMBER: put(Node(.number(text), at: last))
    case CTOML_BOOLEAN: put(Node(.bool(text == "true"), at: last))
    case CTOML_STRING: put(Node(.string(text), at: last))
    default: put(Node(.string(text), at: last))
    }
  }

  private mutating func put(_ node: Node) {
    guard !levels.isEmpty else {
      root = node
      return
    }
    let index = levels.count - 1
    if let key = levels[index].key, levels[index].members != nil {
      levels[index].members?.append(Node.Member(key: key.name, keyPlace: key.place, node: node))
      levels[index].key = nil
    } else {
      levels[index].items.append(node)
    }
  }
}
