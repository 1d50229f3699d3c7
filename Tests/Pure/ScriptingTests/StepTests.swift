import Foundation
import Model
import TestSupport
import Testing

@testable import Scripting

@Suite struct StepTests {
  @Test func table() throws {
    var plan = try Rendering.plan()
    plan.targets += plan.targets
    plan.options.think = .fixed(.seconds(1))
    plan.setup = [Step(target: 1)]
    plan.teardown = [Step(target: 0), Step(target: 1)]
    plan.scenarios = [
      Scenario(
        name: "a", weight: 3, steps: [Step(target: 0, repeats: 4, think: .fixed(.milliseconds(2))), Step(target: 1)]),
      Scenario(name: "b", steps: [Step(target: 1)]),
    ]
    let script = try Script(plan, userAgent: nil)
    defer { withExtendedLifetime(script) {} }
    let table = script.table
    #expect(table.scenarioCount == 2 && table.setup.count == 1 && table.teardown.count == 2)
    #expect(table[scenario: 0].weight == 3 && table[scenario: 0].steps.count == 2)
    let first = table[scenario: 0].steps.lowerBound
    #expect(table[step: first].target == 0 && table[step: first].repeats == 4 && table[step: first].isUnconditional)
    #expect(table.pause(after: first, user: 1, iteration: 1, stepRun: 1) == 2_000_000)
    #expect(table.pause(after: first + 1, user: 1, iteration: 1, stepRun: 1) == 1_000_000_000)
    #expect(table[step: table.setup.lowerBound].target == 1)
    #expect(table[step: table.teardown.lowerBound].target == 0)
  }

