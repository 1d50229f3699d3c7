import Measuring
import PostgresIO
import TestSupport
import Testing

@Suite(.enabled(if: PostgresServer.binaries != nil, "PostgreSQL is not installed"))
struct HistogramTests {
  /// SQL's text form of a histogram; NULL where it is empty.
  private func text(_ histogram: Histogram) -> String {
    if histogram.count == 0 { return "NULL::histogram" }
    let used = histogram.counts.indices.filter { histogram.counts[$0] > 0 }
    let counts = used.map { String(histogram.counts[$0]) }.joined(separator: ",")
    return "ROW('{\(used.map(String.init).joined(separator: ","))}', '{\(counts)}', \(histogram.sum), "
      + "\(histogram.min), \(histogram.max))::histogram"
  }

  private func random(_ source: inout SplitMix) -> Histogram {
    var histogram = Histogram()
    if source.next().isMultiple(of: 5) { return histogram }
    for _ in 0..<Int.random(in: 1...30, using: &source) {
      let width = UInt32.random(in: 0...31, using: &source)
      let time = UInt32.random(in: 0...(UInt32.max >> width), using: &source)
      histogram.record(time, times: UInt64.random(in: 1...1000, using: &source))
    }
    return histogram
  }

  @Test func mergedPercentilesAreTheSameIntegersAsSwifts() throws {
    var source = SplitMix(seed: Fuzz.seed(for: "percentiles in SQL"))
    let bench = try Bench()
    for _ in 0..<Fuzz.count(40) {
      let parts = (0..<Int.random(in: 0...5, using: &source)).map { _ in random(&source) }
      var merged = Histogram()
      for part in parts { merged.merge(part) }
      let ranks = [0, 50, 99.9, 100, -1, 100.5, Double.random(in: 0...100, using: &source)]
      let list = "ARRAY[\(parts.map(text).joined(separator: ", "))]::histogram[]"
      let asked = ranks.map { "histogram_percentile(h, \($0))" }.joined(separator: ", ")
      let row = try bench.rows("SELECT \(asked), histogram_count(h), (h).sum_us FROM histogram_merge(\(list)) AS h")[0]
      #expect(row.prefix(ranks.count) == ArraySlice(ranks.map { merged.percentile($0).map { "\($0)" } }))
      #expect(row[ranks.count] == "\(merged.count)")
      #expect((row[ranks.count + 1] ?? "0") == "\(merged.sum)")
    }
  }

  @Test func readingsWithGivenUpRequestsAreTheSameAsSwifts() throws {
    var source = SplitMix(seed: Fuzz.seed(for: "readings in SQL"))
    let bench = try Bench()
    for _ in 0..<Fuzz.count(60) {
      let (accepted, censored) = (random(&source), random(&source))
      for p in [0, 10, 50, 99, 100, 101, Double.random(in: 0...100, using: &source)] {
        let row = try bench.rows("SELECT * FROM histogram_reading(\(text(accepted)), \(text(censored)), \(p))")[0]
        let reading = Reading.percentile(p, accepted: accepted, censored: censored)
        #expect(row[0] == reading.map { "\($0.microseconds)" }, "p \(p) of \(accepted) and \(censored)")
        #expect(row[1] == reading.map { $0.isLowerBound ? "t" : "f" })
      }
    }
  }
}
