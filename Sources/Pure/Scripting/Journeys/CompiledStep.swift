import Model

/// A step as a loop walks through it.
public struct CompiledStep: Sendable {
  public let target: Int
  public let repeats: Int
  let condition: CompiledCondition
  /// The pause after it, the plan's where it has none of its own.
  public let think: Think

  /// Whether it is sent in every case.
  public var isUnconditional: Bool { if case .always = condition { true } else { false } }
}

/// A scenario: a run of the table's steps.
public struct CompiledScenario: Sendable {
  public let steps: Range<Int>
  public let weight: UInt64
}

enum CompiledCondition: Sendable {
  case always
  case has(Condition.Subject)
  case lacks(Condition.Subject)
  case equals(Condition.Subject, TextSlice)
  case differs(Condition.Subject, TextSlice)
  case status(ClosedRange<Int>, isIn: Bool)
  case chance(UInt64)
}

extension ScriptTable {
  /// A step of a scenario, of setup or of teardown, by its number in the table.
  public subscript(step number: Int) -> CompiledStep {
    precondition(number >= 0 && number < stepCount)
    return unsafe steps[number]
  }

  public subscript(scenario number: Int) -> CompiledScenario {
    precondition(number >= 0 && number < scenarioCount)
    return unsafe scenarios[number]
  }

  /// Whether a step is sent in this iteration. A chance is drawn once for the iteration, not for each repetition.
  ///
  /// - Parameter status: of the last reply in this iteration; 0 for none.
  public func isSent(
    step number: Int, user: UInt64, iteration: UInt64, memory: UserMemory?, status: Int = 0
  ) -> Bool {
    func value(_ subject: Condition.Subject) -> ByteView {
      guard let memory else { return .empty }
      switch subject {
      case .variable(let variable): return memory.value(variable) ?? .empty
      case .column(let feed, let column): return cell(feed, row: memory[row: feed], column: column)
      }
    }
    switch self[step: number].condition {
    case .always: return true
    case .has(let subject): return !value(subject).isEmpty
    case .lacks(let subject): return value(subject).isEmpty
    case .equals(let subject, let text): return value(subject).equals(view(text))
    case .differs(let subject, let text): return !value(subject).equals(view(text))
    case .status(let range, let isIn): return range.contains(status) == isIn
    case .chance(let millionths):
      return key.of(user).of(iteration).of(Site.condition &+ UInt64(number)).below(1_000_000) < millionths
    }
  }

  /// How long the user pauses after a step, in nanoseconds; `stepRun` as in the `RenderContext` of its request.
  public func pause(after step: Int, user: UInt64, iteration: UInt64, stepRun: UInt64) -> Int64 {
    let think = self[step: step].think
    if !think.isDrawn { return think.sample(key) }
    return think.sample(key.of(user).of(iteration).of(stepRun).of(Site.think))
  }

  /// Numbers of what draws besides places in templates, which count from 1.
  private enum Site {
    static var condition: UInt64 { 1 << 40 }
    static var think: UInt64 { 1 << 41 }
  }
}
