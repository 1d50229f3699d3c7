import Measuring
import Testing

@Suite struct PercentileReadingTests {
  /// The same question asked of the sorted values: censored at their bounds, and at infinity (nil).
  static func oracle(_ p: Double, _ sample: Sample) -> (low: UInt32, high: UInt32?)? {
    let all = (sample.accepted + sample.censored).sorted()
    guard let rank = Percentile.rank(p, of: UInt64(all.count)) else { return nil }
    let accepted = sample.accepted.sorted()
    return (all[Int(rank) - 1], rank <= accepted.count ? accepted[Int(rank) - 1] : nil)
  }

  @Test(arguments: seeds)
  func readingsAgreeWithTheSortedValues(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let sample = Sample(accepted: generator.times(atMost: 600), censored: generator.times(atMost: 60))
    let (accepted, censored) = sample.histograms
    for p in percents where p > 0 && p < 100 {
      let reading = Reading.percentile(p, accepted: accepted, censored: censored)
      guard let (low, high) = Self.oracle(p, sample) else {
        #expect(reading == nil, "seed \(seed)")
        continue
      }
      if let high, Bucket.index(of: high) == Bucket.index(of: low) {
        let value = reading?.microseconds ?? 0
        #expect(reading?.isLowerBound == false, "p\(p), seed \(seed)")
        #expect(Bucket.index(of: value) == Bucket.index(of: low), "p\(p), seed \(seed)")
      } else {
        let bound = reading?.microseconds ?? .max
        #expect(reading?.isLowerBound == true, "p\(p), seed \(seed)")
        #expect(bound <= low, "a bound above the true one: p\(p), seed \(seed)")
        #expect(Bucket.index(of: bound) == Bucket.index(of: low), "p\(p), seed \(seed)")
      }
    }
  }

  /// Whatever the given-up requests would have taken, the true percentile is what the reading says.
  @Test(arguments: seeds)
  func readingsHoldForAnyTrueTimes(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let sample = Sample(accepted: generator.times(atMost: 300) + [1], censored: generator.times(atMost: 60))
    let (accepted, censored) = sample.histograms
    let truth = sample.censored.map { UInt32.random(in: $0...UInt32.max, using: &generator) }
    let sorted = (sample.accepted + truth).sorted()
    for p in percents {
      guard let rank = Percentile.rank(p, of: UInt64(sorted.count)),
        let reading = Reading.percentile(p, accepted: accepted, censored: censored)
      else {
        Issue.record("no reading, seed \(seed)")
        continue
      }
      let exact = sorted[Int(rank) - 1]
      switch reading {
      case .exact(let value): #expect(Bucket.index(of: value) == Bucket.index(of: exact), "p\(p), seed \(seed)")
      case .atLeast(let bound): #expect(bound <= exact, "p\(p): \(bound), truly \(exact), seed \(seed)")
      }
    }
  }

  @Test func withoutGivenUpRequestsTheReadingIsThePercentile() {
    let histogram = Histogram(values: (1...1_000).map { $0 * 37 })
    for p in percents {
      #expect(
        Reading.percentile(p, accepted: histogram, censored: Histogram()) == histogram.percentile(p).map(Reading.exact))
    }
  }

  @Test func twoTimeoutsOfAHundredLeaveTheMedianAloneAndBoundTheTail() {
    let curve = PercentileCurve(
      accepted: Histogram(values: Array(repeating: 10_000, count: 98)),
      censored: Histogram(values: [1_000_000, 1_000_000]))
    #expect(curve.reading(50) == .exact(10_000))
    #expect(curve.reading(98) == .exact(10_000))
    #expect(curve.reading(99) == .atLeast(1_000_000))
    #expect(curve.maximum == .atLeast(1_000_000))
    #expect(curve.minimum == .exact(10_000))
    #expect(curve.mean == .atLeast(29_800))
    #expect(curve.count == 100)
  }

  @Test func aLowBoundMakesEvenTheMinimumABound() {
    let curve = PercentileCurve(accepted: Histogram(values: [50_000]), censored: Histogram(values: [20]))
    #expect(curve.minimum == .atLeast(20))
    #expect(curve.reading(50) == .atLeast(20))
    #expect(curve.reading(100) == .atLeast(50_000))
  }

  @Test func onlyGivenUpRequestsGiveOnlyBounds() {
    let curve = PercentileCurve(accepted: Histogram(), censored: Histogram(values: [300, 400, 500]))
    for p in percents { #expect(curve.reading(p)?.isLowerBound == true) }
    #expect(curve.mean == .atLeast(400))
  }
}
