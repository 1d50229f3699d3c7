import Model
import Pacing
import Scripting
import Testing

@Suite struct ConditionTests {
  @Test func conditions() throws {
    var plan = try Rendering.plan()
    plan.variables = ["v", "w"]
    let conditions: [Condition] = [
      .has(variable: 0), .lacks(variable: 0), .equals(variable: 0, text: "x"), .differs(variable: 0, text: "x"),
      .chance(millionths: 0), .chance(millionths: 1_000_000), .chance(millionths: 250_000),
    ]
    plan.setup = conditions.prefix(2).map { Step(target: 0, condition: $0) } + [Step(target: 0)]
    plan.teardown = [Step(target: 0, condition: conditions[2])]
    plan.scenarios = [
      Scenario(name: "a", steps: [Step(target: 0), Step(target: 0, condition: conditions[3])]),
      Scenario(name: "b", steps: conditions.suffix(3).map { Step(target: 0, condition: $0) }),
    ]
    // Numbered as the itinerary does.
    #expect(Itinerary(plan).conditions == conditions)
    let user = Rendering.User(try Script(plan, userAgent: nil))
    func hold(_ word: UInt64 = 0) -> [Bool] {
      conditions.indices.map { user.script.table.holds(condition: $0, memory: user.memory, word: word) }
    }
    #expect(hold().prefix(4) == [false, true, false, true])
    _ = user.set(0, "")
    #expect(hold().prefix(4) == [false, true, false, true])
    _ = user.set(0, "x")
    #expect(hold().prefix(4) == [true, false, true, false])
    _ = user.set(0, "xy")
    #expect(hold(.max).prefix(6) == [true, false, false, true, false, true])
    let rounds = (0..<8_000 as Range<UInt64>).map { hold(Draw.mix($0)) }
    #expect(abs(rounds.count { $0[6] } - 2_000) < 160)
    #expect(rounds.allSatisfy { !$0[4] && $0[5] })
  }
}
