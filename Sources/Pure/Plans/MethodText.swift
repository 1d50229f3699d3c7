import Model

/// Request methods as people write them.
public enum MethodText {
  static let known: Set<String> = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"]

  /// Checks a method: a token, kept as it is; `get` is refused, as servers tell it from GET; CONNECT opens tunnels.
  public static func read(_ text: String) throws(ValueError) -> String {
    let found = text.isEmpty ? "nothing" : "'\(text)'"
    if text.isEmpty || text.utf8.count > 32 || !text.utf8.allSatisfy(isTokenByte) {
      throw ValueError(found: found, expected: "a method such as GET")
    }
    let upper = text.uppercased()
    if upper == "CONNECT" { throw ValueError(found: found, expected: "another method: tunnels are not opened") }
    if upper != text, known.contains(upper) { throw ValueError(found: found, expected: "\(upper) in capitals") }
    return text
  }

  /// Whether a byte may stand in a token (RFC 9110, 5.6.2).
  static func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x5E...0x60, 0x7C, 0x7E: true
    default: false
    }
  }
}
