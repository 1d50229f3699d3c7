import JSONScan
import Model

/// Reads what users do: `login:`, `setup:`, `scenarios:` and `teardown:`.
struct JourneyReader {
  var defaults = RequestDefaults()
  var baseURL: BaseURL?
  var scope = TemplateScope()

  private(set) var targets: [Target] = []
  private(set) var scenarios: [Scenario] = []
  private(set) var setup: [Step] = []
  private(set) var teardown: [Step] = []
  /// Whether a request is more than one that is sent by weight.
  private var needsScenarios = false

  /// - Parameter fields: those of the plan's top.
  mutating func read(_ fields: [String: Node], _ root: Node, _ reading: inout Reading) {
    scope.variables = JourneyReader.variables(fields)
    if hasTooManyVariables(root, &reading) { return }
    if let node = fields["login"], let step = login(node, &reading) { setup.append(step) }
    setup += steps(fields["setup"], "setup", &reading)
    let known = scope.known
    entries(fields["scenarios"], root, known, &reading)
    scope.known = known
    teardown = steps(fields["teardown"], "teardown", &reading)
    if setup.isEmpty, teardown.isEmpty, !needsScenarios { scenarios = [] }
    if !scenarios.isEmpty { for index in targets.indices { targets[index].weight = 1 } }
    TargetName.assign(to: &targets)
    nameScenarios()
  }

  /// A bare list: the steps of one scenario.
  mutating func script(_ items: [Node], _ root: Node, name: String, _ reading: inout Reading) {
    scope.variables = JourneyReader.variables(["setup": root])
    if hasTooManyVariables(root, &reading) { return }
    let steps = steps(root, "", &reading)
    scenarios = [Scenario(name: name, steps: steps)]
    TargetName.assign(to: &targets)
  }

  /// Names of all variables, in the order in which they are first captured.
  private static func variables(_ fields: [String: Node]) -> [String] {
    var names: [String] = []
    var known: Set<String> = []
    func gather(_ node: Node?) {
      for member in node?["capture"]?.members ?? [] where known.insert(member.key).inserted { names.append(member.key) }
    }
    gather(fields["login"])
    for item in fields["setup"]?.items ?? [] { gather(item) }
    for entry in fields["scenarios"]?.items ?? [] {
      gather(entry)
      for item in entry["steps"]?.items ?? [] { gather(item) }
    }
    for item in fields["teardown"]?.items ?? [] { gather(item) }
    return names
  }

  /// The most variables of a plan: each user has room for all of them.
  static let mostVariables = 1_000

  private func hasTooManyVariables(_ root: Node, _ reading: inout Reading) -> Bool {
    if scope.variables.count <= JourneyReader.mostVariables { return false }
    let found = "\(scope.variables.count) captured variables"
    reading.wrong(root.place, "", "found \(found), expected at most \(JourneyReader.mostVariables)")
    return true
  }

  private mutating func login(_ node: Node, _ reading: inout Reading) -> Step? {
    let fields = reading.fields(of: node, "login", PlanFields.login)
    if node.members == nil { return nil }
    return step(fields, node, "login", &reading, method: "POST", name: "Login")
  }

  private mutating func steps(_ node: Node?, _ path: String, _ reading: inout Reading) -> [Step] {
    guard let node else { return [] }
    guard let items = node.items, !items.isEmpty else {
      reading.wrong(node, path, expected: "a list of at least one step")
      return []
    }
    return items.enumerated().compactMap { index, item in
      let path = "\(path)[\(index)]"
      let fields = reading.fields(of: item, path, PlanFields.step)
      return item.members == nil ? nil : step(fields, item, path, &reading)
    }
  }

  /// Reads one step; what it captures is known from there on.
  private mutating func step(
    _ fields: [String: Node], _ node: Node, _ path: String, _ reading: inout Reading, method: String = "GET",
    name: String = ""
  ) -> Step? {
    var condition: Condition?
    if let node = fields["if"] { condition = self.condition(node, path + ".if", &reading) }
    var request = RequestReader(path: path, defaults: defaults, baseURL: baseURL, scope: scope)
    request.method = method
    let target = request.read(fields, node, &reading)
    for member in fields["capture"]?.members ?? [] {
      if let variable = scope.variables.firstIndex(of: member.key) { scope.known.insert(variable) }
    }
    let repeats = fields["repeat"].flatMap { reading.whole($0, path + ".repeat", to: 1_000_000) }
    let think = fields["think_time"].flatMap { reading.think($0, path + ".think_time") }
    guard var target else { return nil }
    if target.name.isEmpty { target.name = name }
    targets.append(target)
    return Step(target: targets.count - 1, repeats: repeats ?? 1, condition: condition, think: think)
  }

