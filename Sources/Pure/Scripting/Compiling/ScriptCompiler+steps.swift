import Model

// Steps, conditions, checks and captures.
extension ScriptCompiler {
  mutating func add(_ list: [Step]) throws(ScriptError) -> Range<Int> {
    let first = steps.count
    for step in list {
      guard plan.targets.indices.contains(step.target) else {
        throw ScriptError(
          place: "a step", found: "target \(step.target)", expected: "one of the plan's \(plan.targets.count)")
      }
      steps.append(
        CompiledStep(
          target: step.target, repeats: max(step.repeats, 1),
          condition: try step.condition.map { (step) throws(ScriptError) in try condition(step) } ?? .always,
          think: Think(step.think ?? plan.options.think)))
    }
    return first..<steps.count
  }

  private mutating func condition(_ condition: Condition) throws(ScriptError) -> CompiledCondition {
    switch condition {
    case .has(let subject): return .has(try known(subject))
    case .lacks(let subject): return .lacks(try known(subject))
    case .equals(let subject, let text): return .equals(try known(subject), texts.add(text))
    case .differs(let subject, let text): return .differs(try known(subject), texts.add(text))
    case .status(let range, let isIn): return .status(range, isIn: isIn)
    case .chance(let millionths): return .chance(UInt64(max(millionths, 0)))
    }
  }

  private func known(_ subject: Condition.Subject) throws(ScriptError) -> Condition.Subject {
    switch subject {
    case .variable: break
    case .column(let feed, let column):
      guard plan.feeds.indices.contains(feed), plan.feeds[feed].columns.indices.contains(column) else {
        throw ScriptError(
          place: "a condition", found: "column \(column) of feed \(feed)",
          expected: "a column of one of the plan's feeds")
      }
    }
    return subject
  }

  mutating func addEvaluation(_ target: Target, _ request: inout CompiledRequest) throws(ScriptError) {
    if target.checks.count > 64 {
      throw ScriptError(
        place: "target '\(target.name)'", found: "\(target.checks.count) checks", expected: "at most 64")
    }
    var needs: ReplyNeeds = target.checks.isEmpty && target.captures.isEmpty ? [] : .evaluation
    if plan.options.cookies { needs.insert(.head) }
    request.checks = OpRange(at: UInt32(clamping: checks.count), count: UInt32(clamping: target.checks.count))
    for check in target.checks {
      let compiled = compile(check.rule)
      switch compiled.subject {
      case .status, .time, .size: break
      case .header: needs.insert(.head)
      case .body, .json: needs.insert(.body)
      }
      checks.append(compiled)
    }
    request.captures = OpRange(at: UInt32(clamping: captures.count), count: UInt32(clamping: target.captures.count))
    for capture in target.captures {
      guard plan.variables.indices.contains(capture.variable) else {
        throw ScriptError(
          place: "target '\(target.name)': a capture", found: "variable \(capture.variable)",
          expected: "one of the plan's \(plan.variables.count)")
      }
      let compiled = compile(capture)
      switch compiled.source {
      case .header, .cookie: needs.insert(.head)
      case .json, .pattern: needs.insert(.body)
      }
      captures.append(compiled)
    }
    request.needs = needs
  }

  private mutating func compile(_ rule: Check.Rule) -> CompiledCheck {
    switch rule {
    case .status(let range):
      CompiledCheck(subject: .status, match: .between(Int64(range.lowerBound), Int64(range.upperBound)))
    case .header(let name, let match): CompiledCheck(subject: .header(texts.add(name)), match: compile(match))
    case .body(let match): CompiledCheck(subject: .body, match: compile(match))
    case .json(let path, let match): CompiledCheck(subject: .json(compile(path)), match: compile(match))
    case .size(let range):
      CompiledCheck(
        subject: .size, match: .between(Int64(clamping: range.lowerBound), Int64(clamping: range.upperBound)))
    case .time(let most): CompiledCheck(subject: .time, match: .between(.min, most.nanoseconds))
    }
  }

  private mutating func compile(_ match: Check.Match) -> CompiledMatch {
    switch match {
    case .exists: .exists
    case .missing: .missing
    case .equals(let text): .equals(texts.add(text))
    case .contains(let text): .contains(texts.add(text))
    case .matches(let text): .matches(patterns.add(text))
    }
  }

  private mutating func compile(_ capture: Capture) -> CompiledCapture {
    let source: CompiledCapture.Source =
      switch capture.source {
      case .json(let path): .json(compile(path))
      case .header(let name): .header(texts.add(name))
      case .cookie(let name): .cookie(texts.add(name))
      case .regex(let text, let group): .pattern(patterns.add(text), group: UInt32(clamping: group))
      }
    return CompiledCapture(
      variable: capture.variable, source: source, hasFallback: capture.fallback != nil,
      fallback: texts.add(capture.fallback ?? ""))
  }

  private mutating func compile(_ path: JSONPath) -> OpRange {
    let range = OpRange(at: UInt32(clamping: elements.count), count: UInt32(clamping: path.elements.count))
    for element in path.elements {
      switch element {
      case .key(let key): elements.append(.key(texts.add(key)))
      case .index(let index): elements.append(.index(index))
      }
    }
    return range
  }
}