  @Test func conditions() throws {
    var plan = try Rendering.plan()
    plan.variables = ["v", "w"]
    let conditions: [Condition] = [
      .has(.variable(0)), .lacks(.variable(0)), .equals(.variable(0), text: "x"), .differs(.variable(0), text: "x"),
      .chance(millionths: 0), .chance(millionths: 1_000_000), .chance(millionths: 250_000),
      .chance(millionths: 250_000),
    ]
    plan.scenarios = [Scenario(name: "s", steps: conditions.map { Step(target: 0, condition: $0) })]
    let user = Rendering.User(try Script(plan, userAgent: nil))
    let table = user.script.table
    func sent(_ iteration: UInt64 = 0) -> [Bool] {
      conditions.indices.map { table.isSent(step: $0, user: 3, iteration: iteration, memory: user.memory) }
    }
    #expect(sent().prefix(4) == [false, true, false, true])
    _ = user.set(0, "")
    #expect(sent().prefix(4) == [false, true, false, true])
    _ = user.set(0, "x")
    #expect(sent().prefix(4) == [true, false, true, false])
    _ = user.set(0, "xy")
    #expect(sent().prefix(6) == [true, false, false, true, false, true])
    let rounds = (0..<8_000 as Range<UInt64>).map { sent($0) }
    for place in [6, 7] { #expect(abs(rounds.count { $0[place] } - 2_000) < 160) }
    // Two chances are two draws.
    #expect(abs(rounds.count { $0[6] && $0[7] } - 500) < 100)
    #expect(sent(17) == sent(17))
  }

  @Test func conditionsOnFeedsAndStatus() throws {
    var plan = try Rendering.plan()
    plan.feeds = [DataFeed(name: "f", mode: .perUser, columns: ["id", "plan"], rows: [["1", "free"], ["2", ""]])]
    let conditions: [Condition] = [
      .has(.column(feed: 0, column: 1)), .lacks(.column(feed: 0, column: 1)),
      .equals(.column(feed: 0, column: 0), text: "2"), .differs(.column(feed: 0, column: 0), text: "2"),
      .status(200...299, isIn: true), .status(200...299, isIn: false), .status(Condition.anyStatus, isIn: true),
    ]
    plan.scenarios = [Scenario(name: "s", steps: conditions.map { Step(target: 0, condition: $0) })]
    let user = Rendering.User(try Script(plan, userAgent: nil))
    func sent(row: Int, status: Int) -> [Bool] {
      user.memory[row: 0] = row
      return conditions.indices.map {
        user.script.table.isSent(step: $0, user: 3, iteration: 0, memory: user.memory, status: status)
      }
    }
    #expect(sent(row: 0, status: 204) == [true, false, false, true, true, false, true])
    #expect(sent(row: 1, status: 503) == [false, true, true, false, false, true, true])
    #expect(sent(row: 1, status: 0) == [false, true, true, false, false, true, false])
    plan.scenarios[0].steps[0].condition = .has(.column(feed: 0, column: 2))
    #expect(throws: ScriptError.self) { try Script(plan, userAgent: nil) }
  }

  @Test func logarithm() {
    let seed = Fuzz.seed(for: "StepTests.logarithm")
    var source = SplitMix(seed: seed)
    for _ in 0..<20_000 {
      let x =
        Bool.random(using: &source)
        ? Double.random(in: 0x1p-54...1, using: &source) : Foundation.exp(Double.random(in: -700...700, using: &source))
      let expected = Foundation.log(x)
      #expect(abs(Logarithm.natural(x) - expected) <= abs(expected) * 4e-16 + 3e-17, "seed \(seed): \(x)")
    }
    #expect(Logarithm.natural(1) == 0)
  }

  /// Φ of the quantile is the probability again, by the C library's error function.
  @Test func normalQuantile() {
    for n in 1..<20_000 {
      let p = Double(n) / 20_000
      #expect(abs(Foundation.erfc(-Normal.quantile(p) / 2.0.squareRoot()) / 2 - p) < 2e-15 + 2e-15 * p)
    }
    for exponent in 2...16 {
      let p = Foundation.pow(10, -Double(exponent))
      #expect(abs(Foundation.erfc(-Normal.quantile(p) / 2.0.squareRoot()) / 2 / p - 1) < 2e-13)
    }
  }

  /// Mean, variance and the greatest distance to the law (Kolmogorov and Smirnov) of a sample by a printed seed.
  @Test func laws() throws {
    let seed = Fuzz.seed(for: "StepTests.laws")
    let n = 20_000
    func uniform(_ x: Double) -> Double { (x - 0.01) / 0.02 }
    func normal(_ x: Double) -> Double {
      let z: Double = (x - 1) / 0.1
      return Foundation.erfc(-z / 2.0.squareRoot()) / 2
    }
    func exponential(_ x: Double) -> Double { 1 - Foundation.exp(-x / 0.05) }
    typealias Law = (time: ThinkTime, mean: Double, deviation: Double, law: (Double) -> Double)
    let laws: [Law] = [
      (.uniform(.milliseconds(10)...(.milliseconds(30))), 0.02, 0.02 / 12.0.squareRoot(), uniform),
      (.normal(mean: .seconds(1), deviation: .milliseconds(100)), 1, 0.1, normal),
      (.exponential(mean: .milliseconds(50)), 0.05, 0.05, exponential),
    ]
    for (time, mean, deviation, law) in laws {
      var plan = try Rendering.plan()
      plan.seed = seed
      plan.scenarios = [Scenario(name: "s", steps: [Step(target: 0, think: time)])]
      let script = try Script(plan, userAgent: nil)
      defer { withExtendedLifetime(script) {} }
      let table = script.table
      let sample = (0..<n).map { number in
        Double(table.pause(after: 0, user: UInt64(number % 100), iteration: UInt64(number / 100), stepRun: 1)) / 1e9
      }.sorted()
      let average = sample.reduce(0, +) / Double(n)
      let variance: Double = sample.reduce(0) { $0 + ($1 - average) * ($1 - average) } / Double(n)
      // Six standard errors, and the distance that one of a million samples exceeds.
      #expect(abs(average - mean) < 6 * deviation / Double(n).squareRoot(), "seed \(seed): \(time)")
      #expect(abs(variance.squareRoot() / deviation - 1) < 0.08, "seed \(seed): \(time)")
      var distance = 0.0
      for (place, value) in sample.enumerated() {
        let expected = law(value)
        distance = max(distance, Double(place + 1) / Double(n) - expected, expected - Double(place) / Double(n))
      }
      #expect(distance < 2.7 / Double(n).squareRoot(), "seed \(seed): \(time) \(distance)")
    }
  }

  @Test func pausesAreNeverBelowZero() throws {
    var plan = try Rendering.plan()
    plan.scenarios = [
      Scenario(
        name: "s",
        steps: [
          Step(target: 0, think: .normal(mean: .zero, deviation: .seconds(1))),
          Step(target: 0, think: .uniform(.zero ... .zero)), Step(target: 0, think: .fixed(.zero)),
          Step(target: 0, think: .exponential(mean: .longest)), Step(target: 0),
        ])
    ]
    let script = try Script(plan, userAgent: nil)
    defer { withExtendedLifetime(script) {} }
    let table = script.table
    var zeros = 0
    for user in 0..<1_000 as Range<UInt64> {
      let pauses = (0..<5).map { table.pause(after: $0, user: user, iteration: 0, stepRun: 1) }
      #expect(pauses.allSatisfy { $0 >= 0 })
      #expect(pauses[1] == 0 && pauses[2] == 0 && pauses[4] == 0)
      if pauses[0] == 0 { zeros += 1 }
    }
    #expect(abs(zeros - 500) < 100)
  }
}
