import JSONScan
import Model

/// Reads the node tree of a plan.
///
/// The format is `proto-free-schema/plan.schema.json`: `base_url`, `defaults`, `scenarios`, and how much load; or a bare
/// list of steps, which is one scenario.
public struct PlanReader {
  private var reading: Reading
  private var document: PlanDocument
  private var journey = JourneyReader()

  /// Reads a plan.
  ///
  /// - Parameters:
  ///   - file: the name to use in messages.
  ///   - name: the plan's name where it has none of its own.
  ///   - environment: what `${NAME}` stands for.
  ///   - supplies: lists and feeds from elsewhere, in place of the plan's of the same name.
  ///   - aids: how to read files, and how to check regular expressions.
  /// - Throws: `PlanError` with everything that is wrong with it.
  public static func read(
    _ root: Node, format: PlanDocument.Format, file: String, name: String, environment: [String: String],
    supplies: PlanSupplies = PlanSupplies(), aids: PlanAids = PlanAids()
  ) throws(PlanError) -> PlanDocument {
    guard root.members != nil || root.items != nil else {
      throw PlanError(
        file: file, place: root.place,
        "found \(root.kind), expected a plan: a mapping with 'scenarios:', or a list of steps")
    }
    if let answer = ForeignFormat.answer(to: root) { throw PlanError(file: file, place: root.place, answer) }
    var reading = Reading(file: file)
    reading.aids = aids
    let filled = Interpolation(environment: environment).apply(to: root, field: "", &reading)
    var reader = PlanReader(
      reading: reading, document: PlanDocument(format: format, name: TargetText.runName(name), targets: []))
    reader.journey.scope.environment = environment
    if let items = filled.items {
      reader.supply(supplies)
      reader.journey.script(items, filled, name: reader.document.name, &reader.reading)
    } else {
      reader.top(filled, supplies)
    }
    try reader.reading.finish()
    reader.document.take(reader.journey)
    reader.document.options.failures.add(values: FailureFields.environmentValues(in: root, environment))
    reader.document.warnings = reader.reading.warnings
    reader.document.fleetWarnings = reader.reading.fleetWarnings
    return reader.document
  }

