import Measuring
import Testing

@Suite struct PercentileMergeTests {
  @Test(arguments: seeds)
  func mergingIsRecordingEverything(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let parts = (0..<5).map { _ in generator.times(atMost: 400) }
    var merged = Histogram()
    for part in parts.shuffled(using: &generator) { merged.merge(Histogram(values: part)) }
    #expect(merged == Histogram(values: parts.flatMap { $0 }), "seed \(seed)")
  }

  @Test(arguments: seeds)
  func mergingIsAssociativeAndCommutative(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let (a, b, c) = (
      Histogram(values: generator.times(atMost: 99)), Histogram(values: generator.times(atMost: 99)),
      Histogram(values: generator.times(atMost: 99))
    )
    var left = a
    left.merge(b)
    left.merge(c)
    var right = b
    right.merge(c)
    var other = c
    other.merge(b)
    #expect(right == other, "seed \(seed)")
    var both = a
    both.merge(right)
    #expect(left == both, "seed \(seed)")
  }

  @Test(arguments: seeds)
  func curvesMergeLikeTheirHistograms(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let parts = (0..<4).map { _ in
      Sample(accepted: generator.times(atMost: 200), censored: generator.times(atMost: 20))
    }
    var merged = PercentileCurve()
    for part in parts.shuffled(using: &generator) {
      let (accepted, censored) = part.histograms
      merged.merge(PercentileCurve(accepted: accepted, censored: censored))
    }
    let whole = PercentileCurve(
      accepted: Histogram(values: parts.flatMap(\.accepted)), censored: Histogram(values: parts.flatMap(\.censored)))
    #expect(merged == whole, "seed \(seed)")
    for p in percents { #expect(merged.reading(p) == whole.reading(p), "p\(p), seed \(seed)") }
  }
}
