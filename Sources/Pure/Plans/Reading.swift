import JSONScan
import Model

/// The reading of one text: gathers what is wrong with it, so that a user sees all of it at once.
struct Reading {
  let file: String
  private(set) var errors: [Diagnostic] = []
  private(set) var warnings: [Diagnostic] = []
  private(set) var fleetWarnings: [Diagnostic] = []
  /// Texts as they stood before variables were put in; messages quote these, so that no secret is shown.
  var originals: [Place: String] = [:]
  /// Texts with templates in them, taken apart.
  var templates: [Place: TextPieces] = [:]
  var aids = PlanAids()

  /// Values that are known to be wrong already; nothing more is said about them.
  private var refused: Set<Place> = []

  init(file: String) {
    self.file = file
  }

  mutating func wrong(_ place: Place?, _ field: String, _ message: String) {
    errors.append(Diagnostic(file: file, place: place, field: field, message: message))
  }

  mutating func wrong(_ node: Node, _ field: String, expected: String) {
    wrong(node, field, found: node.kind, expected: expected)
  }

  mutating func wrong(_ node: Node, _ field: String, found: String, expected: String) {
    let shown = originals[node.place].map { "'\(Node.cut($0))'" } ?? found
    if refused.contains(node.place) { return }
    wrong(node.place, field, "found \(shown), expected \(expected)")
  }

  /// Says what is wrong with a value, and nothing more about it later.
  mutating func refuse(_ node: Node, _ field: String, _ message: String) {
    wrong(node.place, field, message)
    refused.insert(node.place)
  }

  mutating func warn(_ place: Place?, _ field: String, _ message: String) {
    warnings.append(Diagnostic(file: file, place: place, field: field, message: message, isWarning: true))
  }

  /// The same, where it matters only if a master's workers run the plan.
  mutating func warnFleet(_ place: Place?, _ field: String, _ message: String) {
    fleetWarnings.append(Diagnostic(file: file, place: place, field: field, message: message, isWarning: true))
  }

  /// Throws what was found wrong, if anything.
  func finish() throws(PlanError) {
    if !errors.isEmpty { throw PlanError(errors) }
  }

  /// Targets of a list, counted and named.
  func named(_ targets: [Target], example: String) throws(PlanError) -> [Target] {
    if targets.isEmpty { throw PlanError(file: file, "found no target, expected \(example)") }
    if targets.count > Target.highestWeights {
      throw PlanError(file: file, "found \(targets.count) targets, expected at most \(Target.highestWeights)")
    }
    var named = targets
    TargetName.assign(to: &named)
    return named
  }
}

// Values of one field each: nil after an error was noted.
extension Reading {
  mutating func text(_ node: Node, _ field: String, expected: String = "text") -> String? {
    if let template = templates[node.place]?.templates.first, node.text != nil {
      refuse(
        node, field,
        "found the template '{{\(Node.cut(template))}}', expected fixed text: templates stand in paths, headers and "
          + "bodies")
      return nil
    }
    if let text = node.text { return text }
    let quoted = node.number != nil || node.bool != nil
    wrong(node, field, expected: quoted ? expected + " (in quotes)" : expected)
    return nil
  }

  /// A text that may hold templates.
  mutating func pieces(_ node: Node, _ field: String, expected: String = "text") -> TextPieces? {
    if let pieces = pieces(node) { return pieces }
    return text(node, field, expected: expected).map { TextPieces(fixed: $0) }
  }

  /// Nil where it is no text.
  func pieces(_ node: Node) -> TextPieces? {
    guard let text = node.text else { return nil }
    return templates[node.place] ?? TextPieces(fixed: text)
  }

  /// One of several words.
  mutating func choice(_ node: Node, _ field: String, _ words: [String]) -> String? {
    let expected = "one of \(words.joined(separator: ", "))"
    guard let text = text(node, field, expected: expected) else { return nil }
    if words.contains(text) { return text }
    wrong(node, field, expected: expected + Suggestion.clause(for: text, among: words))
    return nil
  }

  mutating func whole(_ node: Node, _ field: String, from least: Int = 1, to most: Int) -> Int? {
    guard let number = node.int, number >= least else {
      wrong(node, field, expected: "a whole number of at least \(least)")
      return nil
    }
    if number <= most { return number }
    wrong(node, field, expected: "at most \(most)")
    return nil
  }

