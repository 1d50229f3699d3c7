import Model
import PostgresIO
import TestSupport
import Testing

@Suite(.enabled(if: PostgresServer.binaries != nil, "PostgreSQL is not installed"))
struct FleetStoreTests {
  private var source = SplitMix(seed: 41)

  private mutating func id() -> Identifier { Identifier(random: &source) }

  private mutating func master(_ bench: Bench) throws -> FleetStore {
    let store = FleetStore(try Database(PostgresAddress(bench.url), application: "master"))
    _ = try store.takeTerm(master: id())
    return store
  }

  private mutating func test(key: String? = nil, plan: String = "{}", by user: String = "ann") -> NewTest {
    NewTest(run: id(), name: "shop", plan: plan, workersWanted: nil, submittedBy: user, idempotencyKey: key)
  }

  @Test mutating func aKeyNamesOneTestOfItsUser() throws {
    let bench = try Bench()
    let store = try master(bench)
    let first = test(key: "k")
    guard case .made(let made) = try store.submit(first) else { throw TestError("was not made") }
    #expect(made.run == first.run && made.state == .queued && made.submittedBy == "ann" && !made.isComplete)
    #expect(made.submittedAt.count == 24 && made.submittedAt.hasSuffix("Z") && made.endedAt == nil)
    #expect(try store.submit(test(key: "k")) == .known(made))
    #expect(try store.submit(test(key: "k", plan: "{\"a\":1}")) == .keyReused)
    guard case .made = try store.submit(test(key: "k", by: "bob")) else { throw TestError("was not made") }
    guard case .made = try store.submit(test()), case .made = try store.submit(test()) else {
      throw TestError("was not made")
    }
    #expect(try bench.value("SELECT count(*) FROM test") == "4")
    #expect(try store.plan(of: made.run) == "{}")
    #expect(try store.plan(of: id()) == nil)
  }

  @Test mutating func pagesFollowEachOtherWithoutGap() throws {
    let bench = try Bench()
    let store = try master(bench)
    var runs: [Identifier] = []
    for _ in 0..<7 {
      let one = test()
      _ = try store.submit(one)
      runs.append(one.run)
    }
    var seen: [Identifier] = []
    var before: Int64?
    while true {
      let page = try store.list(limit: 3, before: before)
      if page.isEmpty { break }
      seen += page.map(\.run)
      before = page.last?.number
    }
    #expect(seen == runs.reversed())
    #expect(try store.change(runs[2], from: [.queued], to: .stopped, reason: "asked"))
    #expect(try store.list(limit: 10, state: .stopped).map(\.run) == [runs[2]])
    #expect(try store.open().map(\.run) == runs.filter { $0 != runs[2] })
    #expect(try store.counts() == [.queued: 6, .stopped: 1])
  }

  @Test mutating func aStateMovesOnlyFromWhereItIs() throws {
    let bench = try Bench()
    let store = try master(bench)
    let one = test()
    _ = try store.submit(one)
    #expect(try !store.change(one.run, from: [.running], to: .draining))
    #expect(try store.change(one.run, from: [.queued, .preparing], to: .running, startedAt: 1_700_000_000_123))
    let running = try store.find(one.run)
    #expect(running?.state == .running && running?.startedAt == "2023-11-14T22:13:20.123Z" && running?.endedAt == nil)
    #expect(try store.change(one.run, from: [.running], to: .failed, reason: "no worker is left"))
    let failed = try store.find(one.run)
    #expect(failed?.state == .failed && failed?.reason == "no worker is left" && failed?.endedAt != nil)
    #expect(failed?.term == store.term)
    #expect(try !store.change(one.run, from: [.running], to: .finished))
    #expect(try !store.change(id(), from: TestState.allCases, to: .finished))
  }