  private func condition(_ node: Node, _ field: String, _ reading: inout Reading) -> Condition? {
    guard let text = reading.text(node, field, expected: ConditionText.expected) else { return nil }
    do throws(ValueError) {
      return try ConditionText.read(text) { (name) throws(ValueError) in try scope.asked(name) }
    } catch {
      reading.wrong(node.place, field, "\(error)")
      return nil
    }
  }

  private mutating func entries(_ node: Node?, _ root: Node, _ known: Set<Int>, _ reading: inout Reading) {
    guard let node else {
      reading.wrong(
        root.place, "scenarios", "found nothing, expected at least one scenario with 'path:', 'url:' or 'steps:'")
      return
    }
    guard let items = node.items, !items.isEmpty else {
      reading.wrong(node, "scenarios", expected: "a list of at least one scenario")
      return
    }
    var weights = 0
    for (index, item) in items.enumerated() {
      scope.known = known
      let path = "scenarios[\(index)]"
      let fields = reading.fields(of: item, path, PlanFields.scenario)
      if item.members == nil { continue }
      let weight = fields["weight"].flatMap { reading.whole($0, path + ".weight", to: Target.highestWeight) } ?? 1
      weights += weight
      if let node = fields["steps"] {
        scenario(fields, node, path, weight, &reading)
      } else if let step = step(fields, item, path, &reading) {
        needsScenarios = needsScenarios || targets[step.target].isScripted || step != Step(target: step.target)
        targets[step.target].weight = weight
        scenarios.append(Scenario(name: "", weight: weight, steps: [step]))
      }
    }
    if weights > Target.highestWeights {
      reading.wrong(
        node.place, "scenarios", "found weights of \(weights) in all, expected at most \(Target.highestWeights)")
    }
  }

  private mutating func scenario(
    _ fields: [String: Node], _ node: Node, _ path: String, _ weight: Int, _ reading: inout Reading
  ) {
    needsScenarios = true
    for word in PlanFields.scenario where !PlanFields.ofSteps.contains(word) {
      guard let other = fields[word] else { continue }
      reading.wrong(other.place, "\(path).\(word)", "it belongs into an entry of 'steps:'")
    }
    var name = ""
    if let node = fields["name"], let text = reading.text(node, path + ".name") {
      if TargetText.isName(text) {
        name = text
      } else {
        reading.wrong(
          node, path + ".name", expected: "1 to \(TargetName.longest) characters without control characters")
      }
      if scenarios.contains(where: { $0.name == text }) {
        reading.wrong(node, path + ".name", expected: "another name for each scenario")
      }
    }
    let think = fields["think_time"].flatMap { reading.think($0, path + ".think_time") }
    var steps = steps(node, path + ".steps", &reading)
    for index in steps.indices where steps[index].think == nil { steps[index].think = think }
    scenarios.append(Scenario(name: name, weight: weight, steps: steps))
  }

  /// Scenarios that bear no name get their request's, or a number; each a different one.
  private mutating func nameScenarios() {
    var taken = Set(scenarios.map(\.name))
    for index in scenarios.indices where scenarios[index].name.isEmpty {
      let steps = scenarios[index].steps
      let base = steps.count == 1 ? targets[steps[0].target].name : "scenario \(index + 1)"
      var name = base
      var number = 2
      while !taken.insert(name).inserted {
        name = "\(base) (\(number))"
        number += 1
      }
      scenarios[index].name = name
    }
  }
}

extension Target {
  /// Whether it is more than a request that is sent as it stands.
  var isScripted: Bool { template != nil || !checks.isEmpty || !captures.isEmpty }
}

extension Reading {
  mutating func think(_ node: Node, _ field: String) -> ThinkTime? {
    guard let text = node.number ?? text(node, field, expected: ThinkText.expected) else { return nil }
    do throws(ValueError) { return try ThinkText.read(text) } catch {
      wrong(node, field, expected: error.expected)
      return nil
    }
  }
}
