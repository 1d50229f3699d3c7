import Measuring
import Model
import Testing

@testable import Wire

@Suite struct SplitTests {
  /// A second with so many names, each of about 170 bytes, every other field in use.
  private func second(names: Int) -> Interval {
    var interval = Golden.rich.interval
    interval.iterations = Golden.steps.interval.iterations
    interval.final = Interval.Final(records: 300, reason: .planEnded)
    interval.names = (0..<names).map { index in
      var name = NameInterval(name: "GET /a/rather/long/path/that/takes/its/room/in/the/record/\(index)")
      name.counts.started = UInt64(index)
      for value in 1...50 { name.histograms.response.record(UInt32(value * 100), times: UInt64(index + 1)) }
      return name
    }
    return interval
  }

  @Test func whatFitsStaysWhole() {
    let interval = second(names: 20)
    #expect(IntervalCodec.split(interval) == [interval])
    #expect(IntervalCodec.split(Golden.empty.interval) == [Golden.empty.interval])
  }

  @Test func partsFitAndAddUp() throws {
    let interval = second(names: 200)
    let parts = IntervalCodec.split(interval, limit: 5_000)
    #expect(parts.count > 5)
    for (index, part) in parts.enumerated() {
      let bytes = IntervalCodec.encode(part)
      #expect(bytes.count <= 5_000)
      #expect(try IntervalCodec.decode(bytes[...]) == part)
      #expect(part.key.sequence == 300 + UInt64(index))
      #expect(part.second == interval.second && part.from == interval.from && part.to == interval.to)
      #expect(part.phase == interval.phase && part.epoch == interval.epoch)
      #expect(part.key.run == interval.key.run && part.key.incarnation == interval.key.incarnation)
      #expect(part.loops == (index == 0 ? interval.loops : []))
      #expect(part.host == (index == 0 ? interval.host : HostSecond()))
      #expect(part.schedule == (index == 0 ? interval.schedule : ScheduleCounts()))
      #expect(part.iterations == (index == 0 ? interval.iterations : []))
      #expect(part.worker == (index == 0 ? interval.worker : WorkerHistograms()))
    }
    #expect(parts.flatMap(\.names) == interval.names)
    #expect(parts.dropLast().allSatisfy { $0.final == nil })
    #expect(parts.last?.final?.records == parts.last?.key.sequence)
    #expect(parts.last?.final?.reason == .planEnded)
  }

  @Test func aNameBeyondTheLimitStandsAlone() throws {
    let parts = IntervalCodec.split(second(names: 4), limit: 100)
    #expect(parts.map(\.names.count) == [0, 1, 1, 1, 1])
    #expect(parts[0].loops.count == 2)
  }

  /// 1,000 names with slow replies need little room as bytes and much in memory, which the format bounds too.
  @Test func partsStayWithinTheBucketsAllowed() throws {
    var interval = Golden.empty.interval
    interval.names = (0..<1_000).map { index in
      var name = NameInterval(name: "\(index)")
      name.histograms.response.record(3_600_000_000)
      name.histograms.service.record(3_600_000_000)
      return name
    }
    let parts = IntervalCodec.split(interval)
    #expect(parts.count == 2)
    for part in parts { #expect(try IntervalCodec.decode(IntervalCodec.encode(part)[...]) == part) }
    #expect(parts.flatMap(\.names) == interval.names)
  }
}
