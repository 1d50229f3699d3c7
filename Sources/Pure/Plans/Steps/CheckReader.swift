import JSONScan
import Model

/// Reads `checks:` (or `expect:`): a list of texts and mappings, or one mapping.
enum CheckReader {
  /// The most checks of one request.
  static let most = 64

  static let fields = ["name", "check"] + CheckText.kinds + matchers
  static let matchers = ["exists", "missing", "equals", "contains", "matches"]

  static func read(_ node: Node, _ field: String, _ reading: inout Reading) -> [Check] {
    if node.members != nil { return many(node, field, &reading) }
    if node.text != nil { return one(node, field, &reading) }
    guard let items = node.items else {
      reading.wrong(node, field, expected: "a list of checks such as 'json $.id exists'")
      return []
    }
    return items.enumerated().flatMap { index, item in
      let path = "\(field)[\(index)]"
      return item.members == nil ? one(item, path, &reading) : mapping(item, path, &reading)
    }
  }

  private static func one(_ node: Node, _ field: String, _ reading: inout Reading) -> [Check] {
    guard let text = reading.text(node, field, expected: "a check such as 'json $.id exists'") else { return [] }
    do throws(ValueError) {
      return [try checked(Check(name: name(text), rule: try CheckText.read(text)), reading)]
    } catch {
      reading.wrong(node, field, found: error.found, expected: error.expected)
      return []
    }
  }

  /// `expect: {status: 200, body: contains ok}`: each member a check.
  private static func many(_ node: Node, _ field: String, _ reading: inout Reading) -> [Check] {
    let fields = reading.fields(of: node, field, CheckReader.fields)
    if fields["check"] != nil || fields["name"] != nil || matchers.contains(where: { fields[$0] != nil }) {
      return mapping(node, field, &reading)
    }
    return CheckText.kinds.flatMap { kind -> [Check] in
      guard let value = fields[kind] else { return [] }
      return (value.items ?? [value]).flatMap { check(kind, $0, nil, "\(field).\(kind)", &reading) }
    }
  }

  /// One check with a name, or with its text in a field of its own.
  private static func mapping(_ node: Node, _ field: String, _ reading: inout Reading) -> [Check] {
    let fields = reading.fields(of: node, field, CheckReader.fields)
    var given: String?
    if let node = fields["name"], let text = reading.text(node, field + ".name") { given = name(text) }
    if let node = fields["check"] {
      return one(node, field + ".check", &reading).map { Check(name: given ?? $0.name, rule: $0.rule) }
    }
    let kinds = CheckText.kinds.filter { fields[$0] != nil }
    guard kinds.count == 1, let value = fields[kinds[0]] else {
      let found =
        kinds.isEmpty ? "none of \(CheckText.kinds.joined(separator: ", "))" : kinds.joined(separator: " and ")
      reading.wrong(node.place, field, "found \(found), expected one of them")
      return []
    }
    let asked = matchers.filter { fields[$0] != nil }
    guard let matcher = asked.first else { return check(kinds[0], value, given, "\(field).\(kinds[0])", &reading) }
    guard asked.count == 1, ["header", "body", "json"].contains(kinds[0]) else {
      reading.wrong(node.place, field, "found \(asked.joined(separator: " and ")), which can't stand here")
      return []
    }
    guard let match = match(matcher, fields[matcher], "\(field).\(matcher)", &reading) else { return [] }
    guard let text = kinds[0] == "body" ? "" : reading.text(value, "\(field).\(kinds[0])") else { return [] }
    do throws(ValueError) {
      let rule: Check.Rule =
        switch kinds[0] {
        case "header": .header(try CheckText.header(text), match)
        case "json": .json(try JSONPathText.read(text), match)
        default: .body(match)
        }
      return [try checked(Check(name: given ?? name("\(kinds[0]) \(text) \(matcher)"), rule: rule), reading)]
    } catch {
      reading.wrong(value, "\(field).\(kinds[0])", found: error.found, expected: error.expected)
      return []
    }
  }

  private static func match(
    _ word: String, _ node: Node?, _ field: String, _ reading: inout Reading
  ) -> Check.Match? {
    guard let node else { return nil }
    if word == "exists" || word == "missing" {
      guard let truth = reading.bool(node, field) else { return nil }
      return truth == (word == "exists") ? .exists : .missing
    }
    guard let text = node.number ?? node.bool.map({ "\($0)" }) ?? reading.text(node, field) else { return nil }
    switch word {
    case "equals": return .equals(text)
    case "contains": return .contains(text)
    case _: return .matches(text)
    }
  }

  private static func check(
    _ kind: String, _ node: Node, _ given: String?, _ field: String, _ reading: inout Reading
  ) -> [Check] {
    guard let text = node.number ?? reading.text(node, field) else { return [] }
    do throws(ValueError) {
      let rule = try CheckText.rule(kind, HeaderText.trim(text))
      return [try checked(Check(name: given ?? name("\(kind) \(text)"), rule: rule), reading)]
    } catch {
      reading.wrong(node, field, found: error.found, expected: error.expected)
      return []
    }
  }

  /// The check, if its regular expression is one.
  private static func checked(_ check: Check, _ reading: Reading) throws(ValueError) -> Check {
    switch check.rule {
    case .header(_, .matches(let text)), .body(.matches(let text)), .json(_, .matches(let text)):
      try reading.aids.pattern?(text, 0)
    case .status, .header, .body, .json, .size, .time: break
    }
    return check
  }

  /// A text as a name is shown: one line of bounded length.
  static func name(_ text: String) -> String {
    let line = HeaderText.trim(
      String(String.UnicodeScalarView(text.unicodeScalars.map { TargetText.isControl($0) ? " " : $0 })))
    return line.count > TargetName.longest ? String(line.prefix(TargetName.longest - 1)) + "…" : line
  }
}
