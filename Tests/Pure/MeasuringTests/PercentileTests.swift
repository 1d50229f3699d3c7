import Measuring
import Testing

/// The given-up and accepted requests of one made-up run, with their exact values.
struct Sample {
  var accepted: [UInt32] = []
  var censored: [UInt32] = []

  var histograms: (accepted: Histogram, censored: Histogram) {
    (Histogram(values: accepted), Histogram(values: censored))
  }
}

extension Histogram {
  init(values: [UInt32]) {
    self.init()
    for value in values { record(value) }
  }
}

/// SplitMix64: small, and the same on every machine for one seed.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Spread over all octaves, with plenty of repeats among the small ones.
  mutating func time() -> UInt32 {
    let octaves = UInt64.random(in: 0...31, using: &self)
    return UInt32(truncatingIfNeeded: next() & ((1 << (octaves + 1)) - 1))
  }

  mutating func times(atMost most: Int) -> [UInt32] {
    (0..<Int.random(in: 0...most, using: &self)).map { _ in time() }
  }
}

let percents: [Double] = [0, 0.1, 1, 10, 25, 33.3, 50, 75, 90, 95, 99, 99.9, 99.99, 100]
let seeds: [UInt64] = (0..<40).map { 0x5EED_0000 + $0 }

@Suite struct PercentileTests {
  @Test(
    arguments: [
      (99.9, 1_000, 999), (99.9, 1_001, 1_000), (50, 1, 1), (50, 2, 1), (50, 3, 2), (0, 5, 1), (100, 5, 5),
      (0.1, 1_000, 1), (0.1, 1_001, 2), (99.99, 10_000, 9_999), (29, 100, 29), (58, 100, 58), (57, 100, 57),
    ] as [(Double, UInt64, UInt64)])
  func ranksAreExact(_ p: Double, _ count: UInt64, _ rank: UInt64) {
    #expect(Percentile.rank(p, of: count) == rank)
  }

  @Test func ranksOfTheGreatestCountDoNotTrap() {
    #expect(Percentile.rank(100, of: .max) == .max)
    #expect(Percentile.rank(50, of: .max) == 1 << 63)
    #expect(Percentile.rank(50, of: 0) == nil)
  }

  @Test(arguments: [-0.001, 100.001, .nan, .infinity, -.infinity])
  func percentsOutsideTheirRangeHaveNoAnswer(_ p: Double) {
    let histogram = Histogram(values: [1, 2, 3])
    #expect(histogram.percentile(p) == nil)
    #expect(Reading.percentile(p, accepted: histogram, censored: Histogram()) == nil)
  }

  @Test func anEmptyHistogramHasNone() {
    #expect(Histogram().percentile(50) == nil)
    #expect(Histogram().standardDeviation == nil)
    #expect(PercentileCurve().reading(50) == nil)
    #expect(PercentileCurve().minimum == nil)
    #expect(PercentileCurve().maximum == nil)
    #expect(PercentileCurve().mean == nil)
  }

  @Test func theEndsAreExact() {
    let histogram = Histogram(values: [1_000_003, 5_000_017])
    #expect(histogram.percentile(0) == 1_000_003)
    #expect(histogram.percentile(100) == 5_000_017)
  }

  @Test(arguments: seeds)
  func percentilesAgreeWithTheSortedValues(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let values = generator.times(atMost: 3_000)
    let histogram = Histogram(values: values)
    let sorted = values.sorted()
    for p in percents where !values.isEmpty {
      guard let rank = Percentile.rank(p, of: UInt64(values.count)), let answer = histogram.percentile(p) else {
        Issue.record("no answer for p\(p), seed \(seed)")
        continue
      }
      let exact = sorted[Int(rank) - 1]
      let error = Int64(answer) - Int64(exact)
      #expect(Double(error.magnitude) <= Double(exact) / 128, "p\(p): \(answer), exactly \(exact), seed \(seed)")
      let bucket = Bucket.index(of: exact)
      #expect(Bucket.index(of: answer) == bucket, "p\(p): another bucket, seed \(seed)")
      let half = UInt64(Bucket.upperBound(of: bucket) - Bucket.lowerBound(of: bucket)) / 2 + 1
      if p > 0, p < 100 { #expect(error.magnitude <= half, "p\(p): beyond half a bucket, seed \(seed)") }
    }
  }

  @Test(arguments: seeds)
  func theStandardDeviationAgreesWithTheValues(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let values = generator.times(atMost: 1_000) + [7, 1_000_000]
    let mean = values.reduce(0.0) { $0 + Double($1) } / Double(values.count)
    let squares = values.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
    let exact = (squares / Double(values.count)).squareRoot()
    let answer = Histogram(values: values).standardDeviation ?? -1
    #expect(abs(answer - exact) <= exact / 100, "\(answer), exactly \(exact), seed \(seed)")
  }
}
