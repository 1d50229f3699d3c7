import Measuring
import Model
import PostgresIO
import Summary
import TestSupport
import Testing
import Wire

@Suite(.enabled(if: PostgresServer.binaries != nil, "PostgreSQL is not installed"))
struct RunArchiveTests {
  private func description(_ run: Identifier, _ lives: [Identifier], loops: Int = 2) throws -> RunDescription {
    let target = Target(name: "GET /a", url: try TargetURL(text: "http://127.0.0.1:80/a"))
    let plan = Plan(
      name: "shop", targets: [target],
      load: Load(model: .arrivals(try Rate(text: "50/s")), duration: .seconds(40)))
    return RunDescription(
      plan: plan, run: run, incarnations: lives.map { .init(id: $0) },
      start: .init(secondsSince1970: 1_767_225_600, text: "2026-01-01T00:00:00Z"), loops: loops, cpus: 2,
      pacing: .spinning, targetIsHere: true, version: "test")
  }

  /// A run's records with everything in them that a summary looks at.
  private func worker(_ run: Identifier, seconds: Int, _ source: inout SplitMix) -> MadeWorker {
    var worker = MadeWorker(run: run, seconds: seconds, names: ["GET /", "GET /a", "ä"], &source)
    var completed: UInt64 = 0
    for place in worker.intervals.indices {
      func number() -> UInt64 { UInt64.random(in: 0...9, using: &source) }
      var loop = LoopSecond()
      loop.loop = 1
      loop.busy = .milliseconds(Int64(number()) * 105)
      loop.longestTurn = .milliseconds(Int64(number()))
      (loop.late, loop.folded, loop.leniencies, loop.capped) = (number(), number(), number(), number())
      (loop.inFlight, loop.connections, loop.waiting, loop.users) = (3, 4, 5, 6)
      loop.http2 = number()
      loop.takenUpTo = .max
      loop.lastEnd = .microseconds(Int64(place) * 1_000_000 + 123_456)
      worker.intervals[place].loops = [LoopSecond(), loop]
      worker.intervals[place].host.cpus = 2
      worker.intervals[place].host.steal = .milliseconds(Int64(number()) * 10)
      worker.intervals[place].host.throttled = .milliseconds(Int64(number()) * 5)
      worker.intervals[place].worker.response.record(77, times: 3)
      worker.intervals[place].schedule.unsent = number()
      worker.intervals[place].schedule.planned += worker.intervals[place].schedule.unsent
      if !worker.intervals[place].names.isEmpty {
        worker.intervals[place].names[0].topUsers = [UserCount(user: .max, failures: 2, cost: -5)]
      }
      completed += worker.intervals[place].names.reduce(0) { $0 + $1.counts.completed }
    }
    worker.intervals[seconds - 1].final = .init(records: UInt64(seconds), reason: .planEnded, completed: completed)
    return worker
  }

  private func announce(_ worker: MadeWorker, _ description: RunDescription) -> RunRecord {
    RunRecord(
      run: worker.run, incarnation: worker.incarnation, name: description.name, version: description.version,
      description: String(decoding: description.json, as: UTF8.self))
  }

  @Test func aStoredRunSumsUpToWhatItsRunDirectoryDoes() throws {
    var source = SplitMix(seed: Fuzz.seed(for: "archive"))
    let bench = try Bench()
    let store = try bench.store()
    _ = try store.claim(0, evict: true)
    let run = Identifier(random: &source)
    // More seconds than are read at once.
    let worker = worker(run, seconds: 71, &source)
    var description = try description(run, [worker.incarnation])
    let announced = StoredRecord(offset: 0, key: nil, value: announce(worker, description).encoded())
    _ = try store.persist([announced] + worker.intervals.shuffled(using: &source).records(from: 1), partition: 0)

    description.incarnations[0].completed = worker.intervals.last?.final?.completed
    var builder = SummaryBuilder(description)
    for interval in worker.intervals { builder.add(interval) }
    let stored = try RunArchive(bench.database).summary(of: run)
    let expected = builder.summary()
    #expect(expected.isComplete && expected.counts.capped > 0 && expected.timeline.count == 71)
    #expect(stored == expected)
    #expect(stored.map(SummaryJSON.encode) == SummaryJSON.encode(expected))
    #expect(expected.counts.http2 > 0 && expected.totals.causes.count == 2)
    let (replies, http2) = (expected.counts.replies, expected.counts.http2)
    let protocols = try bench.rows("SELECT answered, http1, http2 FROM run_protocol")
    #expect(protocols == [["\(replies)", "\(replies - http2)", "\(http2)"]])
  }

  @Test func workersAddUpAndTheLostOneIsNamed() throws {
    var source = SplitMix(seed: 17)
    let bench = try Bench()
    let store = try bench.store()
    _ = try store.claim(0, evict: true)
    let run = Identifier(random: &source)
    let workers = (0..<2).map { _ in worker(run, seconds: 5, &source) }
    let descriptions = try workers.map { try description(run, [$0.incarnation], loops: 3) }
    let fallback = try description(run, [])
    let archive = RunArchive(bench.database)
    #expect(try archive.summary(of: run) == nil)
    #expect(try archive.summary(of: run, fallback: fallback)?.incompleteness == [.nothing])

    var records: [StoredRecord] = []
    for (worker, description) in zip(workers, descriptions) {
      records.append(StoredRecord(offset: 0, key: nil, value: announce(worker, description).encoded()))
      records += worker.intervals.records()
    }
    _ = try store.persist(
      records.enumerated().map { StoredRecord(offset: Int64($0), key: nil, value: $1.value) }, partition: 0)
    let whole = try archive.summary(of: run)
    #expect(whole?.isComplete == true && whole?.description.loops == 6 && whole?.description.cpus == 4)
    #expect(whole?.description.incarnations.count == 2)
    #expect(
      whole?.counts.stored
        == workers.flatMap(\.intervals).flatMap(\.names).reduce(0) { $0 + $1.counts.completed })

    // A registered worker without a record, and one that was given up.
    let silent = Identifier(random: &source)
    for (id, fate) in [(silent, nil), (workers[0].incarnation, "lost"), (Identifier(random: &source), "released")] {
      try bench.database.run(
        """
        INSERT INTO incarnation (run, incarnation, fate) VALUES ($1, $2, $3)
        ON CONFLICT (run, incarnation) DO UPDATE SET fate = $3
        """, [PostgresValue(run), PostgresValue(id), PostgresValue(fate)], action: "register")
    }
    let less = try archive.summary(of: run)
    #expect(less?.incompleteness.contains(.noRecords(silent)) == true)
    #expect(less?.incompleteness.contains(.givenUp(workers[0].incarnation)) == true)
    #expect(less?.description.incarnations.count == 3)
    #expect(try bench.value("SELECT is_complete FROM run_ledger") == "f")
  }
}
