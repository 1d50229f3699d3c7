import Model
import Testing

@testable import Pacing

/// Weighted targets and shares of slots keep no step with each other: what a worker or a loop sends of each target is what
/// a random choice of arrivals would give it, in every part of any shape.
@Suite struct AliasTests {
  private struct Case {
    var weights: [UInt64] = []
    var shares: [SlotRange] = []
    var draw = Draw(total: 1, seed: 0)

    init(_ random: inout Seeded) {
      // Equal weights and powers of two are the ones that would fall in step.
      let targets = Int.random(in: 2...8, using: &random)
      let isEqual = Bool.random(using: &random)
      weights = (0..<targets).map { _ in isEqual ? 1 : UInt64.random(in: 1...9, using: &random) }
      draw = Draw(total: weights.reduce(0, +), seed: random.next())
      let workers = [1, 2, 3, 4, 7, 8, 16].randomElement(using: &random) ?? 1
      let loops = [1, 2, 3, 4].randomElement(using: &random) ?? 1
      shares = (0..<workers).flatMap { worker in
        (0..<loops).map { SlotRange(share: worker, of: workers).part($0, of: loops) }
      }
    }

    func target(_ arrival: UInt64) -> Int {
      var place = draw.place(of: arrival)
      for (target, weight) in weights.enumerated() {
        if place < weight { return target }
        place -= weight
      }
      return 0
    }

    /// Five standard deviations of what a random choice gives, and a little for the small numbers.
    func check(_ counts: [Int], _ what: String) {
      let sum = Double(counts.reduce(0, +))
      for (target, count) in counts.enumerated() {
        let expected = sum * Double(weights[target]) / Double(draw.total)
        #expect(
          abs(Double(count) - expected) <= 5 * expected.squareRoot() + 3, "\(what): target \(target) of \(weights)")
      }
    }
  }

  @Test func everySharesTargetsInEveryPart() throws {
    var random = Seeded.printed()
    for _ in 0..<30 {
      let some = Case(&random)
      let shape = ShapeScheduleTests.randomShape(&random)
      let schedule = try Schedule(shape: shape, duration: nil)
      var owner = Array(repeating: 0, count: SlotRange.slots)
      for slot in 0..<SlotRange.slots {
        owner[slot] = some.shares.firstIndex { slot % $0.stride == $0.offset } ?? -1
      }
      var begin = TimeSpan.zero
      for part in shape.parts {
        let end = part.duration.map { begin + $0 } ?? schedule.end
        let from = schedule.arrivals(before: begin)
        let to = min(schedule.arrivals(before: end), from + 8_000)
        var counts = Array(repeating: Array(repeating: 0, count: some.weights.count), count: some.shares.count)
        for n in from..<max(from, to) { counts[owner[Int(n % UInt64(SlotRange.slots))]][some.target(n)] += 1 }
        for (share, found) in counts.enumerated() { some.check(found, "\(shape), share \(share) of \(counts.count)") }
        begin = end
      }
    }
  }

  @Test func poissonArrivalsNeither() throws {
    var random = Seeded.printed()
    for text in ["0..800/10s,", "500/20s,", "400~400@5s/20s,"] {
      for _ in 0..<5 {
        let some = Case(&random)
        let schedule = try PoissonTests.poisson(text, seed: random.next())
        for slots in some.shares {
          var counts = Array(repeating: 0, count: some.weights.count)
          for arrival in arrivals(schedule, slots) { counts[some.target(arrival.number)] += 1 }
          some.check(counts, "\(text), share \(slots)")
        }
      }
    }
  }
}
