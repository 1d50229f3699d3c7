/// A strict JSON reader (RFC 8259): bytes into nodes with places.
///
/// Refused: anything but one value and blanks (by `document`), trailing commas, comments, bad UTF-8, lone surrogates,
/// a byte order mark, more than the limits. Equal keys are kept and reported in `duplicates`; the caller decides.
public struct JSONReader: Sendable {
  /// What is read at most; beyond it the text is refused.
  public struct Limits: Sendable {
    public var depth = 64
    public var bytes = 64 << 20
    /// Values in all. They cost up to 100 bytes each, so this bounds the memory of a hostile text.
    public var values = 4_000_000

    public init() {}
  }

  /// A key that stands in an object a second time.
  public struct Duplicate: Sendable, Hashable {
    public let key: String
    public let place: Place
  }

  private let bytes: ArraySlice<UInt8>
  private let limits: Limits
  private var locator: Locator
  private var index: Int
  private var values = 0
  private var isChecked = false
  /// Keys that stood twice in an object so far, at most 100 of them.
  public private(set) var duplicates: [Duplicate] = []

  public init(_ bytes: ArraySlice<UInt8>, limits: Limits = Limits()) {
    self.bytes = bytes
    self.limits = limits
    index = bytes.startIndex
    locator = Locator(start: index)
  }

  /// Reads a text that is exactly one value.
  public static func document(
    _ bytes: [UInt8], limits: Limits = Limits()
  ) throws(JSONError) -> (root: Node, duplicates: [Duplicate]) {
    var reader = JSONReader(bytes[...], limits: limits)
    guard let root = try reader.next() else { throw reader.wrong(expected: "a value") }
    if reader.peek != nil { throw reader.wrong(expected: "the end of the text") }
    return (root, reader.duplicates)
  }

  /// The next of several values with nothing but blanks between them (JSON lines); nil at the end of the text.
  public mutating func next() throws(JSONError) -> Node? {
    if !isChecked {
      try checkText()
      isChecked = true
    }
    skipBlanks()
    if peek == nil { return nil }
    let node = try value(depth: 1)
    skipBlanks()
    return node
  }

  private mutating func checkText() throws(JSONError) {
    if bytes.count > limits.bytes {
      throw JSONError(place: .start, found: "\(bytes.count) bytes", expected: "at most \(limits.bytes)")
    }
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      throw JSONError(place: .start, found: "a byte order mark", expected: "a value")
    }
    if let bad = UTF8Text.firstInvalid(in: bytes) {
      throw JSONError(
        place: locator.place(of: bad, in: bytes), found: "the byte \(JSONReader.hex(bytes[bad]))", expected: "UTF-8")
    }
  }

  private mutating func value(depth: Int) throws(JSONError) -> Node {
    let place = here()
    values += 1
    if values > limits.values {
      throw JSONError(place: place, found: "more than \(limits.values) values", expected: "fewer")
    }
    if depth > limits.depth {
      throw JSONError(place: place, found: "more than \(limits.depth) levels", expected: "fewer")
    }
    switch peek {
    case UInt8(ascii: "{"): return Node(.object(try object(depth: depth)), at: place)
    case UInt8(ascii: "["): return Node(.array(try array(depth: depth)), at: place)
    case UInt8(ascii: "\""): return Node(.string(try string()), at: place)
    case UInt8(ascii: "t"):
      try word("true")
      return Node(.bool(true), at: place)
    case UInt8(ascii: "f"):
      try word("false")
      return Node(.bool(false), at: place)
    case UInt8(ascii: "n"):
      try word("null")
      return Node(.null, at: place)
    case .some(let byte) where byte == UInt8(ascii: "-") || 0x30...0x39 ~= byte:
      return Node(.number(try number()), at: place)
    case .some, nil: throw wrong(expected: "a value")
    }
  }

  private mutating func object(depth: Int) throws(JSONError) -> [Node.Member] {
    var members: [Node.Member] = []
    var seen: Set<String> = []
    index += 1
    skipBlanks()
    if take("}") { return members }
    while true {
      let place = here()
      guard peek == UInt8(ascii: "\"") else {
        throw wrong(expected: members.isEmpty ? "a key in quotes or '}'" : "a key in quotes")
      }
      let key = try string()
      if !seen.insert(key).inserted, duplicates.count < 100 { duplicates.append(Duplicate(key: key, place: place)) }
      skipBlanks()
      guard take(":") else { throw wrong(expected: "':' after the key") }
      skipBlanks()
      members.append(Node.Member(key: key, keyPlace: place, node: try value(depth: depth + 1)))
      skipBlanks()
      if take("}") { return members }
      guard take(",") else { throw wrong(expected: "',' or '}'") }
      skipBlanks()
    }
  }

  private mutating func array(depth: Int) throws(JSONError) -> [Node] {
    var items: [Node] = []
    index += 1
    skipBlanks()
    if take("]") { return items }
    while true {
      items.append(try value(depth: depth + 1))
      skipBlanks()
      if take("]") { return items }
      guard take(",") else { throw wrong(expected: "',' or ']'") }
      skipBlanks()
    }
  }
}

