import Model

/// A parameter of a statement, in PostgreSQL's text form; nil is NULL.
public struct PostgresValue: Sendable, ExpressibleByStringLiteral, ExpressibleByNilLiteral {
  public let text: String?

  public init(_ text: String?) { self.text = text }
  public init(stringLiteral text: String) { self.text = text }
  public init(nilLiteral: ()) { text = nil }
  public init(_ number: some BinaryInteger) { text = String(number) }
  public init(_ truth: Bool) { text = truth ? "t" : "f" }
  public init(_ id: Identifier) { text = id.description }

  /// Bytes as the text form of bytea, `\x…`.
  public init(bytes: some Sequence<UInt8>) {
    var hex: [UInt8] = Array("\\x".utf8)
    for byte in bytes {
      for digit in [byte >> 4, byte & 15] { hex.append(digit < 10 ? 0x30 + digit : 0x57 + digit) }
    }
    text = String(decoding: hex, as: UTF8.self)
  }

  /// An array of one dimension, `{"a",NULL}`.
  public init(array values: some Sequence<PostgresValue>) {
    var bytes: [UInt8] = [UInt8(ascii: "{")]
    for value in values {
      if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
      guard let text = value.text else {
        bytes += "NULL".utf8
        continue
      }
      bytes.append(UInt8(ascii: "\""))
      for byte in text.utf8 {
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { bytes.append(UInt8(ascii: "\\")) }
        bytes.append(byte)
      }
      bytes.append(UInt8(ascii: "\""))
    }
    bytes.append(UInt8(ascii: "}"))
    text = String(decoding: bytes, as: UTF8.self)
  }
}
