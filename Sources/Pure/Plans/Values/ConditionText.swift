import JSONScan
import Model

/// When a step is sent: `token`, `!token`, `role == 'admin'`, `role != admin`, `50%`.
enum ConditionText {
  static let expected = "a condition such as token, '!token', \"role == 'admin'\" or 50%"

  /// - Parameter variable: the number of a variable that may be asked here.
  static func read(
    _ text: String, variable: (String) throws(ValueError) -> Int
  ) throws(ValueError) -> Condition {
    let line = HeaderText.trim(text)
    let signs = [("==", true), ("!=", false)].compactMap { sign in line.range(ofText: sign.0).map { ($0, sign.1) } }
    if let (place, equals) = signs.min(by: { $0.0.lowerBound < $1.0.lowerBound }) {
      let number = try variable(HeaderText.trim(line[..<place.lowerBound]))
      let value = CheckText.unquoted(HeaderText.trim(line[place.upperBound...]))
      return equals ? .equals(variable: number, text: value) : .differs(variable: number, text: value)
    }
    if line.hasSuffix("%") { return try chance(line) }
    if line.isEmpty { throw ValueError(found: "nothing", expected: expected) }
    if line.hasPrefix("!") { return .lacks(variable: try variable(HeaderText.trim(line.dropFirst()))) }
    return .has(variable: try variable(line))
  }

  private static func chance(_ text: String) throws(ValueError) -> Condition {
    let share = try Percentage(text: text)
    if share.billionths % 1_000 == 0 { return .chance(millionths: Int(share.billionths / 1_000)) }
    throw ValueError(found: CheckText.quoted(text), expected: "a percentage of at most four decimals")
  }

  /// The text that reads back as the condition.
  static func text(_ condition: Condition, _ names: [String]) -> String {
    func name(_ index: Int) -> String { names.indices.contains(index) ? names[index] : "" }
    switch condition {
    case .has(let variable): return name(variable)
    case .lacks(let variable): return "!" + name(variable)
    case .equals(let variable, let text): return "\(name(variable)) == '\(text)'"
    case .differs(let variable, let text): return "\(name(variable)) != '\(text)'"
    case .chance(let millionths):
      var rest = String(millionths % 10_000 + 10_000).dropFirst()
      while rest.last == "0" { rest = rest.dropLast() }
      return rest.isEmpty ? "\(millionths / 10_000)%" : "\(millionths / 10_000).\(rest)%"
    }
  }
}

extension String {
  /// The first place of another text, byte by byte.
  func range(ofText other: String) -> Range<String.Index>? {
    var start = utf8.startIndex
    while start < utf8.endIndex {
      if utf8[start...].starts(with: other.utf8) {
        return start..<utf8.index(start, offsetBy: other.utf8.count)
      }
      start = utf8.index(after: start)
    }
    return nil
  }
}
