import Testing

@testable import Engine

@Suite struct WokeRingTests {
  /// One entry for each turn that is longer than 10 µs: exact while there is room.
  @Test func exactWhileThereIsRoom() {
    var ring = WokeRing(capacity: 64)
    defer { ring.free() }
    for turn in 0..<64 {
      for arrival in 0..<3 { ring.note(UInt64(turn * 3 + arrival), woke: Int64(turn) * 20_000) }
    }
    for arrival in 0..<192 as Range<UInt64> {
      #expect(ring.woke(arrival, intended: 0) == Int64(arrival / 3) * 20_000)
    }
  }

  /// Whatever its age: never later than it was, never before it was due, in order, and the newest half at most a turn
  /// or two early.
  @Test func aBacklogThatOutlastsItIsKeptCoarser() {
    print("ring: STAMPEDE_FUZZ_SEED=\(Dice.seed)")
    var dice = Dice(seed: Dice.seed)
    let capacity = 16
    var ring = WokeRing(capacity: capacity)
    defer { ring.free() }
    var truth: [Int64] = []
    var now: Int64 = 0
    for turn in 0..<500 {
      now += Int64.random(in: 10_000...50_000, using: &dice)
      for _ in 0..<Int.random(in: 1...4, using: &dice) {
        ring.note(UInt64(truth.count), woke: now)
        truth.append(now)
      }
      if turn % 20 != 0 { continue }
      var last: Int64 = 0
      for (arrival, woke) in truth.enumerated() {
        let said = ring.woke(UInt64(arrival), intended: 0)
        #expect(said <= woke && said >= last)
        last = said
      }
      for (arrival, woke) in truth.enumerated().suffix(capacity / 4) {
        #expect(woke - ring.woke(UInt64(arrival), intended: 0) <= 100_000)
      }
    }
    #expect(ring.woke(3, intended: 900_000_000) == 900_000_000)
    ring.clear()
    #expect(ring.woke(3, intended: 77) == 77)
  }

  @Test func turnsShorterThanTenMicrosecondsAreOne() {
    var ring = WokeRing(capacity: 4)
    defer { ring.free() }
    for arrival in 0..<1_000 as Range<UInt64> { ring.note(arrival, woke: Int64(arrival) * 1_000) }
    for arrival in 990..<1_000 as Range<UInt64> {
      let woke = ring.woke(arrival, intended: 0)
      #expect(woke <= Int64(arrival) * 1_000 && woke >= Int64(arrival) * 1_000 - 20_000)
    }
  }
}
