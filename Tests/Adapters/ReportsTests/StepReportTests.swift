import Measuring
import Model
import Summary
import Testing

@testable import Reports

/// What a plan with steps, a shape and thresholds adds to the report.
@Suite struct StepReportTests {
  private static func summary() throws -> RunSummary {
    var load = Load(model: .arrivals(.perSecond(10)), duration: .seconds(2))
    load.warmUp = .seconds(1)
    var records: [Interval] = []
    for second in 0..<2 as Range<UInt32> {
      var name = SampleRun.name("Cart", count: 10, step: 1_000)
      name.counts.completed += 3
      name.counts.started += 3
      name.counts.redirected = 2
      name.counts.retried = 1
      name.checks = [CheckCount(name: "status 200", passed: 10), CheckCount(name: "=total", passed: 9, failed: 1)]
      var interval = SampleRun.interval(second, [name])
      interval.phase = .init(index: 0, name: "peak", isWarmUp: second == 0)
      interval.iterations = [IterationInterval(name: "Buying")]
      interval.iterations[0].started = 4
      interval.iterations[0].completed = 2
      interval.iterations[0].failed = 1
      interval.iterations[0].cut = 1
      interval.iterations[0].duration.record(50_000, times: 2)
      records.append(interval)
    }
    records[1].final = .init(records: 2, reason: .planEnded)
    var builder = SummaryBuilder(
      try SampleRun.description(load, targets: [("Cart", "http://127.0.0.1:8080/cart")]))
    for record in records { builder.add(record) }
    var summary = builder.summary()
    summary.thresholds = [
      ThresholdResult(text: "p99<250ms", passed: true, found: "9.98 ms"),
      ThresholdResult(text: "Pay:errors<1%", passed: false, found: "", reason: "nothing was measured under 'Pay'"),
    ]
    return summary
  }

  @Test func everyPartIsShown() throws {
    let text = TerminalReport.text(try Self.summary(), width: 100, colour: false)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    for expected in [
      "1 of 2 thresholds are BROKEN.", "  ✓ p99<250ms: 9.98 ms",
      "  ✗ Pay:errors<1% (nothing was measured under 'Pay')", "  ✓ Cart: status 200: 10 of 10 (100 %)",
      "  ✗ Cart: =total: 9 of 10 (90.0 %)",
      "  8 iterations started = 4 completed + 2 failed + 2 cut + 0 unknown: holds",
      "Redirects followed: 2 (requests, each counted; the response is the chain's last reply)",
      "Tried again: 1 request failed and was followed by another try",
      "Result: failed, a threshold is broken (exit code 99)",
    ] { #expect(lines.contains(expected), "\(expected) in\n\(text)") }
    let verdict = try #require(lines.firstIndex { $0.contains("BROKEN") })
    let tables = try #require(lines.firstIndex { $0.hasPrefix("Response time") })
    #expect(verdict < tables)
    let phases = lines.filter { $0.contains("peak") }
    #expect(phases.contains { $0.contains(" 0 s ") } && !phases.contains { $0.contains("0 µs") }, "\(phases)")
    let warm = try #require(lines.firstIndex(of: "Warm-up by name, with response times:"))
    #expect(lines[warm + 2].split(separator: " ").prefix(3) == ["Cart", "10", "0"])
    #expect(phases.count == 2 && phases[0].hasPrefix("warm-up (peak)") && phases[0].contains("10.0 ms"))
    let scenario = try #require(lines.first { $0.hasPrefix("Buying") })
    #expect(scenario.split(separator: " ").prefix(4) == ["Buying", "2", "1", "1"] && scenario.contains("50.0 ms"))
  }

  @Test func csvHoldsChecksAndParts() throws {
    let summary = try Self.summary()
    let names = String(decoding: NamesCSV.encode(summary), as: UTF8.self).split(whereSeparator: \.isNewline)
    #expect(names[0].hasSuffix("redirected,retried,checks_passed,checks_failed,checks"))
    #expect(names[1].hasSuffix(",2,1,19,1,status 200=10/10; =total=9/10"))
    #expect(names.map { $0.split(separator: ",")[0] } == ["scope", "name", "total", "warm-up"])
    let seconds = String(decoding: IntervalsCSV.encode(summary), as: UTF8.self).split(whereSeparator: \.isNewline)
    #expect(seconds[0].hasSuffix(",tainted,part") && seconds[1].contains("warm-up,total"))
    #expect(seconds[1].hasSuffix(",,0"))
    func table(_ table: StepsCSV) throws -> [[String]] { try CSVTests.cells(try #require(table.encode(summary))) }
    #expect(
      try table(.thresholds) == [
        ["threshold", "passed", "found", "reason"], ["p99<250ms", "true", "9.98 ms", ""],
        ["Pay:errors<1%", "false", "", "nothing was measured under 'Pay'"],
      ])
    let phases = try table(.phases)
    #expect(
      phases.map { Array($0.prefix(5)) }[1...] == [
        ["warm-up", "peak", "0", "0", "1000000"], ["measured", "peak", "0", "1000000", "2000000"],
      ])
    #expect(phases.allSatisfy { $0.count == StepsCSV.phases.columns.count })
    let iterations = try table(.iterations)
    #expect(iterations[1].prefix(5) == ["Buying", "4", "2", "1", "1"] && iterations[0].count == iterations[1].count)
    #expect(
      try table(.checks)[1...] == [
        ["warm-up", "Cart", "", "status 200", "10", "0"], ["warm-up", "Cart", "", "'=total", "9", "1"],
        ["measured", "Cart", "", "status 200", "10", "0"], ["measured", "Cart", "", "'=total", "9", "1"],
      ])
    let plain = try SampleRun.mixed()
    #expect(StepsCSV.allCases.allSatisfy { $0.encode(plain) == nil })
    #expect(Set(seconds.map { $0.split(separator: ",", omittingEmptySubsequences: false).count }).count == 1)
  }
}
