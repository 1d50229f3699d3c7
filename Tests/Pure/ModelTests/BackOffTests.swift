import Model
import Testing

@Suite struct BackOffTests {
  @Test func itDoublesFromTheShortestToTheLongest() {
    var source = SplitMix(seed: 7)
    var backOff = BackOff(from: .milliseconds(200), to: .seconds(10))
    let whole: [Int64] = [200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000]
    for milliseconds in whole {
      let span = backOff.next(&source)
      #expect(span >= .milliseconds(milliseconds / 2) && span <= .milliseconds(milliseconds))
    }
    backOff.reset()
    let first = backOff.next(&source)
    #expect(first <= .milliseconds(200))
  }

  @Test func waitersSpread() {
    var source = SplitMix(seed: 8)
    let spans = Set(
      (0..<100).map { _ in
        var backOff = BackOff(from: .seconds(1), to: .seconds(1))
        return backOff.next(&source)
      })
    #expect(spans.count > 90)
  }

  @Test func itNeverOverflows() {
    var source = SplitMix(seed: 9)
    var backOff = BackOff(from: .longest, to: .longest)
    for _ in 0..<2_000 {
      let span = backOff.next(&source)
      #expect(span <= .longest && span > .zero)
    }
    var none = BackOff(from: .zero, to: .zero)
    let span = none.next(&source)
    #expect(span == .zero)
  }
}
