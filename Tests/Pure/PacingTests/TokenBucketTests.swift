import Model
import Pacing
import Testing

@Suite struct TokenBucketTests {
  /// Where tokens are always wanted, all shares together have exactly those that the limit gives.
  @Test(arguments: [1, 2, 3, 7, 16]) func sharesAddUp(shares: Int) throws {
    let limit = try Rate(count: 997, per: .seconds(3))
    var turns: [Int64] = []
    for share in 0..<shares {
      var bucket = TokenBucket(limit, share: SlotRange(share: share, of: shares), start: 1_000)
      // Far ahead of time: every token is waited for.
      for _ in 0..<20_000 / shares { turns.append(bucket.take(at: 1_000)) }
    }
    turns.sort()
    for (number, turn) in turns.enumerated() {
      // The exact instant of token n is 1,000 + n · per / count; shares round theirs down, each by less than 2 ns.
      let exact = 1_000 + Int64(UInt128(number) * 3_000_000_000 / 997)
      #expect(abs(turn - exact) <= 2)
      if abs(turn - exact) > 2 { return }
    }
  }

  @Test func whatIsNotTakenIsNotSaved() throws {
    var bucket = TokenBucket(try Rate(count: 10, per: .seconds(1)), share: SlotRange(share: 0, of: 1), start: 0)
    let turns = [0, 10, 5_000_000_000, 5_000_000_000, 5_000_000_000].map { bucket.take(at: $0) }
    #expect(turns == [0, 100_000_000, 5_000_000_000, 5_100_000_000, 5_200_000_000])
  }

  /// Who comes late to its token delays nobody: the next one stays where it was.
  @Test func latenessDoesNotAddUp() throws {
    var bucket = TokenBucket(try Rate(count: 1_000, per: .seconds(1)), share: SlotRange(share: 0, of: 1), start: 0)
    var now: Int64 = 0
    for number in 0..<1_000 as Range<Int64> {
      let turn = bucket.take(at: now)
      #expect(turn == number * 1_000_000)
      now = turn + (number % 7) * 100_000
    }
  }

  @Test func extremes() throws {
    var slow = TokenBucket(
      try Rate(count: 1, per: .longest), share: SlotRange(share: 1_023, of: 1_024), start: .max - 5)
    for _ in 0..<10 {
      let turn = slow.take(at: 0)
      #expect(turn >= 0)
    }
    var fast = TokenBucket(.perSecond(.max), share: SlotRange(share: 0, of: 1), start: 0)
    for number in 0..<1_000 as Range<Int64> {
      let turn = fast.take(at: 0)
      #expect(turn == number * 10)
    }
  }
}
