import JSONScan
import Model

/// What the templates of a plan may name, and what each of them means.
struct TemplateScope: Sendable {
  var lists: [String] = []
  var feeds: [(name: String, columns: [String])] = []
  /// Lists and feeds that could not be read: that is said already, and what names them is not wrong besides.
  var broken: Set<String> = []
  /// All that are captured anywhere in the plan, in the order of their numbers.
  var variables: [String] = []
  /// Those that are captured before the place in question.
  var known: Set<Int> = []
  var environment: [String: String] = [:]

  /// What a template stands for.
  enum Meaning: Hashable {
    case source(Template.Source)
    /// A variable of the environment, known before anything is sent.
    case text(String)
  }

  static let helpers = ["randInt", "pick", "epochms", "userId", "uuid", "iteration", "env"]
  /// No bound of `randInt` is farther from zero.
  static let farthest: Int64 = 1_000_000_000_000_000_000

  /// Reads what stands between `{{` and `}}`.
  func meaning(of template: String) throws(ValueError) -> Meaning {
    let words = TemplateScope.words(template)
    let arguments = Array(words.dropFirst())
    switch words.first ?? "" {
    case "randInt": return .source(try randInt(arguments, template))
    case "pick": return .source(try pick(arguments, template))
    case "epochms": return try alone(.epochms, arguments, template)
    case "userId": return try alone(.userId, arguments, template)
    case "uuid": return try alone(.uuid, arguments, template)
    case "iteration": return try alone(.iteration, arguments, template)
    case "env":
      guard arguments.count == 1 else { throw wrong(template, "the name of a variable: {{env TOKEN}}") }
      guard let value = environment[arguments[0]] else {
        throw wrong(template, "a variable that is set: \(Node.cut(arguments[0])) is not")
      }
      return .text(value)
    case _: return .source(try named(template))
    }
  }

  /// Whether a template names a variable that is captured, but not before this place.
  func isEarly(_ template: String) -> Bool {
    variables.firstIndex(of: template).map { !known.contains($0) } ?? false
  }

  private func alone(
    _ source: Template.Source, _ arguments: [String], _ template: String
  ) throws(ValueError) -> Meaning {
    if arguments.isEmpty { return .source(source) }
    throw wrong(template, "nothing behind its name")
  }

  private func randInt(_ arguments: [String], _ template: String) throws(ValueError) -> Template.Source {
    let numbers = arguments.compactMap { Int64($0) }
    guard arguments.count == 2, numbers.count == 2 else {
      throw wrong(template, "two whole numbers: {{randInt 1 20}}")
    }
    if numbers[0] > numbers[1] { throw wrong(template, "the smaller number first") }
    if numbers[0] < -TemplateScope.farthest || numbers[1] > TemplateScope.farthest {
      throw wrong(template, "numbers up to \(TemplateScope.farthest)")
    }
    return .randInt(numbers[0]...numbers[1])
  }

  private func pick(_ arguments: [String], _ template: String) throws(ValueError) -> Template.Source {
    guard arguments.count == 1 else { throw wrong(template, "the name of a list: {{pick movies}}") }
    if let index = lists.firstIndex(of: arguments[0]) { return .pick(list: index) }
    // The plan is refused; any meaning will do.
    if broken.contains(arguments[0]) { return .epochms }
    let hint = Suggestion.clause(for: arguments[0], among: lists)
    let name = Node.cut(arguments[0])
    throw wrong(
      template,
      hint.isEmpty ? "a list of that name: 'lists: {\(name): [a, b]}', or --list \(name)=FILE" : "a list's name" + hint)
  }

  /// A column of a feed or a captured variable.
  private func named(_ template: String) throws(ValueError) -> Template.Source {
    if let dot = template.firstIndex(of: "."), let feed = feeds.firstIndex(where: { $0.name == template[..<dot] }) {
      let column = HeaderText.trim(template[template.index(after: dot)...])
      if let index = feeds[feed].columns.firstIndex(of: column) { return .column(feed: feed, column: index) }
      let hint = Suggestion.clause(for: column, among: feeds[feed].columns)
      let columns = feeds[feed].columns.prefix(8).joined(separator: ", ")
      throw wrong(template, "a column of \(feeds[feed].name): \(columns)\(hint)")
    }
    if broken.contains(String(template.prefix { $0 != "." })) { return .epochms }
    if let variable = variables.firstIndex(of: template) {
      if known.contains(variable) { return .variable(variable) }
      throw wrong(template, "a variable that 'setup:' or an earlier step of the same scenario captures")
    }
    if let feed = feeds.first(where: { $0.name == template }) {
      throw wrong(template, "one of its columns: {{\(feed.name).\(feed.columns.first ?? "column")}}")
    }
    let first = String(template.prefix { $0 != " " && $0 != "(" })
    let names = TemplateScope.helpers + variables + feeds.flatMap { feed in feed.columns.map { "\(feed.name).\($0)" } }
    if let near = Suggestion.nearest(to: first, among: names) {
      throw wrong(template, "a known name: did you mean '\(near)'?")
    }
    throw wrong(
      template, "\(TemplateScope.helpers.joined(separator: ", ")), FEED.COLUMN or a variable that a step captures")
  }

  private func wrong(_ template: String, _ expected: String) -> ValueError {
    ValueError(found: "the template '{{\(Node.cut(template))}}'", expected: expected)
  }

  /// Words between blanks; quotes around one are left away.
  private static func words(_ template: String) -> [String] {
    template.split { $0 == " " || $0 == "\t" }.map { word in
      let isQuoted = word.count > 1 && word.first == word.last && (word.first == "\"" || word.first == "'")
      return String(isQuoted ? word.dropFirst().dropLast() : word)
    }
  }

  /// Whether a text can name a list, a feed or a variable: letters, digits, `_` and `-`, no digit first, no helper's name.
  static func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, text.utf8.count <= 64, !helpers.contains(text) else { return false }
    let isLetter = { (byte: UInt8) in 0x41...0x5A ~= byte || 0x61...0x7A ~= byte || byte == 0x5F }
    return isLetter(first) && text.utf8.allSatisfy { isLetter($0) || 0x30...0x39 ~= $0 || $0 == UInt8(ascii: "-") }
  }

  static let nameExpected = "a name of letters, digits, '_' and '-' that is no template's own"
}
