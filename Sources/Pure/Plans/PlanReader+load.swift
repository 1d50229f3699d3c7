import JSONScan
import Model

/// Reads how much load a plan names: `rate` or `users`, `shape`, `stages`, `spacing` and the bounds.
struct LoadReader {
  var load = LoadChoice()
  private let fields: [String: (node: Node, field: String)]

  init(_ fields: [String: (node: Node, field: String)]) {
    self.fields = fields
  }

  mutating func read(_ reading: inout Reading) {
    if let (node, field) = fields["rate"] { load.rate = reading.shape(node, field, of: .arrivals) }
    if let (node, field) = fields["duration"] { load.duration = reading.span(node, field) }
    if let (node, field) = fields["requests"] { load.requests = reading.unsigned(node, field, from: 1) }
    for word in ["users", "concurrency"] {
      guard let (node, field) = fields[word] else { continue }
      load.users = reading.shape(node, field, of: .users)
    }
    if let (_, _) = fields["users"], let (node, field) = fields["concurrency"] {
      reading.wrong(node.place, field, "it means the same as users; expected one of them")
    } else if fields["rate"] != nil, let (node, field) = fields["users"] ?? fields["concurrency"] {
      reading.wrong(node.place, field, "rate and \(field) can't be combined: \(LoadChoice.rateOrUsers)")
    }
    if let (node, field) = fields["spacing"], let text = reading.text(node, field) {
      load.spacing = Spacing(rawValue: text)
      if load.spacing == nil { reading.wrong(node, field, found: "'\(Node.cut(text))'", expected: "even or poisson") }
    }
    if let (node, field) = fields["shape"] { pattern(node, field, &reading) }
    if let (node, field) = fields["stages"] { stages(node, field, &reading) }
  }

  /// `shape: {pattern: ramp, ramp_to: 500/s}`.
  private mutating func pattern(_ node: Node, _ field: String, _ reading: inout Reading) {
    guard let members = reading.members(of: node, field, PatternChoice.fields) else { return }
    func level(_ word: String, _ reading: inout Reading) -> String? {
      members[word].flatMap { $0.number ?? reading.text($0, "\(field).\(word)") }
    }
    if let node = members["pattern"], let text = reading.text(node, "\(field).pattern") {
      load.pattern.kind = PatternChoice.Kind(rawValue: text)
      if load.pattern.kind == nil {
        let kinds = PatternChoice.Kind.allCases.map(\.rawValue)
        reading.wrong(
          node, "\(field).pattern", found: "'\(Node.cut(text))'",
          expected: "one of \(kinds.joined(separator: ", "))" + Suggestion.clause(for: text, among: kinds))
      }
    }
    load.pattern.rampTo = level("ramp_to", &reading)
    load.pattern.stepSize = level("step_size", &reading)
    load.pattern.peak = level("peak", &reading)
    if let node = members["step_duration"] { load.pattern.stepDuration = reading.span(node, "\(field).step_duration") }
    if let node = members["period"] { load.pattern.period = reading.span(node, "\(field).period") }
    load.pattern.spots = members.reduce(into: [:]) { spots, member in
      let path = "\(field).\(member.key)"
      spots[member.key] = PlanSpot(file: reading.file, place: member.value.place, field: path)
    }
    load.pattern.spots[""] = PlanSpot(file: reading.file, place: node.place, field: field)
  }

