import Model

/// What a plan would send, for people: its requests, or its users' steps, its data and its thresholds.
public enum PlanOutline {
  /// One line each; what came from the plan is in them as it stands.
  public static func lines(_ plan: Plan) -> [String] {
    var lines: [String] = []
    if plan.scenarios.isEmpty {
      let weights = plan.targets.reduce(0) { $0 + $1.weight }
      lines = plan.targets.map { "  \(share($0.weight, weights))  \(request($0, plan))" }
    } else {
      lines += block("setup", plan.setup, plan)
      let weights = plan.scenarios.reduce(0) { $0 + $1.weight }
      for scenario in plan.scenarios {
        lines += block("\(share(scenario.weight, weights))  \(scenario.name)", scenario.steps, plan)
      }
      lines += block("teardown", plan.teardown, plan)
    }
    if !plan.lists.isEmpty {
      lines.append(
        "lists: " + plan.lists.map { "\($0.name) (\(count($0.values.count, "value")))" }.joined(separator: ", "))
    }
    for feed in plan.feeds {
      let end = feed.mode == .unique ? ", then \(feed.exhausted.rawValue)" : ""
      lines.append(
        "feed: \(feed.name) (\(count(feed.rows.count, "row")), \(feed.mode.rawValue)\(end)): "
          + feed.columns.joined(separator: ", "))
    }
    if !plan.thresholds.isEmpty {
      lines.append("thresholds: " + plan.thresholds.map(\.text).joined(separator: ", "))
    }
    return lines
  }

  private static func block(_ title: String, _ steps: [Step], _ plan: Plan) -> [String] {
    if steps.isEmpty { return [] }
    return ["  \(title)"]
      + steps.map { step in
        var line = "    " + request(plan.targets[step.target], plan)
        if step.repeats > 1 { line += ", \(step.repeats) times" }
        if let condition = step.condition { line += ", if \(ConditionText.text(condition, TemplateNames(plan)))" }
        if let think = step.think ?? plan.options.think { line += ", then a pause of \(ThinkText.text(think))" }
        return line
      }
  }

  private static func request(_ target: Target, _ plan: Plan) -> String {
    var line = "\(target.name): \(target.method) \(target.url.shown)"
    if let body = target.template?.body, body.hasValues {
      line += ", body filled in"
    } else if !target.body.isEmpty {
      line += ", body of \(count(target.body.count, "byte"))"
    }
    if !target.checks.isEmpty { line += ", \(count(target.checks.count, "check"))" }
    let names = target.captures.map(\.variable).filter(plan.variables.indices.contains).map { plan.variables[$0] }
    if !names.isEmpty { line += ", captures \(names.joined(separator: ", "))" }
    return line
  }

  private static func share(_ weight: Int, _ weights: Int) -> String {
    "\((Double(weight) / Double(max(weights, 1)) * 1000).rounded() / 10)%"
  }

  private static func count(_ number: Int, _ word: String) -> String { "\(number) \(word)\(number == 1 ? "" : "s")" }
}
