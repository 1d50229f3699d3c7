import Measuring
import Model
import Testing

@testable import Summary

/// What a long run costs in memory.
@Suite struct LongRunTests {
  private static func interval(_ second: UInt32, worker: UInt64 = 1) -> Interval {
    var interval = MadeRun.interval(UInt64(second) + 1, second: second, incarnation: worker)
    var state = UInt64(second) &* 977 &+ worker
    let times = (0..<200).map { _ -> UInt32 in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt32(state >> 44)
    }
    interval.fill([.accepted("/", times)])
    interval.worker.lateness.record(UInt32(second) + 1, times: 9)
    return interval
  }

  /// Only the latest seconds are kept unpacked, in whatever order records come.
  @Test func secondsThatAreOverArePacked() throws {
    var builder = SummaryBuilder(try MadeRun.description(try MadeRun.open("200/s", seconds: 50)))
    for second in (0..<50 as Range<UInt32>) {
      builder.add(Self.interval(second))
      #expect(builder.seconds.values.count { !$0.isPacked } <= SummaryBuilder.mostOpen)
    }
    builder.add(Self.interval(3, worker: 2))
    #expect(builder.seconds.values.count { !$0.isPacked } <= SummaryBuilder.mostOpen)
    #expect(builder.open.count == SummaryBuilder.mostOpen)
    #expect(builder.seconds.count == 50)
    // A second's only name keeps its curve, which all of it shares.
    for (key, second) in builder.seconds { #expect(second.responseCurve.count == (key.second == 3 ? 400 : 200)) }
  }

  /// The same seconds whether a late worker's records come in time or when everything is packed.
  @Test func lateRecordsCountTheSame() throws {
    let description = try MadeRun.description(try MadeRun.open("200/s", seconds: 20))
    let first = (0..<20 as Range<UInt32>).map { Self.interval($0) }
    let second = (0..<20 as Range<UInt32>).map { Self.interval($0, worker: 2) }
    var inTime = SummaryBuilder(description)
    for (a, b) in zip(first, second) {
      inTime.add(a)
      inTime.add(b)
    }
    var late = SummaryBuilder(description)
    for interval in first + second.reversed() { late.add(interval) }
    #expect(inTime.summary().timeline == late.summary().timeline)
    for (second, interval) in late.summary().timeline.enumerated() {
      #expect(interval.response.count == 400)
      #expect(interval.latenessP99 == UInt32(second) + 1 || interval.latenessP99 == 10)
    }
  }

  /// A second with 200 different times, in bytes: three a bucket where an open curve takes 24.
  @Test func aPackedCurveIsSmall() throws {
    var curve = KeptCurve()
    var accepted = Histogram()
    for step in 0..<200 as Range<UInt32> { accepted.record(1_000 + step * 37) }
    let whole = PercentileCurve(accepted: accepted)
    curve.merge(whole)
    #expect(!curve.isPacked && curve.figures == SecondFigures(whole))
    curve.pack()
    #expect(curve.isPacked && curve.figures == SecondFigures(whole))
    curve.merge(whole)
    var twice = whole
    twice.merge(whole)
    #expect(!curve.isPacked && curve.figures == SecondFigures(twice))
  }
}
