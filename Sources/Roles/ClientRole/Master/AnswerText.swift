import HTTPClient
import Model

/// An answer for standard output.
enum AnswerText {
  /// As it came, ending in a line end; the caller has read it as JSON.
  static func whole(_ reply: Reply) -> String {
    let text = safe(reply.body)
    return text.hasSuffix("\n") ? text : text + "\n"
  }

  /// On one line.
  static func line(_ bytes: [UInt8]) -> String {
    safe(bytes).replacing("\n", with: " ") + "\n"
  }

  /// The same JSON, with what could command a terminal written as `\uXXXX`: it can only stand in strings.
  private static func safe(_ bytes: [UInt8]) -> String {
    let text = String(decoding: bytes, as: UTF8.self)
    if bytes.allSatisfy({ (0x20...0x7E).contains($0) || $0 == 0x0A }) { return text }
    var safe = ""
    for scalar in text.unicodeScalars {
      if scalar == "\n" || scalar == "\t" {
        safe.unicodeScalars.append(scalar)
      } else if scalar == "\r" {
        continue
      } else if String(scalar).harmless == String(scalar) {
        safe.unicodeScalars.append(scalar)
      } else {
        for unit in UTF16.encode(scalar) ?? .init() { safe += "\\u" + hexadecimal(unit) }
      }
    }
    return safe
  }

  private static func hexadecimal(_ unit: UInt16) -> String {
    let digits = String(unit, radix: 16)
    return String(repeating: "0", count: 4 - digits.count) + digits
  }
}
