import JSONScan
import Model

/// Reads `capture:`: a mapping from variables to where their values are taken from.
struct CaptureReader {
  let scope: TemplateScope

  static let kinds = ["json", "header", "regex", "cookie"]
  static let fields = kinds + ["group", "default"]
  static let expected = "where it is: $.token, 'header X-Id', 'cookie SID' or \"regex 'id=(\\d+)'\""

  func read(_ node: Node, _ field: String, _ reading: inout Reading) -> [Capture] {
    guard let members = node.members else {
      reading.wrong(node, field, expected: "a mapping such as token: $.token")
      return []
    }
    reading.refuseEqualKeys(members, field)
    return members.compactMap { member in
      let path = "\(field).\(Node.cut(member.key))"
      guard let variable = scope.variables.firstIndex(of: member.key), TemplateScope.isName(member.key) else {
        reading.wrong(
          member.keyPlace, path,
          "found the variable \(CheckText.quoted(member.key)), expected \(TemplateScope.nameExpected)")
        return nil
      }
      return capture(variable, member.node, path, &reading)
    }
  }

  private func capture(_ variable: Int, _ node: Node, _ field: String, _ reading: inout Reading) -> Capture? {
    if node.members == nil {
      guard let text = reading.text(node, field, expected: CaptureReader.expected) else { return nil }
      return attempt(node, field, &reading) { () throws(ValueError) in
        Capture(variable: variable, source: try CaptureReader.source(text))
      }
    }
    let fields = reading.fields(of: node, field, CaptureReader.fields)
    var fallback: String?
    if let node = fields["default"] {
      guard let text = node.number ?? node.bool.map({ "\($0)" }) ?? reading.text(node, field + ".default") else {
        return nil
      }
      fallback = text
    }
    let kinds = CaptureReader.kinds.filter { fields[$0] != nil }
    guard kinds.count == 1, let value = fields[kinds[0]] else {
      let words = CaptureReader.kinds.joined(separator: ", ")
      reading.wrong(
        node.place, field, "found \(kinds.isEmpty ? "none" : "several") of \(words), expected one of them")
      return nil
    }
    guard let text = reading.text(value, "\(field).\(kinds[0])") else { return nil }
    var group: Int?
    if let node = fields["group"] { group = reading.whole(node, field + ".group", from: 0, to: 99) }
    if kinds[0] != "regex", let node = fields["group"] {
      reading.wrong(node.place, field + ".group", "only a regex has groups")
    }
    return attempt(value, "\(field).\(kinds[0])", &reading) { () throws(ValueError) in
      Capture(
        variable: variable, source: try CaptureReader.source(kinds[0], text, group: group), fallback: fallback)
    }
  }

  private func attempt(
    _ node: Node, _ field: String, _ reading: inout Reading, _ body: () throws(ValueError) -> Capture
  ) -> Capture? {
    do throws(ValueError) {
      let capture = try body()
      if case .regex(let text, let group) = capture.source { try reading.aids.pattern?(text, group) }
      return capture
    } catch {
      reading.wrong(node, field, found: error.found, expected: error.expected)
      return nil
    }
  }

  /// `$.token`, `json token`, `header X-Id`, `cookie SID`, `regex 'id=(\d+)'`.
  static func source(_ text: String) throws(ValueError) -> Capture.Source {
    let line = HeaderText.trim(text)
    if line.hasPrefix("$") { return .json(try JSONPathText.read(line)) }
    let word = String(line.prefix { $0 != " " && $0 != "\t" })
    guard kinds.contains(word) else {
      let hint = Suggestion.clause(for: word, among: kinds)
      throw ValueError(found: CheckText.quoted(line), expected: expected + hint)
    }
    return try source(word, CheckText.unquoted(HeaderText.trim(line.dropFirst(word.count))), group: nil)
  }

  private static func source(_ kind: String, _ text: String, group: Int?) throws(ValueError) -> Capture.Source {
    switch kind {
    case "json": return .json(try JSONPathText.read(text))
    case "header": return .header(try CheckText.header(text))
    case "cookie":
      if text.isEmpty || !text.utf8.allSatisfy(MethodText.isTokenByte) {
        throw ValueError(found: CheckText.quoted(text), expected: "a cookie's name")
      }
      return .cookie(text)
    case _:
      if text.isEmpty { throw ValueError(found: "nothing", expected: "a regular expression") }
      return .regex(text, group: group ?? (hasGroup(text) ? 1 : 0))
    }
  }

  /// Whether an expression has a group that captures.
  static func hasGroup(_ expression: String) -> Bool {
    var isEscaped = false
    var isClass = false
    let bytes = Array(expression.utf8)
    for (index, byte) in bytes.enumerated() {
      if isEscaped {
        isEscaped = false
        continue
      }
      switch byte {
      case UInt8(ascii: "\\"): isEscaped = true
      case UInt8(ascii: "["): isClass = true
      case UInt8(ascii: "]"): isClass = false
      case UInt8(ascii: "(") where !isClass:
        let rest = bytes[(index + 1)...]
        if rest.first != UInt8(ascii: "?") && rest.first != UInt8(ascii: "*") { return true }
        let name = rest.dropFirst()
        let isNamed =
          name.starts(with: "P<".utf8) || name.starts(with: "'".utf8)
          || name.starts(with: "<".utf8) && !name.starts(with: "<=".utf8) && !name.starts(with: "<!".utf8)
        if isNamed { return true }
      case _: break
      }
    }
    return false
  }
}
