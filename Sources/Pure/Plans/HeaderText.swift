import Model

/// Header lines as people write them, checked so that they can't end or split a request.
public enum HeaderText {
  /// Reads `Name: value`, as flags and target lists have it. Blanks around the value are dropped.
  public static func line(_ text: String) throws(ValueError) -> Header {
    guard let colon = text.firstIndex(of: ":"), colon != text.startIndex else {
      throw ValueError(found: "no header name", expected: "a header such as 'Accept: text/html'")
    }
    return try header(name: String(text[..<colon]), value: String(text[text.index(after: colon)...]))
  }

  /// Checks a name (a token, RFC 9110, 5.1) and a value (no control characters but tabs). Values are never quoted in
  /// messages, as they may be secrets.
  public static func header(name: String, value: String) throws(ValueError) -> Header {
    if name.isEmpty || !name.utf8.allSatisfy(MethodText.isTokenByte) {
      throw ValueError(
        found: name.isEmpty ? "nothing" : "'\(printable(name))'", expected: "a header name of letters, digits and -")
    }
    switch name.lowercased() {
    case "transfer-encoding":
      throw ValueError(found: name, expected: "no such header: bodies are sent with their length")
    case "content-length":
      throw ValueError(found: name, expected: "no such header: it is made from the body")
    case _: break
    }
    let trimmed = trim(value)
    if trimmed.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) {
      throw ValueError(found: "a control character in the value", expected: "one line of text")
    }
    return Header(name, trimmed)
  }

  /// Without blanks and tabs at both ends.
  static func trim(_ text: some StringProtocol) -> String {
    let bytes = Array(text.utf8)
    let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
    guard let start = bytes.firstIndex(where: { !isBlank($0) }), let end = bytes.lastIndex(where: { !isBlank($0) })
    else {
      return ""
    }
    return String(decoding: bytes[start...end], as: UTF8.self)
  }

  private static func printable(_ text: String) -> String {
    String(text.unicodeScalars.prefix(40).map { $0.value < 0x20 || $0.value == 0x7F ? "?" : Character($0) })
  }
}

extension [Header] {
  /// These, with those of `other` in place of the ones that bear the same name (in any case of letters).
  func replacing(with other: [Header]) -> [Header] {
    let names = Set(other.map { $0.name.lowercased() })
    return filter { !names.contains($0.name.lowercased()) } + other
  }

  func has(_ name: String) -> Bool { contains { $0.name.lowercased() == name } }
}
