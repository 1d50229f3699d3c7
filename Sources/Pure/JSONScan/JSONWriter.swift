/// Writes one JSON text (RFC 8259) front to back; members stand in the order in which they are written.
///
/// The caller nests its calls; commas, colons and, where asked, indentation are put here. Strings are escaped so that
/// no control character, line separator or half of a surrogate pair can reach a reader.
public struct JSONWriter: Sendable {
  /// What has been written so far.
  public private(set) var bytes: [UInt8] = []
  private let indented: Bool
  private var depth = 0
  /// Whether the next value follows another one and so needs a comma.
  private var follows = false
  private var afterKey = false

  /// - Parameter indented: two blanks a level and one member a line; otherwise no blank at all.
  public init(indented: Bool = false) {
    self.indented = indented
  }

  /// Writes an object whose members the body writes.
  public mutating func object(_ body: (inout JSONWriter) -> Void) {
    nest(UInt8(ascii: "{"), UInt8(ascii: "}"), body)
  }

  /// Writes an array whose elements the body writes.
  public mutating func array(_ body: (inout JSONWriter) -> Void) {
    nest(UInt8(ascii: "["), UInt8(ascii: "]"), body)
  }

  /// Writes an array with one element for each of the given.
  public mutating func array<S: Sequence>(of elements: S, _ body: (inout JSONWriter, S.Element) -> Void) {
    array { writer in
      for element in elements { body(&writer, element) }
    }
  }

  /// Writes a member's name; its value must be written next.
  public mutating func key(_ name: String) {
    separate()
    quote(name)
    bytes.append(UInt8(ascii: ":"))
    if indented { bytes.append(UInt8(ascii: " ")) }
    afterKey = true
  }

  public mutating func string(_ value: String) {
    separate()
    quote(value)
    follows = true
  }

  public mutating func integer(_ value: some BinaryInteger) {
    literal(String(value))
  }

  /// Writes the shortest number that reads back the same; null for what JSON has no number for (infinite, none).
  public mutating func number(_ value: Double) {
    literal(value.isFinite ? "\(value)" : "null")
  }

  /// Writes a number as the reader found it (`Node.Value.number`): `1.50` stays `1.50`; null for text that is none.
  public mutating func number(text: String) {
    literal(JSONReader.isNumber(text) ? text : "null")
  }

  public mutating func bool(_ value: Bool) {
    literal(value ? "true" : "false")
  }

  public mutating func null() {
    literal("null")
  }

  private mutating func literal(_ text: String) {
    separate()
    bytes.append(contentsOf: text.utf8)
    follows = true
  }

  private mutating func nest(_ open: UInt8, _ close: UInt8, _ body: (inout JSONWriter) -> Void) {
    separate()
    bytes.append(open)
    depth += 1
    follows = false
    body(&self)
    depth -= 1
    if follows { newLine() }
    bytes.append(close)
    follows = true
  }

  private mutating func separate() {
    if afterKey {
      afterKey = false
      follows = false
      return
    }
    if follows { bytes.append(UInt8(ascii: ",")) }
    if depth > 0 { newLine() }
    follows = false
  }

  private mutating func newLine() {
    if !indented { return }
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: depth * 2))
  }

  private mutating func quote(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x22: bytes.append(contentsOf: "\\\"".utf8)
      case 0x5C: bytes.append(contentsOf: "\\\\".utf8)
      case 0x0A: bytes.append(contentsOf: "\\n".utf8)
      case 0x0D: bytes.append(contentsOf: "\\r".utf8)
      case 0x09: bytes.append(contentsOf: "\\t".utf8)
      case 0..<0x20, 0x7F...0x9F, 0x2028, 0x2029: escape(UInt16(truncatingIfNeeded: scalar.value))
      default: bytes.append(contentsOf: UTF8.encode(scalar).map(Array.init) ?? [])
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func escape(_ unit: UInt16) {
    let digits = Array("0123456789abcdef".utf8)
    bytes.append(contentsOf: "\\u".utf8)
    for shift in [12, 8, 4, 0] { bytes.append(digits[Int(unit >> UInt16(shift) & 0xF)]) }
  }
}
