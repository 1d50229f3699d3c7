import Model
import Testing

@testable import Pacing

@Suite struct ScheduleTests {
  func rate(_ text: String) -> Rate { (try? Rate(text: text)) ?? (try! Rate(count: 1, per: .seconds(1))) }

  @Test(arguments: [
    ("1000/s", "10s", 10_000), ("50/s", "10s", 500), ("1/s", "1s", 1), ("1/m", "10s", 1), ("3/s", "1s", 3),
    ("7/2s", "1s", 4), ("0.5/s", "10s", 5), ("10/s", "150ms", 2), ("100000000/s", "1h", 360_000_000_000),
  ])
  func planIsTheIntegral(_ text: String, _ duration: String, _ planned: UInt64) throws {
    let schedule = try Schedule(rate: rate(text), duration: TimeSpan(text: duration))
    #expect(schedule.planned == planned)
    #expect(schedule.arrivals(before: try TimeSpan(text: duration)) == planned)
    #expect(schedule.due(0) == 0)
  }

  @Test func requestsBoundTheRun() throws {
    let some = try Schedule(rate: rate("100/s"), duration: .seconds(10), requests: 7)
    #expect(some.planned == 7)
    #expect(some.end == .milliseconds(70))
    let all = try Schedule(rate: rate("100/s"), duration: .seconds(1), requests: 700)
    #expect(all.planned == 100)
    #expect(all.end == .seconds(1))
    #expect(throws: ValueError.self) { try Schedule(rate: rate("100/s"), duration: nil) }
  }

  /// n·per/count by a rational computed another way: whole periods first, then the rest.
  @Test func dueNeverDrifts() throws {
    var random = SystemRandomNumberGenerator()
    let seed = UInt64.random(in: 0 ... .max, using: &random)
    print("seed \(seed)")
    var mixed = seed
    func next(_ bound: UInt64) -> UInt64 {
      mixed = Draw.mix(mixed &+ 0x9E37_79B9_7F4A_7C15)
      return mixed % bound
    }
    for _ in 0..<2_000 {
      let count = Int64(next(1_000_000) + 1)
      let per = TimeSpan(nanoseconds: Int64(next(60_000_000_000) + 1_000_000_000))
      let schedule = try Schedule(rate: Rate(count: count, per: per), duration: .seconds(86_400 * 30))
      let n = next(schedule.planned)
      let (periods, rest) = n.quotientAndRemainder(dividingBy: UInt64(count))
      let expected = Int64(periods) * per.nanoseconds + Int64(UInt128(rest) * UInt128(per.nanoseconds) / UInt128(count))
      #expect(schedule.due(n) == expected)
      // Due by t, and counted before t + 1 ns, are the same thing.
      let due = TimeSpan(nanoseconds: schedule.due(n))
      #expect(schedule.arrivals(before: due + TimeSpan(nanoseconds: 1)) >= n + 1)
      #expect(schedule.arrivals(before: due) <= n)
    }
  }
}

@Suite struct SlotRangeTests {
  @Test(arguments: [1, 2, 3, 5, 7, 64, 1_000, 1_024])
  func sharesAreTheWhole(_ shares: Int) {
    var seen: Set<UInt64> = []
    let limit: UInt64 = 5_000
    for index in 0..<shares {
      let range = SlotRange(share: index, of: shares)
      var cursor = ArrivalCursor(range)
      var count: UInt64 = 0
      while cursor.arrival < limit {
        #expect(seen.insert(cursor.arrival).inserted)
        count += 1
        cursor.advance()
      }
      #expect(range.arrivals(below: limit) == count)
    }
    #expect(seen.count == Int(limit))
  }

  @Test func noShareAlternatesBursts() {
    for shares in [2, 3, 7] {
      for index in 0..<shares {
        var cursor = ArrivalCursor(SlotRange(share: index, of: shares))
        var last = cursor.arrival
        for _ in 0..<2_000 {
          cursor.advance()
          #expect(cursor.arrival - last <= UInt64(shares * 2))
          last = cursor.arrival
        }
      }
    }
  }
}

@Suite struct DrawTests {
  @Test(arguments: [1, 2, 3, 7, 100, 1_000] as [UInt64])
  func everyBlockIsAPermutation(_ total: UInt64) {
    let draw = Draw(total: total, seed: 42)
    for block in 0..<20 as Range<UInt64> {
      let places = (0..<total).map { draw.place(of: block * total + $0) }
      #expect(Set(places).count == Int(total))
      #expect(places.allSatisfy { $0 < total })
    }
  }

  @Test func sameSeedSameDraw() {
    #expect(
      (0..<100).map { Draw(total: 9, seed: 5).place(of: $0) } == (0..<100).map { Draw(total: 9, seed: 5).place(of: $0) }
    )
    #expect(
      (0..<100).map { Draw(total: 9, seed: 5).place(of: $0) } != (0..<100).map { Draw(total: 9, seed: 6).place(of: $0) }
    )
  }

  /// With two targets and two loops, plain alternation would give each loop one target only.
  @Test(arguments: [2, 3, 4, 8] as [UInt64])
  func targetsDoNotAliasWithSlots(_ total: UInt64) {
    let draw = Draw(total: total, seed: 7)
    for share in 0..<Int(total) {
      var counts = [Int](repeating: 0, count: Int(total))
      var cursor = ArrivalCursor(SlotRange(share: share, of: Int(total)))
      for _ in 0..<10_000 {
        counts[Int(draw.place(of: cursor.arrival))] += 1
        cursor.advance()
      }
      let expected = 10_000.0 / Double(total)
      #expect(counts.allSatisfy { abs(Double($0) - expected) < 5 * expected.squareRoot() + 1 })
    }
  }
}
