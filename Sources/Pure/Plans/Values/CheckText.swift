import JSONScan
import Model

/// Checks as people write them: `status 200..299`, `header content-type contains json`, `json $.id exists`, `time < 250ms`.
enum CheckText {
  static let kinds = ["status", "header", "body", "json", "size", "time"]
  static let expected =
    "a check such as 'status 200', 'header content-type contains json', 'body contains ok', 'json $.id exists', "
    + "'size <= 10KiB' or 'time < 250ms'"

  static func read(_ text: String) throws(ValueError) -> Check.Rule {
    let line = HeaderText.trim(text)
    if line.hasPrefix("$") { return try json(line) }
    let word = String(line.prefix { $0 != " " && $0 != "\t" })
    guard kinds.contains(word.lowercased()) else {
      let hint = Suggestion.clause(for: word, among: kinds)
      throw ValueError(found: line.isEmpty ? "nothing" : "'\(Node.cut(line))'", expected: expected + hint)
    }
    return try rule(word.lowercased(), HeaderText.trim(line.dropFirst(word.count)))
  }

  /// A check whose first word was taken off already.
  static func rule(_ kind: String, _ rest: String) throws(ValueError) -> Check.Rule {
    switch kind {
    case "status":
      let bare = rest.hasPrefix("==") ? HeaderText.trim(rest.dropFirst(2)) : rest
      let range = bare.split(separator: "..", maxSplits: 1).map(String.init)
      guard let statuses = StatusRange.range(of: range.count == 2 ? "\(range[0])-\(range[1])" : bare) else {
        throw ValueError(found: quoted(rest), expected: "a status such as 200, or a range such as 200..299 or 2xx")
      }
      return .status(statuses)
    case "header":
      let name = String(rest.prefix { $0 != " " && $0 != "\t" })
      return .header(try header(name), try match(HeaderText.trim(rest.dropFirst(name.count))))
    case "body": return .body(try match(rest))
    case "json": return try json(rest)
    case "size": return .size(try SizeText.range(rest))
    case _: return .time(try time(rest))
    }
  }

  static func header(_ name: String) throws(ValueError) -> String {
    if !name.isEmpty, name.utf8.allSatisfy(MethodText.isTokenByte) { return name }
    throw ValueError(found: quoted(name), expected: "a header's name")
  }

  private static func json(_ text: String) throws(ValueError) -> Check.Rule {
    let (path, rest) = JSONPathText.split(text)
    return .json(try JSONPathText.read(path), try match(rest))
  }

  /// What is asked of a header, the body or a value; nothing asks that it is there.
  static func match(_ text: String) throws(ValueError) -> Check.Match {
    let word = String(text.prefix { $0 != " " && $0 != "\t" })
    let value = unquoted(HeaderText.trim(text.dropFirst(word.count)))
    switch word.lowercased() {
    case "", "exists":
      if value.isEmpty { return .exists }
    case "missing":
      if value.isEmpty { return .missing }
    case "==", "=", "equals", "is": return .equals(value)
    case "contains":
      if !value.isEmpty { return .contains(value) }
    case "matches", "=~", "~":
      if !value.isEmpty { return .matches(value) }
    case _: break
    }
    throw ValueError(
      found: quoted(text), expected: "exists, missing, == TEXT, contains TEXT or matches REGEX")
  }

  private static func time(_ text: String) throws(ValueError) -> TimeSpan {
    let isBelow = text.hasPrefix("<") && !text.hasPrefix("<=")
    let bare = HeaderText.trim(text.drop { $0 == "<" || $0 == "=" })
    let span = try TimeSpan(text: bare)
    if text.hasPrefix(">") || span <= .zero {
      throw ValueError(found: quoted(text), expected: "a limit such as < 250ms")
    }
    return isBelow ? TimeSpan(nanoseconds: span.nanoseconds - 1) : span
  }

  static func unquoted(_ text: String) -> String {
    guard text.utf8.count > 1, let quote = text.first, quote == "'" || quote == "\"", text.last == quote else {
      return text
    }
    return String(text.dropFirst().dropLast())
  }

  static func quoted(_ text: String) -> String { text.isEmpty ? "nothing" : "'\(Node.cut(text))'" }
}

/// Sizes of bodies: `512`, `10KiB`, `2MB`, and ranges of them.
enum SizeText {
  static let expected = "a size such as <= 10KiB, >= 1, == 0 or 1..10KiB"

  static func range(_ text: String) throws(ValueError) -> ClosedRange<UInt64> {
    let wrong = ValueError(found: CheckText.quoted(text), expected: expected)
    let ends = text.split(separator: "..", maxSplits: 1, omittingEmptySubsequences: false)
    if ends.count == 2 {
      guard let low = bytes(ends[0]), let high = bytes(ends[1]), low <= high else { throw wrong }
      return low...high
    }
    let sign = String(text.prefix { "<>=".contains($0) })
    guard let size = bytes(text.dropFirst(sign.count)) else { throw wrong }
    switch sign {
    case "<=": return 0...size
    case "<" where size > 0: return 0...(size - 1)
    case ">=": return size...UInt64.max
    case ">" where size < .max: return (size + 1)...UInt64.max
    case "", "=", "==": return size...size
    case _: throw wrong
    }
  }

  private static func bytes(_ text: some StringProtocol) -> UInt64? {
    let bare = HeaderText.trim(text)
    let digits = bare.prefix { $0.isASCII && $0.isNumber }
    let scale: UInt64? =
      switch HeaderText.trim(bare.dropFirst(digits.count)) {
      case "", "B": 1
      case "kB", "KB": 1_000
      case "KiB", "K": 1 << 10
      case "MB": 1_000_000
      case "MiB", "M": 1 << 20
      case "GB": 1_000_000_000
      case "GiB", "G": 1 << 30
      default: nil
      }
    guard let scale, let number = UInt64(digits) else { return nil }
    let (product, overflow) = number.multipliedReportingOverflow(by: scale)
    return overflow ? nil : product
  }
}
