import Foundation
import Measuring
import Model
import PostgresIO
import Processes
import TestSupport
import Testing
import Wire

@Suite(.enabled(if: PostgresServer.binaries != nil, "PostgreSQL is not installed"))
struct ViewTests {
  /// Everything that storing can change, in a form that doesn't depend on when and in which order it was stored.
  private static let tables = """
    SELECT 'h', run::text, incarnation::text, sequence, second, requests_completed::text FROM record_header
    UNION ALL SELECT 'n', run::text, incarnation::text, sequence, second,
      concat(name, started, statuses, status_counts, errors, custom_values, response, censored) FROM record_name
    UNION ALL SELECT 'w', run::text, incarnation::text, sequence, second, concat(loops, lateness) FROM record_worker
    UNION ALL SELECT 's', run::text, name, span_seconds, second, concat(tenant, is_warm_up, started, written, answered,
      completed, accepted, resent, bytes_out, bytes_in, statuses, errors, custom, response, service, failed, censored,
      censored_service, connect, first_byte) FROM name_sum
    ORDER BY 1, 2, 3, 4, 5, 6
    """

  @Test func anyOrderRepeatsAndSplitsOfBatchesGiveTheSameTables() throws {
    var source = SplitMix(seed: Fuzz.seed(for: "batches"))
    let run = Identifier(random: &source)
    // Names that Swift's strings hold for equal are two.
    let workers = (0..<3).map { _ in
      MadeWorker(run: run, seconds: 25, names: ["GET /", "ä", "a\u{308}"], &source)
    }
    let intervals = workers.flatMap(\.intervals)
    var expected: [[String?]] = []
    for round in 0..<5 {
      let bench = try Bench()
      let store = try bench.store()
      var partitions: [[Interval]] = [intervals]
      if round > 0 {
        partitions = [[], [], []]
        for interval in intervals + intervals.shuffled(using: &source).prefix(30) {
          partitions[Int.random(in: 0..<3, using: &source)].append(interval)
        }
      }
      for (partition, intervals) in partitions.enumerated() {
        let number = Int32(partition)
        _ = try store.claim(number, evict: true)
        var rest = (round > 0 ? intervals.shuffled(using: &source) : intervals).records()[...]
        while !rest.isEmpty {
          let batch = Array(rest.prefix(round == 0 ? 1_000 : Int.random(in: 1...20, using: &source)))
          _ = try store.persist(batch, partition: number)
          rest = rest.dropFirst(batch.count)
          // Now and then a batch comes again, as after a COMMIT of which nobody knew.
          if source.next().isMultiple(of: 4) {
            #expect(try store.persist(batch, partition: number).skipped == batch.count)
          }
        }
      }
      let rows = try bench.rows(Self.tables)
      if round == 0 { expected = rows }
      #expect(rows.count > 200 && rows == expected, "round \(round)")
      #expect(try bench.value("SELECT is_complete FROM run_ledger") == "t")
    }
  }

