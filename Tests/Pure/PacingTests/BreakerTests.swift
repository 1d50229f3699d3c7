import Model
import Pacing
import Testing

@Suite struct BreakerTests {
  /// A history of one breaker: three failures in a row, a rest of 100.
  @Test func aLife() {
    var breaker = Breaker()
    func ask(_ now: Int64) -> Bool { breaker.maySend(at: now) }
    func tell(_ isFailure: Bool, _ now: Int64) { breaker.ended(isFailure: isFailure, at: now, 3, rest: 100) }
    for now in [1, 2] as [Int64] { tell(true, now) }
    tell(false, 3)
    for now in [4, 5] as [Int64] { tell(true, now) }
    #expect(ask(6), "two in a row are not three")
    tell(true, 7)
    let resting = [8, 106].map { ask($0) }
    #expect(resting == [false, false])
    tell(false, 50)
    #expect(!ask(60), "what was sent before tells nothing of the rest's end")
    let trying = [107, 108].map { ask($0) }
    #expect(trying == [true, false], "one tries")
    tell(true, 109)
    let again = [208, 209].map { ask($0) }
    #expect(again == [false, true], "one failure of it is enough for another rest")
    tell(false, 210)
    #expect(ask(211) && ask(212))
  }

  @Test func aTrialThatTellsNothing() {
    var breaker = Breaker()
    breaker.ended(isFailure: true, at: 1, 1, rest: 100)
    let first = [101, 102].map { breaker.maySend(at: $0) }
    breaker.abandonTrial()
    let second = [103, 104].map { breaker.maySend(at: $0) }
    #expect(first == [true, false] && second == [true, false])
    breaker.ended(isFailure: false, at: 105, 1, rest: 100)
    breaker.abandonTrial()
    #expect(breaker == Breaker())
  }

  @Test func extremes() {
    var breaker = Breaker()
    breaker.ended(isFailure: true, at: .max, 1, rest: .max)
    let asked = breaker.maySend(at: .max - 1)
    #expect(!asked)
  }

  @Test(arguments: [0, 1, 7, .max / 2, .max] as [UInt64]) func pauses(word: UInt64) {
    let pause = RetryPause(RetryPolicy(most: 9, pause: .milliseconds(100), longest: .seconds(1)))
    for (tries, whole) in [(0, 100), (1, 200), (2, 400), (3, 800), (4, 1_000), (63, 1_000), (.max, 1_000)] {
      let length = pause.length(after: tries, word)
      #expect(length <= Int64(whole) * 1_000_000 && length >= Int64(whole) * 500_000)
    }
    #expect(pause.length(after: 0, 0) == 100_000_000)
    let none = RetryPause(RetryPolicy(most: 1, pause: .zero, longest: .zero))
    #expect(none.length(after: 5, word) == 0)
    let long = RetryPause(RetryPolicy(most: 1, pause: .longest, longest: .zero))
    #expect(long.length(after: 60, word) > 0)
  }
}
