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
    #expect(
      try rows("SELECT iterations_started, iterations_unknown, iterations_residual FROM run_ledger")
        == [["\(summary.counts.iterations.started)", "0", "0"]])
    let warmUp = try rows("SELECT name, accepted, failed, p50_us FROM run_warm_up ORDER BY name")
    #expect(
      warmUp
        == summary.warmUp.map {
          $0.names.map { [$0.name, "\($0.ok)", "\($0.err)", "\($0.response.p50?.microseconds ?? 0)"] }
        })
    let reasons = try rows(
      "SELECT name, error, reason, failures FROM run_cause WHERE NOT is_warm_up")
    let causes = summary.names.flatMap { row in
      row.causes.map { [row.name, $0.kind.word, $0.text, "\($0.count)"] }
    }
    #expect(reasons.count == 4 && Set(reasons) == Set(causes))
    #expect(try rows("SELECT mean_us FROM run_summary") == [["\(totals.response.mean?.microseconds ?? 0)"]])
  }

  /// Every measure with every comparison, at and beside what was found: the view's verdict is the program's.
  @Test func verdictsAreTheProgramsOwn() throws {
    var source = SplitMix(seed: Fuzz.seed(for: "verdict-views"))
    let measures: [Threshold.Measure] = [
      .percentile(millionths: 0), .percentile(millionths: 500_000), .percentile(millionths: 990_000),
      .percentile(millionths: 1_000_000), .mean, .least, .greatest, .errors, .rps, .checks,
    ]
    for round in 0..<4 {
      let bench = try Bench()
      let store = try bench.store()
      _ = try store.claim(0, evict: true)
      var worker = MadeWorker(run: Identifier(random: &source), seconds: 4, &source)
      for place in worker.intervals.indices where round < 3 {
        worker.intervals[place].loops[0].lastEnd = .milliseconds(Int64(place) * 1_000 + 777)
        if round > 0 { continue }
        // Without a request that was given up.
        for name in worker.intervals[place].names.indices {
          worker.intervals[place].names[name].histograms.censored = Histogram()
        }
      }
      var (description, _) = try worker.description()
      var builder = SummaryBuilder(description)
      for interval in worker.intervals { builder.add(interval) }
      description.thresholds = []
      for name in [nil, "GET /a", "nobody"] as [String?] {
        let figures = builder.measured(name)
        for measure in measures {
          let found = Self.found(measure, figures)
          for comparison in Threshold.Comparison.allCases {
            for beside in [-1, 0, 1] as [Int64] {
              description.thresholds.append(
                Threshold(
                  text: "\(measure) \(comparison) \(found) \(beside)", name: name, measure: measure,
                  comparison: comparison, bound: found + beside))
            }
          }
        }
      }
      let record = RunRecord(
        run: worker.run, incarnation: worker.incarnation, name: "shop", version: "test",
        description: String(decoding: description.json, as: UTF8.self))
      _ = try store.persist(
        [StoredRecord(offset: 0, key: nil, value: record.encoded())] + worker.intervals.records(from: 1), partition: 0)
      let summary = try #require(try RunArchive(bench.database).summary(of: worker.run))
      let said = try bench.rows("SELECT threshold, holds FROM run_threshold ORDER BY place")
      #expect(said.count == 360 && Set(said.map { $0[1] }) == ["t", "f"])
      for (row, result) in zip(said, summary.thresholds) where row != [result.text, result.passed ? "t" : "f"] {
        Issue.record("\(row) in SQL, \(result) in the program")
      }
      let verdict = try bench.rows("SELECT verdict, exit_code, thresholds, broken, end_reason FROM run_verdict")
      let broken = summary.thresholds.count { !$0.passed }
      #expect(
        verdict == [
          [summary.verdict.rawValue, "\(summary.verdict.exitCode)", "360", "\(broken)", "plan_ended"]
        ])
      let rate = try bench.value("SELECT per_second FROM run_threshold WHERE measure = 'rps' AND name IS NULL LIMIT 1")
      #expect(abs((rate.flatMap { Double($0) } ?? 0) - summary.totals.rps) < 0.00001)
      let all = try bench.value("SELECT completed_per_second FROM run_summary")
      #expect(all == rate)
    }
  }

  /// What was found, in the bound's unit.
  private static func found(_ measure: Threshold.Measure, _ figures: MeasuredFigures?) -> Int64 {
    guard let figures else { return 1 }
    func reading(_ reading: Reading?) -> Int64 { Int64(reading?.microseconds ?? 0) }
    switch measure {
    case .percentile(let millionths): return reading(figures.response.reading(Double(millionths) / 10_000))
    case .mean: return reading(figures.response.mean)
    case .least: return reading(figures.response.minimum)
    case .greatest: return reading(figures.response.maximum)
    case .errors: return Int64(Double(figures.counts.failed) / Double(figures.counts.outcomes) * 1e6)
    case .checks:
      return Int64(Double(figures.checksPassed) / Double(figures.checksPassed + figures.checksFailed) * 1e6)
    case .rps: return Int64(Double(figures.counts.completed) / figures.seconds * 1e6)
    }
  }

  /// Neither a lost record nor a person's stop passes, whatever the thresholds say.
  @Test func whatIsNotCompleteNeverPasses() throws {
    var source = SplitMix(seed: 11)
    let bench = try Bench()
    let store = try bench.store()
    _ = try store.claim(0, evict: true)
    let worker = MadeWorker(run: Identifier(random: &source), seconds: 4, &source)
    var (description, _) = try worker.description()
    description.thresholds = [
      Threshold(text: "rps>0", name: nil, measure: .rps, comparison: .above, bound: 0)
    ]
    let record = RunRecord(
      run: worker.run, incarnation: worker.incarnation, name: "shop", version: "test",
      description: String(decoding: description.json, as: UTF8.self))
    var records = [StoredRecord(offset: 0, key: nil, value: record.encoded())] + worker.intervals.records(from: 1)
    let missing = records.remove(at: 2)
    _ = try store.persist(records, partition: 0)
    let ask = "SELECT verdict, exit_code, broken FROM run_verdict"
    #expect(try bench.rows(ask) == [["incomplete", "3", "0"]])
    _ = try store.persist([StoredRecord(offset: 9, key: nil, value: missing.value)], partition: 0)
    #expect(try bench.rows(ask) == [["passed", "0", "0"]])
  }
}