  @Test func figuresAreThoseOfTheRecords() throws {
    var source = SplitMix(seed: Fuzz.seed(for: "views"))
    let bench = try Bench()
    let store = try bench.store()
    let run = Identifier(random: &source)
    let workers = (0..<2).map { _ in MadeWorker(run: run, seconds: 21, &source) }
    for (partition, worker) in workers.enumerated() {
      _ = try store.claim(Int32(partition), evict: true)
      _ = try store.persist(worker.intervals.records(), partition: Int32(partition))
    }
    let measured = workers.flatMap(\.intervals).filter { !$0.phase.isWarmUp }.flatMap(\.names)
    for name in ["GET /", "GET /a"] {
      var histograms = NameHistograms()
      var counts = RequestCounts()
      for one in measured where one.name == name {
        histograms.merge(one.histograms)
        counts.add(one.counts)
      }
      let row = try bench.rows(
        """
        SELECT completed, failed, p99_us, p99_is_lower_bound, p50_us, statuses->>'200'
        FROM run_endpoint WHERE NOT is_warm_up AND name = '\(name)'
        """)[0]
      let p99 = Reading.percentile(99, accepted: histograms.response, censored: histograms.censored)
      let p50 = Reading.percentile(50, accepted: histograms.response, censored: histograms.censored)
      #expect(
        row == [
          "\(counts.completed)", "\(counts.failed)", p99.map { "\($0.microseconds)" },
          p99.map { $0.isLowerBound ? "t" : "f" }, p50.map { "\($0.microseconds)" }, "\(counts.accepted)",
        ])
    }
    let all = measured.reduce(UInt64(0)) { $0 + $1.counts.completed }
    #expect(
      try bench.rows("SELECT workers, completed, seconds, is_complete FROM run_summary")
        == [["2", "\(all)", "21.000", "t"]])
    #expect(
      try bench.value("SELECT sum(completed) FROM run_timeline WHERE NOT is_warm_up") == "\(all)")
    #expect(try bench.value("SELECT count(*) FROM run_timeline WHERE NOT is_warm_up") == "3")
  }

  @Test func whatIsMissingShowsInTheLedger() throws {
    var source = SplitMix(seed: 8)
    let bench = try Bench()
    let store = try bench.store()
    var worker = MadeWorker(run: Identifier(random: &source), seconds: 6, &source)
    worker.intervals[1].schedule.planned += 2
    worker.intervals[4].names[0].counts.started += 5
    let records = worker.intervals.records()
    _ = try store.claim(0, evict: true)
    let ledger = """
      SELECT schedule_residual, requests_residual, unknown, missing_records, finals, is_complete FROM run_ledger
      """
    // The third record never comes, the last not yet.
    _ = try store.persist([records[0], records[1], records[3], records[4]], partition: 0)
    #expect(try bench.rows(ledger) == [["2", "0", "5", "1", "0", "f"]])
    let last = StoredRecord(offset: 9, key: nil, value: records[5].value)
    _ = try store.persist([last], partition: 0)
    // With the last record there nothing is unknown any more: the sum does not hold.
    #expect(try bench.rows(ledger) == [["2", "5", "0", "1", "1", "f"]])
    #expect(try bench.value("SELECT never_seen FROM partition_ledger") == "5")
  }

  /// Whatever somebody finds in the database is in the guide, and no view needs what may be dropped.
  @Test func theGuideNamesEveryTableAndView() throws {
    let bench = try Bench()
    let guide = try String(contentsOfFile: "\(Places.root)/docs/sql.md", encoding: .utf8)
    let names = try bench.rows(
      """
      SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
      WHERE nspname = 'public' AND relkind IN ('r', 'p', 'v') AND NOT relispartition ORDER BY 1
      """
    ).compactMap { $0[0] }
    #expect(names.count > 25)
    for name in names where !guide.contains("`\(name)`") { Issue.record("docs/sql.md does not name \(name)") }
    for table in ["record_name", "record_worker"] {
      #expect(
        try bench.value("SELECT count(*) FROM information_schema.view_table_usage WHERE table_name = '\(table)'") == "0"
      )
    }
  }

  @Test func everyExampleOfTheGuideRuns() throws {
    var source = SplitMix(seed: 9)
    let bench = try Bench()
    let store = try bench.store()
    let worker = MadeWorker(run: Identifier(random: &source), seconds: 30, &source)
    _ = try FleetStore(bench.database).submit(
      NewTest(
        run: worker.run, name: "shop", plan: "{}", workersWanted: nil, submittedBy: "ann", idempotencyKey: nil))
    _ = try store.claim(0, evict: true)
    let said = StoredRecord(offset: 0, key: nil, value: try worker.description().record.encoded())
    _ = try store.persist([said] + worker.intervals.records(from: 1), partition: 0)
    let guide = try String(contentsOfFile: "\(Places.root)/docs/sql.md", encoding: .utf8)
    let examples = guide.components(separatedBy: "```sql\n").dropFirst().compactMap {
      $0.components(separatedBy: "```").first
    }
    #expect(examples.count == 19)
    for example in examples {
      var psql = Command(
        "\(PostgresServer.binaries ?? "")/psql",
        ["-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-v", "run=\(worker.run)", "-d", bench.url])
      psql.input = .bytes(Array(example.utf8))
      let done = try ChildProcess.run(psql, within: .seconds(20))
      #expect(done.exit.isSuccess && !done.text.isEmpty, "\(example)\(done.errorText)")
    }
  }
}
