import Measuring
import Model
import Summary
import Testing

/// Checks, iterations, phases and thresholds of a run.
@Suite struct StepFigureTests {
  /// Three seconds: one of warm-up, then two parts of a shape; a second worker's record of the last.
  static func records() -> [Interval] {
    var records: [Interval] = []
    for second in 0..<3 {
      var interval = MadeRun.interval(UInt64(second) + 1, second: UInt32(second))
      interval.phase = .init(index: UInt16(second / 2), name: second == 2 ? "peak" : "", isWarmUp: second == 0)
      var name = NameInterval.accepted("/", Array(repeating: UInt32(1_000 * (second + 1)), count: 10))
      name.counts.started += 2
      name.counts.completed += 2
      name.counts.redirected = 2
      name.checks = [
        CheckCount(name: "status", passed: 10), CheckCount(name: "total > 0", passed: 7, failed: UInt64(second)),
      ]
      interval.fill([name])
      var iteration = IterationInterval(name: "Buying")
      iteration.started = 5
      iteration.completed = 3
      iteration.failed = 1
      iteration.cut = 1
      iteration.duration.record(UInt32(10_000 * (second + 1)), times: 3)
      interval.iterations = [iteration]
      records.append(interval)
    }
    records[2].final = .init(records: 3, reason: .planEnded)
    return records
  }

  static func summary() throws -> RunSummary {
    var load = try MadeRun.open("12/s", seconds: 3)
    load.warmUp = .seconds(1)
    var description = try MadeRun.description(load)
    description.thresholds = [
      Threshold(
        text: "p99<250ms", name: nil, measure: .percentile(millionths: 990_000), comparison: .below, bound: 250_000),
      Threshold(text: "Cart:rps>1", name: "Cart", measure: .rps, comparison: .above, bound: 1_000_000),
    ]
    var summary = try SummaryBuilderTests.summary(of: records(), description)
    summary.thresholds = [
      ThresholdResult(text: "p99<250ms", passed: true, found: "3.00 ms"),
      ThresholdResult(text: "Cart:rps>1", passed: false, found: "", reason: "no name 'Cart' was measured"),
    ]
    return summary
  }

  @Test func checksAreAddedUpByName() throws {
    let summary = try Self.summary()
    #expect(summary.isComplete, "\(summary.incompleteness.map(\.text))")
    let expected = [CheckCount(name: "status", passed: 20), CheckCount(name: "total > 0", passed: 14, failed: 3)]
    #expect(summary.names[0].checks == expected && summary.totals.checks == expected)
    #expect(summary.totals.counts.redirected == 4 && summary.totals.err == 0 && summary.totals.success == 1)
  }

  @Test func iterationsLeaveTheWarmUpOut() throws {
    let row = try #require(try Self.summary().iterations.first)
    #expect((row.name, row.started, row.completed, row.failed, row.cut) == ("Buying", 10, 6, 2, 2))
    #expect(row.duration.count == 6 && row.duration.max == .exact(30_000) && row.perSecond == 3)
  }

  /// Every iteration that was started has one end, the warm-up's too; one whose worker was killed is unknown.
  @Test func iterationsHaveTheirOwnSum() throws {
    let summary = try Self.summary()
    let sum = try #require(summary.equations.last)
    #expect(sum.text == "iterations started = completed + failed + cut + unknown")
    #expect(sum.left.count == 15 && sum.right.map(\.count) == [9, 3, 3, 0] && sum.residual == 0)
    #expect(try SummaryBuilderTests.summary(of: SummaryBuilderTests.records()).equations.count == 4)

    var spoiled = Self.records()
    spoiled[1].iterations[0].started += 2
    let short = try SummaryBuilderTests.summary(of: spoiled, summary.description)
    #expect(short.equations.last?.residual == 2 && !short.isComplete)
    spoiled[2].final = nil
    let killed = try SummaryBuilderTests.summary(of: spoiled, summary.description)
    #expect(killed.equations.last?.right.last?.count == 2 && killed.equations.last?.residual == 0)
  }

  @Test func theWarmUpHasItsOwnNames() throws {
    let summary = try Self.summary()
    let warmUp = try #require(summary.warmUp)
    #expect(warmUp.names.map(\.name) == ["/"] && warmUp.totals.ok == 10 && warmUp.totals.counts.redirected == 2)
    #expect(warmUp.names[0].response.max == .exact(1_000) && warmUp.names[0].rps == 12)
    #expect(warmUp.names[0].checks.map(\.passed) == [10, 7] && summary.totals.ok == 20)
    #expect(try SummaryBuilderTests.summary(of: SummaryBuilderTests.records()).warmUp == nil)
  }

  @Test func phasesAreTheWarmUpAndTheParts() throws {
    let summary = try Self.summary()
    let phases = summary.phases
    #expect(phases.map(\.isWarmUp) == [true, false, false])
    #expect(phases.map(\.index) == [0, 0, 1] && phases.map(\.name) == ["", "", "peak"])
    #expect(phases.map(\.from) == [.zero, .seconds(1), .seconds(2)])
    #expect(phases.map(\.to) == [.seconds(1), .seconds(2), .seconds(3)])
    #expect(phases.map(\.counts.accepted) == [10, 10, 10] && phases.map(\.rps) == [12, 12, 12])
    #expect(phases.map(\.response.max) == [.exact(1_000), .exact(2_000), .exact(3_000)])
    // Rates are of the measured time alone.
    #expect(summary.rateOffered == 12 && summary.totals.rps == 12 && summary.totals.throughput == 10)
    #expect(try SummaryBuilderTests.summary(of: SummaryBuilderTests.records()).phases.isEmpty)
  }

  /// Replies of the warm-up that come later belong to it, and make it no longer.
  @Test func lateRepliesOfTheWarmUp() throws {
    var records = Self.records()
    var late = MadeRun.interval(4, second: 2)
    late.phase = .init(index: 1, name: "peak", isWarmUp: true)
    late.loops = []
    late.names = [.accepted("/", [2_500_000])]
    late.names[0].counts.started = 0
    late.names[0].counts.written = 0
    records[2].final?.records = 4
    records[0].names[0].counts.started += 1
    records[0].schedule.planned += 1
    records[0].schedule.started += 1
    let summary = try SummaryBuilderTests.summary(of: records + [late])
    #expect(summary.isComplete && summary.counts.warmUp.accepted == 11)
    #expect(summary.phases.filter { !$0.isWarmUp }.map(\.counts.accepted) == [10, 10])
    #expect(summary.totals.response.max == .exact(3_000))
  }

  @Test func aBrokenThresholdIsTheVerdict() throws {
    var summary = try Self.summary()
    #expect(summary.verdict == .thresholds && summary.verdict.exitCode == 99)
    summary.thresholds.removeLast()
    #expect(summary.verdict == .passed)
    summary.thresholds[0].passed = false
    summary.endReason = .stopped
    #expect(summary.verdict == .stopped)
  }
}
