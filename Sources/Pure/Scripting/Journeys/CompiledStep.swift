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
  case has(Int)
  case lacks(Int)
  case equals(Int, TextSlice)
  case differs(Int, TextSlice)
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
  public func isSent(step number: Int, user: UInt64, iteration: UInt64, memory: UserMemory?) -> Bool {
    func value(_ variable: Int) -> ByteView { memory?.value(variable) ?? .empty }
    switch self[step: number].condition {
    case .always: return true
    case .has(let variable): return !value(variable).isEmpty
    case .lacks(let variable): return value(variable).isEmpty
    case .equals(let variable, let text): return value(variable).equals(view(text))
    case .differs(let variable, let text): return !value(variable).equals(view(text))
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
