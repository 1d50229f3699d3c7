import JSONScan
import Model

/// Reads the node tree of a YAML or JSON plan.
///
/// The format is `proto-free-schema/plan.schema.json`: `base_url`, `defaults`, `scenarios`, and how much load.
public struct PlanReader {
  private var reading: Reading
  private var document: PlanDocument
  private var baseURL: BaseURL?
  var defaults = ScenarioDefaults()

  /// What scenarios take that say nothing themselves.
  struct ScenarioDefaults {
    var method: String?
    var headers: [Header] = []
    var expectedStatus = Target.defaultExpectedStatus
  }

  /// Reads a plan.
  ///
  /// - Parameters:
  ///   - file: the name to use in messages.
  ///   - name: the plan's name where it has none of its own.
  ///   - environment: what `${NAME}` stands for.
  /// - Throws: `PlanError` with everything that is wrong with it.
  public static func read(
    _ root: Node, format: PlanDocument.Format, file: String, name: String, environment: [String: String]
  ) throws(PlanError) -> PlanDocument {
    if let items = root.items { throw scriptError(items, root, file) }
    guard root.members != nil else {
      throw PlanError(file: file, place: root.place, "found \(root.kind), expected a plan: a mapping with 'scenarios:'")
    }
    var reading = Reading(file: file)
    let filled = Interpolation(environment: environment).apply(to: root, field: "", &reading)
    var reader = PlanReader(
      reading: reading, document: PlanDocument(format: format, name: TargetText.runName(name), targets: []))
    reader.top(filled)
    try reader.reading.finish()
    reader.document.warnings = reader.reading.warnings
    return reader.document
  }

  private mutating func top(_ root: Node) {
    let fields = fields(of: root, "", PlanFields.top)
    if let node = fields["name"], let text = reading.text(node, "name") {
      if TargetText.isRunName(text) {
        document.name = text
      } else {
        reading.wrong(node, "name", expected: TargetText.runNameExpected)
      }
    }
    if let node = fields["base_url"] { baseURL = BaseURL.read(node, "base_url", &reading) }
    if let node = fields["seed"], let seed = reading.unsigned(node, "seed", from: 0) { document.seed = seed }
    var defaultFields: [String: Node] = [:]
    if let node = fields["defaults"] {
      defaultFields = self.fields(of: node, "defaults", PlanFields.defaults)
      if let node = defaultFields["method"] { defaults.method = reading.method(node, "defaults.method") }
      if let node = defaultFields["headers"] { defaults.headers = reading.headers(node, "defaults.headers") }
      if let node = defaultFields["expect_status"] {
        defaults.expectedStatus = StatusRange.read(node, "defaults.expect_status", &reading) ?? defaults.expectedStatus
      }
    }
    var shared: [String: (node: Node, field: String)] = [:]
    for word in PlanFields.load + PlanFields.options {
      if let node = fields[word] { shared[word] = (node, word) }
      guard let node = defaultFields[word] else { continue }
      if let other = shared[word] {
        reading.wrong(
          node.place, "defaults.\(word)", "found it a second time (first at \(other.node.place)), expected it once")
      }
      shared[word] = (node, "defaults.\(word)")
    }
    load(shared)
    options(shared)
    scenarios(fields["scenarios"], root)
  }

  /// The fields of a mapping by name, without those that are null; says what is unknown, not there yet or given twice.
  private mutating func fields(of node: Node, _ path: String, _ known: [String]) -> [String: Node] {
    guard let members = node.members else {
      reading.wrong(node, path, expected: "a mapping with \(known.prefix(3).joined(separator: ", ")), …")
      return [:]
    }
    reading.refuseEqualKeys(members, path)
    var fields: [String: Node] = [:]
    for member in members {
      let field = path.isEmpty ? member.key : "\(path).\(member.key)"
      if known.contains(member.key) {
        if !member.node.isNull { fields[member.key] = member.node }
      } else if let instead = PlanFields.later(member.key) {
        reading.wrong(member.keyPlace, field, "not in this version: \(instead)")
      } else {
        let hint = Suggestion.nearest(to: member.key, among: known).map { "did you mean '\($0)'?" }
        let place = hint ?? elsewhere(member.key, known) ?? "expected one of \(known.joined(separator: ", "))"
        reading.wrong(member.keyPlace, path.isEmpty ? Node.cut(member.key) : field, "unknown field; \(place)")
      }
    }
    return fields
  }

