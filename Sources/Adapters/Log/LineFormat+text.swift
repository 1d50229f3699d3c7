import Glibc

extension LineFormat {
  /// The line without its line end. Secrets are masked; control characters, which could forge lines, are escaped.
  func line(of line: LogWriter.Line) -> String {
    let message = Redaction.masked(line.message)
    let fields = line.fields.map { ($0.name, Redaction.masked(value: $0.value, of: $0.name)) }
    switch self {
    case .text:
      let start = "\(LineFormat.timestamp(line.time)) \(line.level.word)"
      let padding = String(repeating: " ", count: max(1, 9 - line.level.word.count))
      let tail = fields.map { " \($0.0)=\(LineFormat.word($0.1))" }.joined()
      return start + padding + LineFormat.escaped(message) + tail
    case .json:
      let all = [("time", LineFormat.timestamp(line.time)), ("level", line.level.word), ("message", message)] + fields
      return "{" + all.map { "\(LineFormat.quoted($0.0)):\(LineFormat.quoted($0.1))" }.joined(separator: ",") + "}"
    }
  }

  /// RFC 3339 in UTC with milliseconds.
  static func timestamp(_ nanoseconds: Int64) -> String {
    var seconds = time_t(nanoseconds / 1_000_000_000)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let milliseconds = String(1000 + nanoseconds / 1_000_000 % 1000).dropFirst()
    let date = "\(Int(parts.tm_year) + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
    return "\(date)T\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)).\(milliseconds)Z"
  }

  /// As it is, or quoted where blanks, quotes or equal signs would make it ambiguous.
  private static func word(_ text: String) -> String {
    let isPlain =
      !text.isEmpty && text.unicodeScalars.allSatisfy { !isControl($0) && !" \"=".unicodeScalars.contains($0) }
    return isPlain ? text : quoted(text)
  }

  private static func escaped(_ text: String) -> String {
    text.unicodeScalars.contains { isControl($0) } ? String(quoted(text).dropFirst().dropLast()) : text
  }

  /// C0, DEL, C1 and the line separators: what a terminal or a line reader would act upon.
  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.value == 0x2028 || scalar.value == 0x2029
  }

  /// A JSON string.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case let other where isControl(other):
        let hex = String(other.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      case let other: result.unicodeScalars.append(other)
      }
    }
    return result + "\""
  }
}
