import Fleet
import Model
import TestSupport
import Testing

@Suite struct ClockOffsetTests {
  private func instant(_ milliseconds: Int64) -> Instant { Instant(nanoseconds: milliseconds * 1_000_000) }

  @Test func nothingIsKnownBeforeTheFirstHeartbeat() {
    #expect(ClockOffset().offset == nil && ClockOffset().own(instant(0)) == nil)
  }

  @Test func theFastestOfTheLatestCounts() {
    var clock = ClockOffset()
    // The master is an hour ahead; the way back of the first took 90 ms, of the second 1 ms.
    clock.take(sent: instant(0), arrived: instant(100), received: instant(3_600_010), replied: instant(3_600_010))
    clock.take(sent: instant(200), arrived: instant(202), received: instant(3_600_201), replied: instant(3_600_201))
    #expect(clock.offset == .seconds(3_600) && clock.roundTrip == .milliseconds(2))
    #expect(clock.own(instant(3_600_500)) == instant(500))
  }

  @Test func anOldSampleIsForgottenAfterSixteen() {
    var clock = ClockOffset()
    clock.take(sent: instant(0), arrived: instant(0), received: instant(7), replied: instant(7))
    for n in 1...16 {
      let at = Int64(n) * 1_000
      clock.take(sent: instant(at), arrived: instant(at + 4), received: instant(at + 22), replied: instant(at + 22))
    }
    #expect(clock.offset == .milliseconds(20))
  }

  @Test func whatCannotBeTrueIsLeftOut() {
    var clock = ClockOffset()
    clock.take(sent: instant(10), arrived: instant(5), received: instant(0), replied: instant(0))
    clock.take(sent: instant(0), arrived: instant(1), received: instant(0), replied: instant(10))
    clock.take(
      sent: Instant(nanoseconds: .min), arrived: Instant(nanoseconds: .max), received: Instant(nanoseconds: .max),
      replied: Instant(nanoseconds: .max))
    #expect(clock.offset == nil)
  }

  /// Whatever the ways take, the error is at most half of the best round trip.
  @Test func theErrorIsAtMostHalfOfTheRoundTrip() throws {
    var random = SplitMix(seed: 0x0FF5E7)
    for _ in 0..<2_000 {
      let truth = Int64.random(in: -1_000_000_000_000...1_000_000_000_000, using: &random)
      var clock = ClockOffset()
      for _ in 0..<Int.random(in: 1...40, using: &random) {
        let sent = Int64.random(in: 0...1_000_000_000, using: &random)
        let there = Int64.random(in: 0...50_000_000, using: &random)
        let work = Int64.random(in: 0...1_000_000, using: &random)
        let back = Int64.random(in: 0...50_000_000, using: &random)
        clock.take(
          sent: Instant(nanoseconds: sent), arrived: Instant(nanoseconds: sent + there + work + back),
          received: Instant(nanoseconds: sent + there + truth),
          replied: Instant(nanoseconds: sent + there + work + truth))
      }
      let offset = try #require(clock.offset)
      let trip = try #require(clock.roundTrip)
      #expect(abs(offset.nanoseconds - truth) <= trip.nanoseconds / 2 + 1)
    }
  }
}
