extension TargetURL {
  /// The URL as it is shown and stored beside results: values of its query whose names tell of a secret are masked.
  public var shown: String { TargetURL.shown(description) }

  /// The same for a text that may be a URL; without a query it is left as it is.
  public static func shown(_ text: String) -> String {
    let end = text.firstIndex(of: "#") ?? text.endIndex
    guard let mark = text[..<end].firstIndex(of: "?") else { return text }
    var result = String(text[...mark])
    var rest = text[text.index(after: mark)..<end]
    while !rest.isEmpty {
      let field = rest.prefix { $0 != "&" && $0 != ";" }
      if let equal = field.firstIndex(of: "="), equal < field.index(before: field.endIndex), isSecret(field[..<equal]) {
        result += field[...equal] + SecretName.mask
      } else {
        result += field
      }
      rest = rest[field.endIndex...]
      result += rest.prefix(1)
      rest = rest.dropFirst()
    }
    return result + text[end...]
  }

  /// In a query a plain `key` is one, too (`?key=…`); letters may be percent-encoded.
  private static func isSecret(_ name: Substring) -> Bool {
    var bytes: [UInt8] = []
    var rest = Array(name.utf8)[...]
    while let byte = rest.popFirst() {
      let digits = rest.prefix(2).compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
      guard byte == UInt8(ascii: "%"), digits.count == 2 else {
        bytes.append(byte)
        continue
      }
      bytes.append(UInt8(truncatingIfNeeded: digits[0] << 4 | digits[1]))
      rest = rest.dropFirst(2)
    }
    let plain = String(decoding: bytes, as: UTF8.self)
    return plain.lowercased() == "key" || SecretName.matches(plain)
  }
}
