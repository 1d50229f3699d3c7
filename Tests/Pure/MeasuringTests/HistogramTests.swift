import Testing

@testable import Measuring

/// Only buckets in use are kept, and nobody can tell: held against plain lists of all buckets.
@Suite struct HistogramTests {
  @Test func itIsWhatAListOfAllBucketsIs() {
    let seed = UInt64.random(in: 1...1_000_000)
    print("histograms: seed \(seed)")
    var source = SeededGenerator(seed: seed)
    for _ in 0..<300 {
      let (one, few) = (made(&source), made(&source))
      var (merged, swapped) = (one.histogram, few.histogram)
      merged.merge(few.histogram)
      swapped.merge(one.histogram)
      #expect(merged == swapped && merged.hashValue == swapped.hashValue)
      var counts = one.counts
      for (bucket, number) in few.counts.enumerated() { counts[bucket] += number }
      let used = counts.indices.filter { counts[$0] > 0 }
      #expect(merged.buckets.map(Int.init) == used && merged.times == used.map { counts[$0] })
      #expect(merged.counts == Array(counts.prefix((used.last ?? -1) + 1)))
      #expect(Histogram(counts: counts, sum: merged.sum, min: merged.min, max: merged.max) == merged)
    }
  }

  private func made(_ source: inout SeededGenerator) -> (histogram: Histogram, counts: [UInt64]) {
    var (histogram, counts) = (Histogram(), [UInt64](repeating: 0, count: Bucket.count))
    for _ in 0..<Int.random(in: 0...40, using: &source) {
      let value = UInt32.random(in: 0...(source.next().isMultiple(of: 4) ? .max : 3_000), using: &source)
      let times = UInt64.random(in: 1...5, using: &source)
      histogram.record(value, times: times)
      counts[Bucket.index(of: value)] += times
    }
    return (histogram, counts)
  }

  @Test func contradictionsAreNone() {
    var counts = [UInt64](repeating: 0, count: Bucket.count + 1)
    #expect(Histogram(counts: counts, sum: 0, min: 0, max: 0) == Histogram())
    #expect(Histogram(counts: counts, sum: 1, min: 0, max: 0) == nil)
    counts[Bucket.count] = 1
    #expect(Histogram(counts: counts, sum: 1, min: .max, max: .max) == nil)
    #expect(Histogram(counts: [0, 1], sum: 1, min: 0, max: 1) == nil)
    #expect(Histogram(counts: [0, 1], sum: 1, min: 1, max: 2) == nil)
    #expect(Histogram(counts: [0, .max, 1], sum: 1, min: 1, max: 2) == nil)
  }
}
