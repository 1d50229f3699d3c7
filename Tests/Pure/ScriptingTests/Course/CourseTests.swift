import Model
import Testing

@testable import Scripting

/// Histories of one user: what happened on the left, what it does then on the right.
@Suite struct CourseTests {
  /// A course and the steps that it is asked with.
  final class Walk {
    let itinerary: Itinerary
    var course = Course()

    init(_ itinerary: Itinerary) { self.itinerary = itinerary }

    func next() -> Course.Action { course.next(itinerary.steps) }
    func answer(_ holds: Bool) { course.answer(holds) }
    func ended(_ outcome: Course.Outcome) { course.ended(outcome, itinerary.steps) }
    func begin(_ number: UInt64, _ scenario: Int) {
      course.beginIteration(number, scenario: scenario, itinerary.steps)
    }
    @discardableResult func leave() -> Bool { course.leave(itinerary.steps) }
  }

  private static func plan(
    setup: [Step] = [], teardown: [Step] = [], _ scenarios: [[Step]]
  ) throws -> Itinerary {
    let url = try TargetURL(text: "http://127.0.0.1/")
    let targets = (0..<9).map { Target(name: "t\($0)", url: url) }
    var plan = Plan(name: "p", targets: targets, load: Load(model: .users(1), duration: .seconds(1)))
    plan.setup = setup
    plan.teardown = teardown
    plan.scenarios = scenarios.enumerated().map { Scenario(name: "s\($0)", weight: $0 + 1, steps: $1) }
    return Itinerary(plan)
  }

  /// Steps 0: set-up, 1: tear-down, 2…4: scenario 0, 5: scenario 1.
  private static func usual() throws -> Itinerary {
    try plan(
      setup: [Step(target: 0)], teardown: [Step(target: 1)],
      [[Step(target: 2), Step(target: 3, repeats: 2), Step(target: 4)], [Step(target: 5)]])
  }

  @Test func aWholeLife() throws {
    let itinerary = try Self.usual()
    #expect(itinerary.weights == [1, 2] && itinerary.names == ["s0", "s1"] && itinerary.steps.count == 2)
    let walk = Walk(itinerary)
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
    let itinerary = try Self.usual()
    let walk = Walk(itinerary)
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
    let itinerary = try Self.usual()
    let walk = Walk(itinerary)
    _ = walk.next()
    walk.ended(.broken)
    #expect(walk.next() == .setupBroke && walk.course.phase == .new)
    #expect(walk.next() == .send(step: 0))
    #expect(!walk.leave())
    #expect(walk.next() == .over, "who was not set up is not torn down")
  }

  @Test func leavingCutsAnIteration() throws {
    let itinerary = try Self.usual()
    let walk = Walk(itinerary)
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
    let itinerary = try Self.plan([[maybe, Step(target: 1), maybe]])
    let walk = Walk(itinerary)
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
    #expect(walk.next() == .decide(step: 2))
    walk.answer(false)
    #expect(walk.next() == .iterationEnded(scenario: 0, failed: false, sent: 3))
    #expect(!walk.leave() && walk.next() == .over, "no tear-down")
  }

  @Test func nothingWhoseConditionHolds() throws {
    let itinerary = try Self.plan([[Step(target: 0, condition: .has(variable: 0))]])
    let walk = Walk(itinerary)
    _ = walk.next()
    walk.begin(7, 0)
    #expect(walk.next() == .decide(step: 0))
    walk.answer(false)
    #expect(walk.next() == .iterationEnded(scenario: 0, failed: false, sent: 0))
  }

  /// Without scenarios each target is one.
  @Test func targetsAsScenarios() throws {
    let url = try TargetURL(text: "http://127.0.0.1/")
    var plan = Plan(
      name: "p", targets: [3, 4].map { Target(name: "t", url: url, weight: $0) },
      load: Load(model: .users(1), duration: .seconds(1)))
    plan.options.think = .fixed(.milliseconds(5))
    let itinerary = Itinerary(plan)
    #expect(itinerary.weights == [3, 4] && itinerary.names.isEmpty && itinerary.steps.count == 2)
    #expect(itinerary.steps[itinerary.steps.scenario(1).lowerBound].target == 1)
    #expect(itinerary.steps[0].think.length(9) == 5_000_000)
  }

  /// Draws of set-up, iterations and tear-down never meet.
  @Test func runsDiffer() throws {
    let itinerary = try Self.usual()
    let walk = Walk(itinerary)
    var runs: [UInt64] = []
    for _ in 0..<100 {
      switch walk.next() {
      case .send:
        runs.append(walk.course.run)
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
