import Model

/// When a step is sent: `token`, `!token`, `role == 'admin'`, `people.plan != free`, `status == 2xx`, `env DEBUG`, `50%`.
enum ConditionText {
  static let expected = "a condition such as token, '!token', \"role == 'admin'\", 'status == 200' or 50%"

  /// What the word of a condition stands for.
  enum Meaning {
    case subject(Condition.Subject)
    /// Of the last reply.
    case status
    /// Known when the plan is read.
    case text(String)
  }

  /// - Parameter meaning: what may be asked here, by its name.
  static func read(
    _ text: String, meaning: (String) throws(ValueError) -> Meaning
  ) throws(ValueError) -> Condition {
    let line = HeaderText.trim(text)
    let signs = [("==", true), ("!=", false)].compactMap { sign in line.range(ofText: sign.0).map { ($0, sign.1) } }
    if let (place, equals) = signs.min(by: { $0.0.lowerBound < $1.0.lowerBound }) {
      let left = try meaning(HeaderText.trim(line[..<place.lowerBound]))
      return try compared(left, equals, CheckText.unquoted(HeaderText.trim(line[place.upperBound...])))
    }
    if line.hasSuffix("%") { return try chance(line) }
    if line.isEmpty { throw ValueError(found: "nothing", expected: expected) }
    let isNegated = line.hasPrefix("!")
    switch try meaning(isNegated ? HeaderText.trim(line.dropFirst()) : line) {
    case .subject(let subject): return isNegated ? .lacks(subject) : .has(subject)
    case .status: return .status(Condition.anyStatus, isIn: !isNegated)
    case .text(let text): return certain(text.isEmpty == isNegated)
    }
  }

  private static func compared(
    _ left: Meaning, _ equals: Bool, _ right: String
  ) throws(ValueError) -> Condition {
    switch left {
    case .subject(let subject): return equals ? .equals(subject, text: right) : .differs(subject, text: right)
    case .text(let text): return certain((text == right) == equals)
    case .status:
      guard let range = StatusRange.range(of: right) else {
        throw ValueError(found: CheckText.quoted(right), expected: StatusRange.expected)
      }
      return .status(range, isIn: equals)
    }
  }

  /// What is decided when the plan is read holds always, or never.
  private static func certain(_ holds: Bool) -> Condition { .chance(millionths: holds ? 1_000_000 : 0) }

  private static func chance(_ text: String) throws(ValueError) -> Condition {
    let share = try Percentage(text: text)
    if share.billionths % 1_000 == 0 { return .chance(millionths: Int(share.billionths / 1_000)) }
    throw ValueError(found: CheckText.quoted(text), expected: "a percentage of at most four decimals")
  }

  /// The text that reads back as the condition.
  static func text(_ condition: Condition, _ names: TemplateNames) -> String {
    func name(_ subject: Condition.Subject) -> String {
      switch subject {
      case .variable(let variable): names.text(.variable(variable))
      case .column(let feed, let column): names.text(.column(feed: feed, column: column))
      }
    }
    switch condition {
    case .has(let subject): return name(subject)
    case .lacks(let subject): return "!" + name(subject)
    case .equals(let subject, let text): return "\(name(subject)) == '\(text)'"
    case .differs(let subject, let text): return "\(name(subject)) != '\(text)'"
    case .status(Condition.anyStatus, let isIn): return isIn ? "status" : "!status"
    case .status(let range, let isIn): return "status \(isIn ? "==" : "!=") \(StatusRange.text(range))"
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
