import JSONScan
import Model

/// The reading of one text: gathers what is wrong with it, so that a user sees all of it at once.
struct Reading {
  let file: String
  private(set) var errors: [Diagnostic] = []
  private(set) var warnings: [Diagnostic] = []
  /// Texts as they stood before variables were put in; messages quote these, so that no secret is shown.
  var originals: [Place: String] = [:]

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
    if let text = node.text { return text }
    let quoted = node.number != nil || node.bool != nil
    wrong(node, field, expected: quoted ? expected + " (in quotes)" : expected)
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

  /// A mapping from names to a value or to a list of them; or, where order matters, a list of mappings or of lines.
  mutating func headers(_ node: Node, _ field: String) -> [Header] {
    guard let items = node.items else { return headerMapping(node, field) }
    var headers: [Header] = []
    for (index, item) in items.enumerated() {
      let path = "\(field)[\(index)]"
      guard let text = item.text else {
        headers += headerMapping(item, path)
        continue
      }
      do throws(ValueError) { headers.append(try HeaderText.line(text)) } catch {
        wrong(item.place, path, error.description)
      }
    }
    return headers
  }

  private mutating func headerMapping(_ node: Node, _ field: String) -> [Header] {
    guard let members = node.members else {
      wrong(node, field, expected: "a mapping such as Accept: text/html")
      return []
    }
    refuseEqualKeys(members, field)
    var headers: [Header] = []
    for member in members {
      let path = "\(field).\(Node.cut(member.key))"
      for value in member.node.items ?? [member.node] {
        guard let text = value.isNull ? "" : text(value, path) else { continue }
        do throws(ValueError) {
          headers.append(try HeaderText.header(name: member.key, value: text))
        } catch {
          wrong(member.keyPlace, path, error.description)
        }
      }
    }
    return headers
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