extension JSONReader {
  /// The byte at hand; nil at the end.
  private var peek: UInt8? { index < bytes.endIndex ? bytes[index] : nil }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: character) else { return false }
    index += 1
    return true
  }

  private mutating func skipBlanks() {
    while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
  }

  private mutating func word(_ word: StaticString) throws(JSONError) {
    let start = index
    for expected in word.description.utf8 {
      guard peek == expected else {
        index = start
        throw wrong(expected: "a value")
      }
      index += 1
    }
  }

  private mutating func here() -> Place { locator.place(of: index, in: bytes) }

  private mutating func wrong(expected: String) -> JSONError {
    JSONError(place: here(), found: found(at: index), expected: expected)
  }

  /// The character at an offset, for a message.
  private func found(at offset: Int) -> String {
    guard offset < bytes.endIndex else { return "the end of the text" }
    let byte = bytes[offset]
    if byte < 0x20 || byte == 0x7F { return "the control character \(JSONReader.hex(byte))" }
    let scalar = String(decoding: bytes[offset..<min(offset + 4, bytes.endIndex)], as: UTF8.self).unicodeScalars.first
    return scalar.map { "'\($0)'" } ?? "the byte \(JSONReader.hex(byte))"
  }

  static func hex(_ byte: UInt8) -> String {
    "0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
  }
}

// Strings and numbers.
extension JSONReader {
  private mutating func string() throws(JSONError) -> String {
    index += 1
    var start = index
    var text = ""
    while let byte = peek {
      if byte == UInt8(ascii: "\"") {
        text += String(decoding: bytes[start..<index], as: UTF8.self)
        index += 1
        return text
      }
      if byte < 0x20 { throw wrong(expected: "\\n, \\t or \\u00XX in its place") }
      if byte != UInt8(ascii: "\\") {
        index += 1
        continue
      }
      text += String(decoding: bytes[start..<index], as: UTF8.self)
      text.unicodeScalars.append(try escape())
      start = index
    }
    throw wrong(expected: "'\"' at the end of the string")
  }

  private mutating func escape() throws(JSONError) -> Unicode.Scalar {
    let start = index
    index += 1
    guard let letter = peek else { throw wrong(expected: "a letter after '\\'") }
    index += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): break
    default:
      index -= 1
      throw wrong(expected: "one of \" \\ / b f n r t u after '\\'")
    }
    let high = try fourDigits()
    if let scalar = Unicode.Scalar(high) { return scalar }
    if high < 0xDC00, take("\\"), take("u") {
      let low = try fourDigits()
      if 0xDC00...0xDFFF ~= low, let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)) {
        return scalar
      }
    }
    throw JSONError(
      place: locator.place(of: start, in: bytes), found: "half of a surrogate pair", expected: "both halves")
  }

  private mutating func fourDigits() throws(JSONError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw wrong(expected: "four hexadecimal digits after '\\u'")
      }
      value = value << 4 | UInt32(digit)
      index += 1
    }
    return value
  }

  private mutating func number() throws(JSONError) -> String {
    let start = index
    _ = take("-")
    if take("0") {
      if let byte = peek, 0x30...0x39 ~= byte { throw wrong(expected: "no digit after a leading 0") }
    } else {
      try digits()
    }
    if take(".") { try digits() }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      try digits()
    }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  private mutating func digits() throws(JSONError) {
    guard let first = peek, 0x30...0x39 ~= first else { throw wrong(expected: "a digit") }
    while let byte = peek, 0x30...0x39 ~= byte { index += 1 }
  }

  /// Whether a text is a number by JSON's grammar, and nothing else.
  public static func isNumber(_ text: String) -> Bool {
    var reader = JSONReader(Array(text.utf8)[...])
    guard (try? reader.number()) != nil else { return false }
    return reader.peek == nil
  }
}