  @Test mutating func theLedgerWaitsForWorkersThatWereAssigned() throws {
    let bench = try Bench()
    let store = try master(bench)
    let one = test()
    _ = try store.submit(one)
    let workers = ["w1", "w2"].enumerated().map {
      StoredTestWorker(incarnation: id(), worker: $1, host: "h", share: $0, shares: 2, epoch: 1)
    }
    #expect(try !store.assign(one.run, from: [.queued], to: .preparing, epoch: 2, workers: workers))
    #expect(try store.assign(one.run, from: [.queued], to: .preparing, epoch: 1, workers: workers))
    #expect(try store.find(one.run)?.workers == workers)
    #expect(try bench.rows("SELECT run, epoch, workers FROM test_epoch") == [[one.run.description, "1", "2"]])
    let ledger = "SELECT incarnations, finals, lost, is_complete FROM run_ledger"
    #expect(try bench.rows(ledger) == [["2", "0", "0", "f"]])
    #expect(try bench.value("SELECT name FROM run") == "shop")

    // A worker has one test at a time, and nothing of a refused assignment stays.
    let other = test()
    _ = try store.submit(other)
    let taken = StoredTestWorker(incarnation: id(), worker: "w2", host: "h", share: 0, shares: 1, epoch: 1)
    do {
      _ = try store.assign(other.run, from: [.queued], to: .preparing, epoch: 1, workers: [taken])
      Issue.record("a busy worker was assigned")
    } catch {
      guard case .workerBusy = error else { throw error }
    }
    #expect(try store.find(other.run)?.state == .queued && store.find(other.run)?.epoch == 0)

    // One that never sent anything is not waited for; one that was lost leaves the run incomplete for good.
    #expect(try store.changeWorker(workers[0].incarnation, to: .released))
    #expect(try bench.rows(ledger) == [["1", "0", "0", "f"]])
    #expect(try store.change(one.run, from: [.preparing], to: .running))
    #expect(try store.find(one.run)?.workers.map(\.state) == [.released, .running])
    let records = bench.records(of: one.run, incarnation: workers[1].incarnation)
    let archive = try bench.store()
    _ = try archive.claim(0, evict: true)
    _ = try archive.persist(records, partition: 0)
    #expect(try bench.rows(ledger) == [["1", "1", "0", "t"]])
    #expect(try store.find(one.run)?.isComplete == true)
    #expect(try store.changeWorker(workers[1].incarnation, to: .lost, problem: "its lease ended"))
    #expect(try bench.rows(ledger) == [["1", "1", "1", "f"]])
    #expect(try !store.changeWorker(workers[1].incarnation, to: .ended, records: 3, completed: 9))
    #expect(
      try bench.rows("SELECT worker, fate FROM run_incarnation ORDER BY worker") == [
        ["w1", "released"], ["w2", "lost"],
      ])
    // Free again.
    #expect(try store.assign(other.run, from: [.queued], to: .preparing, epoch: 1, workers: [taken]))
  }

  /// A master that ended between a test's end and its workers' must not leave the workers taken for ever.
  @Test mutating func livesOfEndedTestsEnd() throws {
    let bench = try Bench()
    let store = try master(bench)
    let (never, begun, open) = (test(), test(), test())
    for (one, worker) in zip([never, begun, open], ["w1", "w2", "w3"]) {
      _ = try store.submit(one)
      let life = StoredTestWorker(incarnation: id(), worker: worker, host: "h", share: 0, shares: 1, epoch: 1)
      #expect(try store.assign(one.run, from: [.queued], to: .preparing, epoch: 1, workers: [life]))
    }
    #expect(try store.change(never.run, from: [.preparing], to: .failed, reason: "no"))
    #expect(try store.change(begun.run, from: [.preparing], to: .running, startedAt: 1_700_000_000_123))
    #expect(try store.change(begun.run, from: [.running], to: .failed, reason: "no"))
    try store.endLivesOfEndedTests()
    try store.endLivesOfEndedTests()
    #expect(
      try bench.rows("SELECT worker, state, ended_at IS NULL FROM test_worker ORDER BY worker") == [
        ["w1", "released", "f"], ["w2", "lost", "f"], ["w3", "preparing", "t"],
      ])
    #expect(
      try bench.rows("SELECT worker, fate FROM incarnation WHERE fate IS NOT NULL ORDER BY worker") == [
        ["w1", "released"], ["w2", "lost"],
      ])
  }

  @Test mutating func aReplacedMasterChangesNothing() throws {
    let bench = try Bench()
    let old = try master(bench)
    let one = test()
    _ = try old.submit(one)
    let new = try master(bench)
    #expect(new.term == old.term + 1)
    let again = FleetStore(try Database(PostgresAddress(bench.url), application: "again"), term: old.term)
    for store in [old, again] {
      do {
        _ = try store.change(one.run, from: [.queued], to: .running)
        Issue.record("an old term changed a test")
      } catch { #expect(error == .superseded(term: old.term)) }
    }
    #expect(try new.change(one.run, from: [.queued], to: .running))
    #expect(
      try bench.rows("SELECT term, ended_at IS NULL FROM master_term ORDER BY term") == [["1", "f"], ["2", "t"]])
  }

  @Test mutating func theAuditLogKeepsWhoDidWhat() throws {
    let bench = try Bench()
    let store = try master(bench)
    try store.audit("ann", "submit", object: "shop", detail: #"{"workers":2}"#)
    #expect(
      try bench.rows("SELECT who, what, object, detail->>'workers' FROM audit") == [["ann", "submit", "shop", "2"]])
  }
}
