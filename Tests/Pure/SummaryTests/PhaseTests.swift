import Measuring
import Model
import Summary
import Testing

@Suite struct PhaseTests {
  /// Warm-up counts towards the sums, and towards no figure.
  @Test func warmUpIsNeverMixed() throws {
    var records = SummaryBuilderTests.records()
    var warm = MadeRun.interval(4, second: 0)
    warm.phase = .init(index: 0, name: "warm-up", isWarmUp: true)
    warm.fill([.accepted("/", Array(repeating: 5_000_000, count: 50))])
    records[2].final?.records = 4
    let plain = try SummaryBuilderTests.summary(of: SummaryBuilderTests.records())
    let summary = try SummaryBuilderTests.summary(of: records + [warm])
    #expect(summary.isComplete)
    #expect(summary.totals == plain.totals)
    #expect(summary.names == plain.names)
    #expect(summary.counts.warmUp.completed == 50)
    #expect(summary.equations[1].left.count == 80)
    #expect(summary.timeline.map(\.isWarmUp) == [true, false, false, false])
    #expect(summary.timeline[0].names.all.isEmpty)
    #expect(summary.generator.response == plain.generator.response)
  }

  @Test func aStoppedRunsRateIsThatOfTheTimeItRan() throws {
    var records = SummaryBuilderTests.records()
    records[2].final = .init(records: 3, reason: .stopped)
    let description = try MadeRun.description(MadeRun.open("10/s", seconds: 60))
    let summary = try SummaryBuilderTests.summary(of: records, description)
    #expect(summary.planTime == .seconds(3))
    #expect(summary.rateOffered == 10)
    #expect(summary.verdict == .stopped)
  }

  @Test func theClosedModelOffersNoRate() throws {
    let description = try MadeRun.description(Load(model: .users(3), duration: .seconds(3)))
    let summary = try SummaryBuilderTests.summary(of: SummaryBuilderTests.records(), description)
    #expect(summary.rateOffered == nil)
    #expect(summary.planTime == .seconds(3))
    #expect(summary.totals.throughput == 9)
  }

  @Test func theWorstReasonOfSeveralWorkersCounts() throws {
    var other = MadeRun.interval(1, second: 0, incarnation: 2)
    other.final = .init(records: 1, reason: .failed)
    let description = try MadeRun.description(
      MadeRun.open(), incarnations: [.init(id: MadeRun.incarnation(1)), .init(id: MadeRun.incarnation(2))])
    let summary = try SummaryBuilderTests.summary(of: SummaryBuilderTests.records() + [other], description)
    #expect(summary.endReason == .failed)
    #expect(summary.verdict == .failed)
  }

  /// The instant that the loops state counts, not the end of the second in which it lies.
  @Test func theLastEndIsTheInstantThatTheLoopsState() throws {
    var builder = SummaryBuilder(try MadeRun.description(try MadeRun.open("1/s", seconds: 10)))
    for second in (0..<10).reversed() {
      var interval = MadeRun.interval(UInt64(second) + 1, second: UInt32(second))
      interval.fill([.accepted("/", [2_000])])
      interval.loops[0].lastEnd = .seconds(Int64(second)) + .milliseconds(2)
      if second == 9 { interval.final = .init(records: 10, reason: .planEnded) }
      builder.add(interval)
    }
    let summary = builder.summary()
    #expect(summary.timeToLastEnd == .seconds(9) + .milliseconds(2))
    #expect(abs(summary.totals.rps - 10 / 9.002) < 1e-9)
  }

  @Test func requestsHeldBackByTheCapAreSummedUp() throws {
    var builder = SummaryBuilder(try MadeRun.description(try MadeRun.open()))
    for second in 0..<3 {
      var interval = MadeRun.interval(UInt64(second) + 1, second: UInt32(second))
      interval.fill([.accepted("/", [2_000])])
      interval.loops.append(LoopSecond())
      interval.loops[0].capped = 3
      interval.loops[1].capped = UInt64(second)
      builder.add(interval)
    }
    #expect(builder.summary().counts.capped == 12)
  }

  /// A rate divides by the time to the last end, not by the whole grace period after it.
  @Test func waitingAtTheEndIsNoPartOfTheThroughput() throws {
    var records = SummaryBuilderTests.records()
    records[2].final = nil
    var last = MadeRun.interval(4, second: 3)
    last.to = .seconds(30)
    last.final = .init(records: 4, reason: .planEnded)
    records.append(last)
    let summary = try SummaryBuilderTests.summary(of: records)
    #expect(summary.timeToLastEnd == .seconds(3))
    #expect(summary.totals.throughput == 9)
  }

  /// Replies after the plan's end count, and so does the time until them.
  @Test func theTimeToTheLastEndGoesBeyondThePlan() throws {
    var records = SummaryBuilderTests.records()
    records[2].names[0].counts.completed -= 5
    records[2].names[0].counts.accepted -= 5
    records[2].final = nil
    var late = MadeRun.interval(4, second: 3)
    late.names = [.accepted("/", Array(repeating: 1_500_000, count: 5))]
    late.names[0].counts.started = 0
    late.final = .init(records: 4, reason: .planEnded)
    let summary = try SummaryBuilderTests.summary(of: records + [late])
    #expect(summary.isComplete)
    #expect(summary.planTime == .seconds(3))
    #expect(summary.timeToLastEnd == .seconds(4))
    #expect(summary.totals.rps == 7.5)
    #expect(summary.rateOffered == 10)
  }

  /// What was never sent has no service time, and bounds of the two times differ.
  @Test func serviceTimesHaveBoundsOfTheirOwn() throws {
    var record = MadeRun.interval(1, second: 0)
    var name = NameInterval.accepted("/", [1_000, 1_000])
    name.fail(.timeout, [800_000])
    name.fail(.neverSent, [900_000])
    record.fill([name])
    record.final = .init(records: 1, reason: .planEnded)
    let totals = try SummaryBuilderTests.summary(of: [record]).totals
    #expect(totals.response.count == 4)
    #expect(totals.response.max == .atLeast(900_000))
    #expect(totals.service.count == 3)
    #expect(totals.service.censored == 1)
    #expect(totals.service.max == .atLeast(400_000))
  }
}
