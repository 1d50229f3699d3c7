import Model

/// Takes secrets out of text that is logged, stored or shown.
///
/// Masked are: values of headers and fields whose names tell of a secret (`Authorization: …`, `password=…`,
/// `"token": "…"`), words after `Bearer` and `Basic`, and user information in URLs.
public enum Redaction {
  public static let mask = SecretName.mask

  /// Whether a header, field, query parameter or variable of that name holds a secret.
  public static func isSecret(_ name: some StringProtocol) -> Bool { SecretName.matches(name) }

  /// The value, or the mask where its name tells of a secret.
  public static func masked(value: String, of name: String) -> String {
    if value.isEmpty { return value }
    return isSecret(name) ? mask : masked(value)
  }

  /// The text with every secret in it masked. Linear in the text's length.
  public static func masked(_ text: String) -> String {
    let bytes = Array(text.utf8)
    // Most lines hold none of these and go as they are.
    guard bytes.contains(where: { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: " ") })
    else { return text }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      if let end = userInformationEnd(bytes, at: index) {
        result += "://\(mask)@".utf8
        index = end
        continue
      }
      guard isWord(bytes[index]) else {
        result.append(bytes[index])
        index += 1
        continue
      }
      var end = index
      while end < bytes.count, isWord(bytes[end]) { end += 1 }
      let word = String(decoding: bytes[index..<end], as: UTF8.self)
      result += bytes[index..<end]
      index = end
      guard let value = secretRange(bytes, after: end, word: word) else { continue }
      result += bytes[end..<value.lowerBound]
      result += mask.utf8
      index = value.upperBound
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Where `://user:password@` that begins here ends.
  private static func userInformationEnd(_ bytes: [UInt8], at index: Int) -> Int? {
    guard bytes[index...].starts(with: "://".utf8) else { return nil }
    var at: Int?
    var place = index + 3
    while place < bytes.count, bytes[place] > 0x20, !"/?#\"'<>".utf8.contains(bytes[place]) {
      if bytes[place] == UInt8(ascii: "@") { at = place + 1 }
      place += 1
    }
    return at
  }

  /// The bytes of the secret that the word announces, if it does.
  private static func secretRange(_ bytes: [UInt8], after end: Int, word: String) -> Range<Int>? {
    let lower = word.lowercased()
    if lower == "bearer" || lower == "basic" {
      guard end < bytes.count, bytes[end] == 0x20 else { return nil }
      let value = valueRange(bytes, from: end, toLineEnd: false)
      return value.isEmpty ? nil : value
    }
    guard isSecret(word) else { return nil }
    var place = end
    // "name" : "value" — the quote that closes the name.
    if place < bytes.count, bytes[place] == 0x22 || bytes[place] == 0x27 { place += 1 }
    while place < bytes.count, bytes[place] == 0x20 { place += 1 }
    guard place < bytes.count, ":=".utf8.contains(bytes[place]) else { return nil }
    let isHeader = bytes[place] == UInt8(ascii: ":") && (lower.contains("authorization") || lower.contains("cookie"))
    let value = valueRange(bytes, from: place + 1, toLineEnd: isHeader)
    return value.isEmpty ? nil : value
  }

  /// From the first byte that is no blank: the quoted text, the rest of the line, or up to a separator.
  private static func valueRange(_ bytes: [UInt8], from start: Int, toLineEnd: Bool) -> Range<Int> {
    var start = start
    while start < bytes.count, bytes[start] == 0x20 { start += 1 }
    guard start < bytes.count else { return start..<start }
    let quote = bytes[start]
    if quote == 0x22 || quote == 0x27 {
      var end = start + 1
      while end < bytes.count, bytes[end] != quote { end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1 }
      return (start + 1)..<max(start + 1, min(end, bytes.count))
    }
    let stops = toLineEnd ? "\r\n\"'" : " \t\r\n&;,\"'})]"
    var end = start
    while end < bytes.count, !stops.utf8.contains(bytes[end]) { end += 1 }
    return start..<end
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
      || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte >= 0x80
  }
}
