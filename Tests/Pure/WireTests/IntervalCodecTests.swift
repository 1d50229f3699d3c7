import Bytes
import Measuring
import Model
import Testing

@testable import Wire

@Suite struct IntervalCodecTests {
  @Test func everyIntervalComesBackEqual() throws {
    var source = SplitMix(seed: Setting.seed)
    for round in 0..<200 {
      let interval = Interval.random(&source)
      let bytes = IntervalCodec.encode(interval)
      let back = try IntervalCodec.decode(bytes[...])
      try #require(back == interval, "seed \(Setting.seed), round \(round)")
      try #require(IntervalCodec.encode(back) == bytes, "seed \(Setting.seed), round \(round)")
    }
  }

  /// The end of half an hour at 30,000/s on a target that answered nothing, and times that add up to the very end.
  @Test func sumsOfTimesOfAnySizeComeBack() throws {
    var interval = Golden.empty.interval
    interval.schedule.unsent = 54_000_000
    var waiting = Histogram()
    waiting.record(1_800_000_000, times: 54_000_000)
    interval.worker.lateness = waiting
    interval.worker.response = waiting
    var stalled = NameInterval(name: "a")
    stalled.errors = [ErrorCount(kind: .neverSent, count: 54_000_000)]
    stalled.histograms.censored = waiting
    stalled.histograms.censoredService.record(.max, times: 1 << 40)
    interval.names = [stalled, stalled]
    #expect(stalled.histograms.censoredService.sum == .max)
    let bytes = IntervalCodec.encode(interval)
    #expect(try IntervalCodec.decode(bytes[...]) == interval)
    // Adding them up stops at the end.
    waiting.merge(stalled.histograms.censoredService)
    #expect(waiting.sum == .max)
  }

  /// The most that all counts together may be.
  @Test func countsUpToTheirBudgetComeBack() throws {
    var interval = Golden.empty.interval
    interval.schedule.planned = FieldReader.Budget.highestTotal - 1
    #expect(try IntervalCodec.decode(IntervalCodec.encode(interval)[...]) == interval)
    interval.schedule.planned = FieldReader.Budget.highestTotal - 101
    interval.worker.lateness.record(4_000_000_000, times: 100)
    #expect(try IntervalCodec.decode(IntervalCodec.encode(interval)[...]) == interval)
  }

  @Test func noTruncationDecodes() throws {
    let bytes = IntervalCodec.encode(Golden.rich.interval)
    for length in 0..<bytes.count {
      var cut = Array(bytes[..<length])
      #expect(throws: WireError.self) { try IntervalCodec.decode(cut[...]) }
      if length < 16 { continue }
      // With a length that is right, so that the fields themselves have to notice.
      cut[0] = UInt8(truncatingIfNeeded: length - 4)
      cut[1] = UInt8(truncatingIfNeeded: (length - 4) >> 8)
      #expect(throws: WireError.self) { try IntervalCodec.decode(cut[...]) }
    }
  }

  @Test func aSliceIsReadFromItsOwnStart() throws {
    let bytes = IntervalCodec.encode(Golden.rich.interval)
    let padded = [1, 2, 3] + bytes + [4]
    #expect(try IntervalCodec.decode(padded[3..<padded.count - 1]) == Golden.rich.interval)
  }

  /// What the format has no room for is written as the nearest that it has.
  @Test func spansAreWrittenWithinTheirRange() throws {
    var interval = Golden.empty.interval
    interval.host.steal = TimeSpan(nanoseconds: -5)
    interval.host.cpu = TimeSpan(nanoseconds: .max)
    interval.to = TimeSpan(nanoseconds: .max)
    let back = try IntervalCodec.decode(IntervalCodec.encode(interval)[...])
    #expect(back.host.steal == .zero)
    #expect(back.host.cpu.nanoseconds == 1 << 48 - 1)
    #expect(back.to == TimeSpan.longest)
  }

  /// An ordinary second is small: 50 names with 20 replies each.
  @Test func anOrdinarySecondIsSmall() {
    var interval = Golden.empty.interval
    var source = SplitMix(seed: 1)
    interval.names = (0..<50).map { index in
      var name = NameInterval(name: "GET /api/\(index)")
      for _ in 0..<20 {
        let time = UInt32(1_000 + source.number(bits: 12))
        name.histograms.response.record(time)
        name.histograms.service.record(time - 10)
        name.histograms.firstByte.record(time - 20)
      }
      return name
    }
    #expect(IntervalCodec.encode(interval).count < 10_000)
  }
}
