import Measuring
import Model
import PostgresIO
import Summary
import TestSupport
import Testing
import Wire

/// The views of checks, iterations, phases and thresholds say what the records do.
@Suite(.enabled(if: PostgresServer.binaries != nil, "PostgreSQL is not installed"))
struct StepViewTests {
  @Test func viewsAddUpWhatTheRecordsSay() throws {
    var source = SplitMix(seed: Fuzz.seed(for: "step-views"))
    let bench = try Bench()
    let store = try bench.store()
    _ = try store.claim(0, evict: true)
    let worker = MadeWorker(run: Identifier(random: &source), seconds: 25, &source)
    let (description, said) = try worker.description()
    let first = StoredRecord(offset: 0, key: nil, value: said.encoded())
    _ = try store.persist([first] + worker.intervals.records(from: 1), partition: 0)

    var builder = SummaryBuilder(description)
    for interval in worker.intervals { builder.add(interval) }
    let summary = builder.summary()
    #expect(summary.isComplete, "\(summary.incompleteness.map(\.text))")
    func rows(_ question: String) throws -> [[String]] { try bench.rows(question).map { $0.map { $0 ?? "" } } }
    let checks = try rows("SELECT name, check_name, passed, failed FROM run_check WHERE NOT is_warm_up ORDER BY 1, 2")
    let expected = summary.names.flatMap { row in
      row.checks.map { [row.name, $0.name, "\($0.passed)", "\($0.failed)"] }
    }
    #expect(checks.count == 4 && Set(checks) == Set(expected))
    let iterations = try rows(
      "SELECT scenario, started, completed, failed, cut, max_us FROM run_iteration WHERE NOT is_warm_up")
    #expect(
      Set(iterations)
        == Set(
          summary.iterations.map {
            [
              $0.name, "\($0.started)", "\($0.completed)", "\($0.failed)", "\($0.cut)",
              "\($0.duration.max?.microseconds ?? 0)",
            ]
          }))
    let phases = try rows("SELECT is_warm_up, completed FROM run_phase ORDER BY is_warm_up DESC")
    #expect(phases == summary.phases.map { [$0.isWarmUp ? "t" : "f", "\($0.counts.completed)"] })
    let sums = try rows(
      "SELECT failed, redirected, retried, completed_per_second > 0 FROM run_summary")
    let totals = summary.totals
    #expect(sums == [["\(totals.err)", "\(totals.counts.redirected)", "\(totals.counts.retried)", "t"]])
    #expect(try rows("SELECT outcomes_residual, is_complete FROM run_ledger") == [["0", "t"]])
    let thresholds = try rows("SELECT threshold, found_us, round(share, 4) FROM run_threshold ORDER BY place")
    try #require(thresholds.count == 3)
    #expect(thresholds.map { $0[0] } == ["p90<1s", "GET /:errors<1%", "checks>=99%"])
    #expect(thresholds[0][1] == "\(totals.response.p90?.microseconds ?? 0)")
    let all = totals.checks.reduce(0) { $0 + $1.passed + $1.failed }
    let share = Double(totals.checks.reduce(0) { $0 + $1.passed }) / Double(all)
    #expect(abs((Double(thresholds[2][2]) ?? 0) - share) < 0.0001)
  }
}