  private mutating func top(_ root: Node, _ supplies: PlanSupplies) {
    let fields = reading.fields(of: root, "", PlanFields.top)
    if let node = fields["name"], let text = reading.text(node, "name") {
      if TargetText.isRunName(text) {
        document.name = text
      } else {
        reading.wrong(node, "name", expected: TargetText.runNameExpected)
      }
    }
    if let node = fields["base_url"] { journey.baseURL = BaseURL.read(node, "base_url", &reading) }
    if let node = fields["seed"], let seed = reading.unsigned(node, "seed", from: 0) { document.seed = seed }
    var defaultFields: [String: Node] = [:]
    if let node = fields["defaults"] {
      defaultFields = reading.fields(of: node, "defaults", PlanFields.defaults)
      defaults(defaultFields)
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
    limits(shared)
    OptionsReader(fields: shared).read(into: &document.options, &reading)
    let data = DataReader()
    if let node = fields["lists"] { document.lists = data.lists(node, &reading) }
    if let node = fields["feeds"] { document.feeds = data.feeds(node, &reading) }
    supply(supplies)
    let named = [fields["lists"], fields["feeds"]].flatMap { node in
      node?.members?.map(\.key) ?? node?.items?.compactMap { $0["name"]?.text } ?? []
    }
    journey.scope.broken = Set(named).subtracting(journey.scope.lists + journey.scope.feeds.map(\.name))
    journey.read(fields, root, &reading)
    thresholds(fields)
  }

  private mutating func defaults(_ fields: [String: Node]) {
    if let node = fields["method"] { journey.defaults.method = reading.method(node, "defaults.method") }
    if let node = fields["headers"] { journey.defaults.headers = reading.headerLines(node, "defaults.headers") }
    if let node = fields["expect_status"], let range = StatusRange.read(node, "defaults.expect_status", &reading) {
      journey.defaults.expectedStatus = range
    }
    if let node = fields["checks"] { journey.defaults.checks = CheckReader.read(node, "defaults.checks", &reading) }
  }

  /// Puts lists and feeds from elsewhere beside the plan's own, and tells templates of all of them.
  private mutating func supply(_ supplies: PlanSupplies) {
    document.lists = supplies.lists + document.lists.filter { own in !supplies.lists.contains { $0.name == own.name } }
    document.feeds = supplies.feeds + document.feeds.filter { own in !supplies.feeds.contains { $0.name == own.name } }
    journey.scope.lists = document.lists.map(\.name)
    journey.scope.feeds = document.feeds.map { ($0.name, $0.columns) }
  }

  private mutating func load(_ fields: [String: (node: Node, field: String)]) {
    var reader = LoadReader(fields)
    reader.read(&reading)
    document.load = reader.load
  }

  private mutating func limits(_ fields: [String: (node: Node, field: String)]) {
    if let (node, field) = fields["iterations"] {
      document.load.limits.iterations = reading.unsigned(node, field, from: 1)
    }
    if let (node, field) = fields["rps"] { document.load.limits.userLimit = reading.rate(node, field) }
    if let (node, field) = fields["max_rate"] { document.load.limits.limit = reading.rate(node, field) }
    if let (node, field) = fields["warmup"] {
      document.load.limits.warmUp = reading.span(node, field, zero: true)
      document.load.limits.warmUpSpot = PlanSpot(file: reading.file, place: node.place, field: field)
    }
  }

  private mutating func thresholds(_ fields: [String: Node]) {
    if let node = fields["fail_on_error_rate"], let text = reading.text(node, "fail_on_error_rate") {
      do throws(ValueError) {
        _ = try Percentage(text: text)
        document.thresholds.append(try ThresholdText.read("errors<=" + text))
      } catch { reading.wrong(node, "fail_on_error_rate", found: "'\(Node.cut(text))'", expected: error.expected) }
    }
    guard let node = fields["thresholds"] else { return }
    for (index, item) in (node.items ?? [node]).enumerated() {
      let field = node.items == nil ? "thresholds" : "thresholds[\(index)]"
      guard let text = reading.text(item, field, expected: ThresholdText.expected) else { continue }
      do throws(ValueError) {
        let threshold = try ThresholdText.read(text)
        try threshold.check(among: journey.targets.map(\.name))
        document.thresholds.append(threshold)
      } catch { reading.wrong(item, field, found: error.found, expected: error.expected) }
    }
  }
}

/// Lists and feeds that come from outside of the plan: `--list movies=FILE`, `--feed users=FILE`.
public struct PlanSupplies: Sendable, Hashable {
  public var lists: [ValueList] = []
  public var feeds: [DataFeed] = []

  public init() {}
}

/// What reading a plan needs of the machine.
public struct PlanAids {
  /// Reads what `file:` names; nil where no file may be read: plans that came over the network bring their rows.
  public var files: PlanData.Files?
  /// Says what is wrong with a regular expression, or that it has no such group; nil: it is not looked at.
  public var pattern: ((_ text: String, _ group: Int) throws(ValueError) -> Void)?

  public init(
    files: PlanData.Files? = nil, pattern: ((_ text: String, _ group: Int) throws(ValueError) -> Void)? = nil
  ) {
    self.files = files
    self.pattern = pattern
  }
}

extension Threshold {
  /// - Parameter names: those that figures are grouped by.
  func check(among names: [String]) throws(ValueError) {
    guard let name, !names.contains(name) else { return }
    let hint = Suggestion.clause(for: name, among: names)
    let known = Set(names).sorted().prefix(8).joined(separator: ", ")
    throw ValueError(found: "'\(Node.cut(text))'", expected: "the name of a request: \(known)\(hint)")
  }
}
