import Model
import Testing

@testable import Scripting

/// Histories of one user: what happened on the left, what it does then on the right.
@Suite struct CourseTests {
  /// A course and the steps that it is asked with, told by their targets.
  final class Walk {
    let script: Script
    var course = Course()

    init(_ script: Script) { self.script = script }

    func next() -> Course.Action {
      switch course.next(script.table) {
      case .send(let step): .send(step: script.table[step: step].target)
      case .decide(let step): .decide(step: script.table[step: step].target)
      case let action: action
      }
    }
    func answer(_ holds: Bool) { course.answer(holds) }
    func ended(_ outcome: Course.Outcome) { course.ended(outcome, script.table) }
    func begin(_ number: UInt64, _ scenario: Int) { course.beginIteration(number, scenario: scenario, script.table) }
    @discardableResult func leave() -> Bool { course.leave(script.table) }
  }

  private static func plan(
    setup: [Step] = [], teardown: [Step] = [], _ scenarios: [[Step]]
  ) throws -> Script {
    let url = try TargetURL(text: "http://127.0.0.1/")
    let targets = (0..<9).map { Target(name: "t\($0)", url: url) }
    var plan = Plan(name: "p", targets: targets, load: Load(model: .users(1), duration: .seconds(1)))
    plan.setup = setup
    plan.teardown = teardown
    plan.scenarios = scenarios.enumerated().map { Scenario(name: "s\($0)", weight: $0 + 1, steps: $1) }
    return try Script(plan, userAgent: nil)
  }

  /// Targets 0: set-up, 1: tear-down, 2…4: scenario 0, 5: scenario 1.
  private static func usual() throws -> Script {
    try plan(
      setup: [Step(target: 0)], teardown: [Step(target: 1)],
      [[Step(target: 2), Step(target: 3, repeats: 2), Step(target: 4)], [Step(target: 5)]])
  }

  @Test func aWholeLife() throws {
    let script = try Self.usual()
    let walk = Walk(script)
    #expect(walk.next() == .send(step: 0))
    #expect(walk.next() == .send(step: 0), "asked twice, it says the same")
    walk.ended(.accepted)
    #expect(walk.next() == .rest)
    walk.begin(0, 0)
    for step in [2, 3, 3, 4] {
      #expect(walk.next() == .send(step: step))
      walk.ended(.accepted)
    }
    #expect(walk.next() == .iterationEnded(scenario: 0, failed: false, sent: 4))
    #expect(walk.next() == .rest)
    walk.begin(1, 1)
    #expect(walk.next() == .send(step: 5) && walk.course.iteration == 1)
    walk.ended(.failed)
    #expect(walk.next() == .iterationEnded(scenario: 1, failed: true, sent: 1))
    #expect(!walk.leave())
    #expect(walk.next() == .send(step: 1))
    walk.ended(.failed)
    #expect(walk.next() == .over && walk.next() == .over)
  }

  @Test func aFailureGoesOnAndABreakDoesNot() throws {
    let script = try Self.usual()
    let walk = Walk(script)
    _ = walk.next()
    walk.ended(.failed)
    #expect(walk.next() == .rest, "a set-up that only failed is one")
    walk.begin(0, 0)
    walk.ended(.failed)
    #expect(walk.next() == .send(step: 3))
    walk.ended(.broken)
    #expect(walk.next() == .iterationEnded(scenario: 0, failed: true, sent: 2))
  }

  @Test func aBrokenSetUpBeginsAnew() throws {
    let script = try Self.usual()
    let walk = Walk(script)
    _ = walk.next()
    walk.ended(.broken)
    #expect(walk.next() == .setupBroke && walk.course.phase == .new)
    #expect(walk.next() == .send(step: 0))
    #expect(!walk.leave())
    #expect(walk.next() == .over, "who was not set up is not torn down")
  }

  @Test func leavingCutsAnIteration() throws {
    let script = try Self.usual()
    let walk = Walk(script)
    _ = walk.next()
    walk.ended(.accepted)
    _ = walk.next()
    walk.begin(0, 0)
    walk.ended(.accepted)
    #expect(walk.leave())
    #expect(walk.next() == .send(step: 1))
    #expect(!walk.leave(), "once is enough")
    walk.ended(.broken)
    #expect(walk.next() == .over)
  }

  @Test func conditionsAreAskedOnceForAllRepetitions() throws {
    let maybe = Step(target: 0, repeats: 2, condition: .chance(millionths: 1))
    let script = try Self.plan([[maybe, Step(target: 1), maybe]])
    let walk = Walk(script)
    #expect(walk.next() == .rest, "no set-up")
    walk.begin(0, 0)
    #expect(walk.next() == .decide(step: 0) && walk.next() == .decide(step: 0))
    walk.answer(true)
    #expect(walk.next() == .send(step: 0))
    walk.ended(.accepted)
    #expect(walk.next() == .send(step: 0))
    walk.ended(.accepted)
    #expect(walk.next() == .send(step: 1))
    walk.ended(.accepted)
    #expect(walk.next() == .decide(step: 0))
    walk.answer(false)
    #expect(walk.next() == .iterationEnded(scenario: 0, failed: false, sent: 3))
    #expect(!walk.leave() && walk.next() == .over, "no tear-down")
  }

  @Test func nothingWhoseConditionHolds() throws {
    let script = try Self.plan([[Step(target: 0, condition: .has(.variable(0)))]])
    let walk = Walk(script)
    _ = walk.next()
    walk.begin(7, 0)
    #expect(walk.next() == .decide(step: 0))
    walk.answer(false)
    #expect(walk.next() == .iterationEnded(scenario: 0, failed: false, sent: 0))
  }

  /// Draws of set-up, iterations and tear-down never meet.
  @Test func runsDiffer() throws {
    let script = try Self.usual()
    let walk = Walk(script)
    var runs: [[UInt64]] = []
    for _ in 0..<100 {
      switch walk.next() {
      case .send:
        runs.append([walk.course.drawIteration, UInt64(walk.course.sent)])
        walk.ended(.accepted)
      case .rest:
        if walk.course.iteration == 0, runs.count < 2 {
          walk.begin(0, 0)
        } else {
          walk.leave()
        }
      case .decide, .setupBroke, .iterationEnded, .over: break
      }
    }
    #expect(runs.count == 6 && Set(runs).count == 6)
  }
}