  /// Where a word belongs that stands in the wrong mapping.
  private func elsewhere(_ word: String, _ known: [String]) -> String? {
    if PlanFields.scenario.contains(word) { return "it belongs into an entry of 'scenarios:'" }
    if PlanFields.top.contains(word) { return "it belongs to the top of the plan" }
    return nil
  }

  private mutating func load(_ fields: [String: (node: Node, field: String)]) {
    if let (node, field) = fields["rate"] { document.load.rate = reading.rate(node, field) }
    if let (node, field) = fields["duration"] { document.load.duration = reading.span(node, field) }
    if let (node, field) = fields["requests"] { document.load.requests = reading.unsigned(node, field, from: 1) }
    for word in ["users", "concurrency"] {
      guard let (node, field) = fields[word] else { continue }
      document.load.users = reading.whole(node, field, to: LoadChoice.mostUsers)
    }
    if let (_, _) = fields["users"], let (node, field) = fields["concurrency"] {
      reading.wrong(node.place, field, "it means the same as users; expected one of them")
    } else if fields["rate"] != nil, let (node, field) = fields["users"] ?? fields["concurrency"] {
      reading.wrong(node.place, field, "rate and \(field) can't be combined: \(LoadChoice.rateOrUsers)")
    }
  }

  private mutating func options(_ fields: [String: (node: Node, field: String)]) {
    if let (node, field) = fields["timeout"], let span = reading.span(node, field) { document.options.timeout = span }
    if let (node, field) = fields["connect_timeout"], let span = reading.span(node, field) {
      document.options.connectTimeout = span
    }
    if let (node, field) = fields["grace"] { document.options.grace = reading.span(node, field, zero: true) }
    if let (node, field) = fields["keep_alive"], let truth = reading.bool(node, field) {
      document.options.keepAlive = truth
    }
    if let (node, field) = fields["connections"] {
      document.options.connections = reading.whole(node, field, to: LoadChoice.mostUsers)
    }
    if let (node, field) = fields["insecure_tls"], let truth = reading.bool(node, field) {
      document.options.insecureTLS = truth
    }
    if let (node, field) = fields["allow_target"] { document.options.policy.allowed = reading.blocks(node, field) }
  }

  private mutating func scenarios(_ node: Node?, _ root: Node) {
    guard let node else {
      reading.wrong(root.place, "scenarios", "found nothing, expected at least one scenario with 'path:' or 'url:'")
      return
    }
    guard let items = node.items, !items.isEmpty else {
      reading.wrong(node, "scenarios", expected: "a list of at least one scenario")
      return
    }
    var weights = 0
    for (index, item) in items.enumerated() {
      let path = "scenarios[\(index)]"
      let fields = fields(of: item, path, PlanFields.scenario)
      if item.members == nil { continue }
      var reader = ScenarioReader(path: path, defaults: defaults, baseURL: baseURL)
      let target = reader.read(fields, item, &reading)
      weights += target?.weight ?? 0
      if let target { document.targets.append(target) }
    }
    if weights > Target.highestWeights {
      reading.wrong(
        node.place, "scenarios", "found weights of \(weights) in all, expected at most \(Target.highestWeights)")
    }
    TargetName.assign(to: &document.targets)
  }

  /// The answer to a bare list of actions.
  private static func scriptError(_ items: [Node], _ root: Node, _ file: String) -> PlanError {
    let templates = items.contains {
      $0.members?.contains { $0.node.text.flatMap(Interpolation.template) != nil } ?? false
    }
    let more = templates ? ", with fixed values in place of {{…}}" : ""
    return PlanError(
      file: file, place: root.place,
      "a bare list of steps is not in this version; write 'scenarios:' above it\(more): "
        + "the requests are sent by weight, in no fixed order")
  }
}