  mutating func unsigned(_ node: Node, _ field: String, from least: UInt64) -> UInt64? {
    if let number = node.unsigned, number >= least { return number }
    wrong(node, field, expected: "a whole number of at least \(least)")
    return nil
  }

  mutating func bool(_ node: Node, _ field: String) -> Bool? {
    if let truth = node.bool { return truth }
    wrong(node, field, expected: "true or false")
    return nil
  }

  /// - Parameter bareUnit: what a number without a unit counts in; nil refuses it.
  mutating func span(
    _ node: Node, _ field: String, zero: Bool = false, bareUnit: TimeSpan? = nil
  ) -> TimeSpan? {
    guard let text = node.number ?? node.text else {
      wrong(node, field, expected: "a duration such as 10s, 250ms, 2m or 1h30m")
      return nil
    }
    do throws(ValueError) {
      let span = try TimeSpan(text: text, bareUnit: bareUnit)
      if span > .zero || zero { return span }
      wrong(node, field, expected: "more than zero")
    } catch {
      let bare = node.number != nil && !text.hasPrefix("-")
      wrong(node, field, expected: bare ? "a unit as well: \(text)s or \(text)ms" : error.expected)
    }
    return nil
  }

  mutating func rate(_ node: Node, _ field: String) -> Rate? {
    guard let text = node.number ?? node.text else {
      wrong(node, field, expected: "a rate above zero such as 500/s, 30000/m or 500")
      return nil
    }
    do throws(ValueError) { return try Rate(text: text) } catch {
      wrong(node, field, expected: error.expected)
      return nil
    }
  }

  mutating func method(_ node: Node, _ field: String) -> String? {
    guard let text = text(node, field, expected: "a method such as GET") else { return nil }
    do throws(ValueError) { return try MethodText.read(text) } catch {
      wrong(node, field, expected: error.expected)
      return nil
    }
  }

  mutating func blocks(_ node: Node, _ field: String) -> [TargetPolicy.Block] {
    var blocks: [TargetPolicy.Block] = []
    for (index, item) in (node.items ?? [node]).enumerated() {
      let itemField = node.items == nil ? field : "\(field)[\(index)]"
      guard let text = text(item, itemField, expected: "an address or a block such as 10.0.0.0/8") else { continue }
      do throws(ValueError) { blocks.append(try TargetPolicy.Block(text: text)) } catch {
        wrong(item, itemField, expected: error.expected)
      }
    }
    return blocks
  }

  mutating func refuseEqualKeys(_ members: [Node.Member], _ field: String) {
    var first: [String: Place] = [:]
    for member in members {
      if let place = first.updateValue(member.keyPlace, forKey: member.key) {
        first[member.key] = place
        let path = field.isEmpty ? member.key : "\(field).\(member.key)"
        wrong(member.keyPlace, path, "found the key a second time (first at \(place)), expected it once")
      }
    }
  }
}

// Mappings.
extension Reading {
  /// The fields of a mapping by name, without those that are null; says what is unknown, not there or given twice.
  mutating func fields(of node: Node, _ path: String, _ known: [String]) -> [String: Node] {
    guard let members = node.members else {
      wrong(node, path, expected: "a mapping with \(known.prefix(3).joined(separator: ", ")), …")
      return [:]
    }
    refuseEqualKeys(members, path)
    var fields: [String: Node] = [:]
    for member in members {
      let field = path.isEmpty ? member.key : "\(path).\(member.key)"
      if known.contains(member.key) {
        if !member.node.isNull { fields[member.key] = member.node }
      } else if let instead = PlanFields.otherwise(member.key, known) {
        wrong(member.keyPlace, field, instead)
      } else {
        let hint = Suggestion.nearest(to: member.key, among: known).map { "did you mean '\($0)'?" }
        let place = hint ?? PlanFields.home(of: member.key) ?? "expected one of \(known.joined(separator: ", "))"
        wrong(member.keyPlace, path.isEmpty ? Node.cut(member.key) : field, "unknown field; \(place)")
      }
    }
    return fields
  }
}
