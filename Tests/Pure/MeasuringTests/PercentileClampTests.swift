import Measuring
import Testing

/// Counts come from files too: however large they are, nothing traps.
@Suite struct PercentileClampTests {
  @Test func sumsOfEnormousCountsStayAtTheGreatestNumber() {
    var histogram = Histogram()
    histogram.record(1_000_000, times: .max)
    var other = histogram
    other.record(7, times: .max)
    histogram.merge(other)
    #expect(histogram.count == .max)
    #expect(histogram.sum == .max)
    #expect(histogram.percentile(50).map { $0 <= 1_000_000 } == true)
    #expect(PercentileCurve(accepted: histogram, censored: other).reading(99.9) != nil)

    var counts = RequestCounts()
    counts.completed = .max
    counts.add(counts)
    #expect(counts.completed == .max)
    var schedule = ScheduleCounts()
    schedule.planned = .max
    schedule.add(schedule)
    #expect(schedule.planned == .max)
  }
}