  /// k6's way to say it: each stage goes straight to its target, from the rate or users before it, zero at first.
  private mutating func stages(_ node: Node, _ field: String, _ reading: inout Reading) {
    guard let items = node.items, !items.isEmpty else {
      reading.wrong(node, field, expected: "a list of stages such as {duration: 30s, target: 100}")
      return
    }
    if let (_, other) = fields["shape"] {
      reading.wrong(node.place, field, "\(other) and stages can't be combined; expected one of them")
      return
    }
    let measure = load.rate == nil ? Shape.Measure.users : .arrivals
    let start = load.rate ?? load.users
    guard var level = start.map({ $0.constant }) ?? .zero else {
      reading.wrong(node.place, field, "the rate or users beside it has a shape of its own; expected one level")
      return
    }
    var parts: [Shape.Part] = []
    for (index, item) in items.enumerated() {
      let path = "\(field)[\(index)]"
      guard let members = reading.members(of: item, path, ["duration", "target", "name"]) else { continue }
      guard let time = members["duration"], let target = members["target"] else {
        reading.wrong(item.place, path, "found no \(members["target"] == nil ? "target" : "duration"), expected both")
        continue
      }
      guard let span = reading.span(time, "\(path).duration", zero: true),
        let next = reading.level(target, "\(path).target", of: measure)
      else { continue }
      let name = members["name"].flatMap { reading.partName($0, "\(path).name") } ?? ""
      if span > .zero {
        parts.append(Shape.Part(name: name, level == next ? .constant(next) : .line(from: level, to: next), for: span))
      }
      level = next
    }
    do throws(ValueError) {
      let shape = try Shape(checking: parts, measure)
      if measure == .users { load.users = shape } else { load.rate = shape }
    } catch { reading.wrong(node.place, field, "\(error)") }
  }
}

extension Reading {
  /// The fields of a mapping by name, without those that are null.
  mutating func members(of node: Node, _ path: String, _ known: [String]) -> [String: Node]? {
    guard let members = node.members else {
      wrong(node, path, expected: "a mapping with \(known.prefix(3).joined(separator: ", ")), …")
      return nil
    }
    refuseEqualKeys(members, path)
    var fields: [String: Node] = [:]
    for member in members {
      if known.contains(member.key) {
        if !member.node.isNull { fields[member.key] = member.node }
      } else {
        let hint = Suggestion.nearest(to: member.key, among: known).map { "did you mean '\($0)'?" }
        wrong(
          member.keyPlace, "\(path).\(Node.cut(member.key))",
          "unknown field; \(hint ?? "expected one of \(known.joined(separator: ", "))")")
      }
    }
    return fields
  }

  /// A rate or users over time: a text, or a list of its parts.
  mutating func shape(_ node: Node, _ field: String, of measure: Shape.Measure) -> Shape? {
    if let items = node.items {
      var texts: [String] = []
      for (index, item) in items.enumerated() {
        guard let text = item.number ?? self.text(item, "\(field)[\(index)]") else { return nil }
        texts.append(text)
      }
      // One part alone is a part, too: not a rate in its time.
      return shape(texts.count == 1 ? texts[0] + "," : texts.joined(separator: ","), node, field, measure)
    }
    if measure == .users {
      guard let text = node.text, text.contains("..") || text.utf8.contains(where: { "/,~=".utf8.contains($0) }) else {
        return whole(node, field, to: LoadChoice.mostUsers).map { Shape(users: $0) }
      }
      return shape(text, node, field, measure)
    }
    guard let text = node.text,
      text.contains(",") || text.contains("..") || text.contains("~") || text.contains("=")
        || text.split(separator: "/").count > 2
    else { return rate(node, field).map { Shape($0) } }
    return shape(text, node, field, measure)
  }

  private mutating func shape(_ text: String, _ node: Node, _ field: String, _ measure: Shape.Measure) -> Shape? {
    do throws(ValueError) { return try Shape(text: text, of: measure) } catch {
      wrong(node, field, found: node.items == nil ? error.found : "'\(Node.cut(text))'", expected: error.expected)
      return nil
    }
  }

  mutating func level(_ node: Node, _ field: String, of measure: Shape.Measure) -> Shape.Level? {
    guard let text = node.number ?? node.text else {
      wrong(node, field, expected: measure == .users ? "a number of users such as 100" : "a rate such as 500/s")
      return nil
    }
    do throws(ValueError) { return try Shape.Level(text: text, of: measure) } catch {
      wrong(node, field, found: error.found, expected: error.expected)
      return nil
    }
  }

  mutating func partName(_ node: Node, _ field: String) -> String? {
    guard let text = text(node, field) else { return nil }
    if Shape.Part.isName(text) { return text }
    wrong(node, field, found: "'\(Node.cut(text))'", expected: Shape.Part.nameExpected)
    return nil
  }
}
