/// Which bytes RFC 9110 allows where.
enum Token {
  /// Whether it is one of the letters, digits and signs that methods and header names are made of.
  static func contains(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x5E...0x60, 0x7C, 0x7E: true
    default: false
    }
  }

  /// Whether it is a name: one or more of those.
  static func isName(_ bytes: some Collection<UInt8>) -> Bool { !bytes.isEmpty && bytes.allSatisfy(contains) }

  /// Whether a value may hold it: printable ASCII, blank, tab and everything from 0x80 on.
  static func isValueByte(_ byte: UInt8) -> Bool { byte >= 0x20 && byte != 0x7F || byte == 0x09 }

  /// Whether a request line's target may hold it: printable ASCII.
  static func isTargetByte(_ byte: UInt8) -> Bool { 0x21...0x7E ~= byte }
}
