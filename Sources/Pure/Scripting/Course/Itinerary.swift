public import Model

/// The scenarios of a plan as plain memory, made once: loops read it without counting a reference.
@safe
public final class Itinerary: @unchecked Sendable {
  // Sendable because nothing changes after init; the memory lives as long as the object.

  /// One step: what is sent, how often, when, and the pause after it.
  public struct Step: Sendable, Hashable {
    /// Index into the plan's targets.
    public let target: UInt32
    public let repeats: UInt32
    /// Index into the conditions; −1 for none.
    public let condition: Int32
    public let think: Pause
  }

  /// All steps one after the other, and which of them belong together. Valid as long as its itinerary.
  @safe
  public struct Steps: @unchecked Sendable {
    // Sendable because it only reads what never changes.
    private let all: UnsafePointer<Step>
    private let ends: UnsafePointer<UInt32>
    /// 0 is set-up, 1 tear-down, then the scenarios.
    private let sequences: Int

    fileprivate init(_ all: UnsafePointer<Step>, _ ends: UnsafePointer<UInt32>, sequences: Int) {
      unsafe self.all = all
      unsafe self.ends = ends
      self.sequences = sequences
    }

    /// - Precondition: of an index that one of the ranges holds.
    public subscript(step: Int) -> Step { unsafe all[step] }

    private func sequence(_ index: Int) -> Range<Int> {
      unsafe (index == 0 ? 0 : Int(ends[index - 1]))..<Int(ends[index])
    }

    public var setup: Range<Int> { sequence(0) }
    public var teardown: Range<Int> { sequence(1) }
    /// How many scenarios there are.
    public var count: Int { sequences - 2 }
    /// - Precondition: 0 ≤ index < count.
    public func scenario(_ index: Int) -> Range<Int> { sequence(index + 2) }
  }

  public let steps: Steps
  public let conditions: [Condition]
  /// Of the scenarios; empty where the plan has none of its own and each target is one.
  public let names: [String]
  /// Of the scenarios.
  public let weights: [Int]
  private let allSteps: UnsafeMutablePointer<Step>
  private let allEnds: UnsafeMutablePointer<UInt32>

  /// Each target is a scenario of its own where the plan has none.
  public init(_ plan: Plan) {
    let scenarios =
      plan.scenarios.isEmpty
      ? plan.targets.indices.map {
        Scenario(name: plan.targets[$0].name, weight: plan.targets[$0].weight, steps: [Model.Step(target: $0)])
      } : plan.scenarios
    var conditions: [Condition] = []
    var steps: [Step] = []
    var ends: [UInt32] = []
    for sequence in [plan.setup, plan.teardown] + scenarios.map(\.steps) {
      for step in sequence {
        var condition: Int32 = -1
        if let rule = step.condition {
          condition = Int32(clamping: conditions.count)
          conditions.append(rule)
        }
        steps.append(
          Step(
            target: UInt32(clamping: step.target), repeats: UInt32(clamping: max(step.repeats, 1)),
            condition: condition, think: Pause(step.think ?? plan.options.think)))
      }
      ends.append(UInt32(clamping: steps.count))
    }
    weights = scenarios.map(\.weight)
    names = plan.scenarios.map(\.name)
    self.conditions = conditions
    unsafe allSteps = .allocate(capacity: max(steps.count, 1))
    unsafe allEnds = .allocate(capacity: ends.count)
    for (index, step) in steps.enumerated() { unsafe (allSteps + index).initialize(to: step) }
    for (index, end) in ends.enumerated() { unsafe (allEnds + index).initialize(to: end) }
    self.steps = unsafe Steps(allSteps, allEnds, sequences: ends.count)
  }

  deinit {
    unsafe allSteps.deallocate()
    unsafe allEnds.deallocate()
  }
}
