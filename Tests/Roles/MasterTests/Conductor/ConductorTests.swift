import EventLoop
import Model
import PostgresIO
import RPC
import TestSupport
import Testing
import Wire

@testable import MasterRole

/// The hub, the fleet's rules and PostgreSQL together, with workers that speak the protocol and send no load.
@Suite(.enabled(if: PostgresServer.binaries != nil, "PostgreSQL is not installed"))
struct ConductorTests {
  @Test func aTestGoesThroughItsLife() throws {
    let bench = try ConductorBench()
    let workers = try [bench.worker("w1"), bench.worker("w2")]
    let run = try bench.submit()
    let test = try bench.wait(for: run) { $0.state.isEnd }
    #expect(test.state == .finished)
    #expect(test.term == 1 && test.epoch == 1)
    #expect(test.startedAt != nil && test.endedAt != nil)
    #expect(test.workers.map(\.worker).sorted() == ["w1", "w2"])
    #expect(test.workers.allSatisfy { $0.state == .ended && $0.records == 1 && $0.completed == 7 })
    #expect(Set(test.workers.map(\.share)) == [0, 1])
    for worker in workers { try worker.wait(for: "Completed") }
    let told = try bench.audience.wait { $0.ended == [run] && $0.workers.map(\.state) == [.idle, .idle] }
    #expect(told.workers.map(\.worker) == ["w1", "w2"])
    #expect(told.began[run]?.incarnations.count == 2 && told.began[run]?.cpus == 4)
    #expect(Set(told.seconds.map(\.key.incarnation)) == Set(test.workers.map(\.incarnation)))
    #expect(told.changed.contains(run))
    // The ledger waits for both, though no record came.
    #expect(try bench.value("SELECT count(*) FROM incarnation WHERE run = '\(run)'") == "2")
    #expect(try bench.value("SELECT is_complete FROM run_ledger WHERE run = '\(run)'") == "f")
  }

  /// What it sends rests on what is stored: no worker hears of a test before its row is there.
  @Test func anAssignmentIsStoredBeforeItIsSent() throws {
    let bench = try ConductorBench()
    let worker = try bench.worker("w1", .runs)
    let run = try bench.submit()
    try worker.wait(for: "Assign")
    guard case .assign(let assign) = worker.heard.first(where: { $0.name == "Assign" }) else {
      throw TestError("no Assign")
    }
    #expect(assign.grant.run == run && assign.grant.term == 1 && assign.grant.epoch == 1)
    #expect(assign.grant.horizon == .zero && assign.topic == "results" && assign.plan == ConductorBench.plan)
    let stored = "SELECT worker FROM test_worker WHERE incarnation = '\(assign.grant.incarnation)'"
    #expect(try bench.value(stored) == "w1")
    // Before that there is nothing that a worker could stop.
    try worker.wait(for: "Start")
    bench.conductor.stop(run, .drain, by: "ann")
    let test = try bench.wait(for: run) { $0.state.isEnd }
    #expect(test.state == .stopped && test.reason == "stopped by ann")
    #expect(test.workers.first?.endedReason == "stopped")
  }

  @Test func testsWaitForTheirWorkers() throws {
    let bench = try ConductorBench()
    let first = try bench.worker("w1")
    let big = try bench.submit(workers: 2)
    let small = try bench.submit(workers: 1)
    let second = try bench.worker("w2")
    #expect(try bench.wait(for: big) { $0.state.isEnd }.workers.count == 2)
    #expect(try bench.wait(for: small) { $0.state.isEnd }.state == .finished)
    #expect(first.heard.contains { $0.name == "Assign" } && second.heard.contains { $0.name == "Assign" })
  }

  @Test func aWorkerThatCantFailsTheTest() throws {
    let bench = try ConductorBench()
    let workers = try [bench.worker("w1"), bench.worker("w2", .refuses("no descriptors"))]
    let test = try bench.wait(for: bench.submit()) { $0.state.isEnd }
    #expect(test.state == .failed)
    #expect(test.reason == "worker w2: no descriptors")
    try workers[0].wait(for: "Stop")
  }

  /// Nothing is taken from it before its lease has ended; the others go on.
  @Test func aWorkerThatDiesIsLost() throws {
    let bench = try ConductorBench(lease: .seconds(8))
    _ = try bench.worker("w1", .runs)
    let dying = try bench.worker("w2", .runs)
    let run = try bench.submit(workers: 2)
    _ = try bench.wait(for: run) { $0.state == .running }
    try dying.wait(for: "Start")
    let before = MonotonicClock.now()
    dying.vanish()
    let later = try bench.wait(for: run) { test in test.workers.contains { $0.state == .lost } }
    // Its last heartbeat may have been as old as one is apart from the next.
    #expect(MonotonicClock.now() - before >= .seconds(7))
    #expect(later.workers.first { $0.state == .lost }?.worker == "w2")
    bench.conductor.stop(run, .drain, by: "ann")
    let test = try bench.wait(for: run) { $0.state.isEnd }
    #expect(test.workers.first { $0.worker == "w1" }?.state == .ended)
    #expect(try bench.value("SELECT count(*) FROM incarnation WHERE run = '\(run)' AND fate = 'lost'") == "1")
  }

  /// The next master finds the run, its workers come back to it, and it ends as if nothing had happened.
  @Test func aNewMasterAdoptsWhatRuns() throws {
    let bench = try ConductorBench()
    let worker = try bench.worker("w1", .runs)
    let run = try bench.submit()
    _ = try bench.wait(for: run) { $0.state == .running }
    try worker.wait(for: "Start")
    try bench.startAnew()
    try worker.wait(for: "Registered", 2)
    bench.conductor.stop(run, .drain, by: "bob")
    let test = try bench.wait(for: run) { $0.state.isEnd }
    #expect(test.state == .stopped && test.reason == "stopped by bob")
    #expect(test.term == 2)
    #expect(test.workers.map(\.state) == [.ended])
    let told = try bench.audience.wait { $0.resumed[run] != nil }
    #expect(told.resumed[run]?.incarnations.map(\.id) == test.workers.map(\.incarnation))
    let next = try bench.submit()
    #expect(try bench.wait(for: next) { $0.workers.count == 1 }.term == 2)
  }

  /// A queued test is no less known to the next master.
  @Test func aNewMasterServesTheQueue() throws {
    let bench = try ConductorBench()
    let run = try bench.submit()
    try bench.startAnew()
    _ = try bench.worker("w1")
    #expect(try bench.wait(for: run) { $0.state.isEnd }.state == .finished)
  }

  /// What is submitted while a master starts is found among what is stored and in the mail, and served once.
  @Test func aTestSubmittedDuringTheStartIsServedOnce() throws {
    let bench = try ConductorBench()
    var run = Identifier(high: 0, low: 0)
    try bench.startAnew { run = try bench.submit() }
    let worker = try bench.worker("w1")
    let test = try bench.wait(for: run) { $0.state.isEnd }
    #expect(test.state == .finished && test.epoch == 1)
    let next = try bench.submit()
    #expect(try bench.wait(for: next) { $0.state.isEnd }.state == .finished)
    #expect(worker.heard.filter { $0.name == "Assign" }.count == 2)
  }

  /// A master that was replaced writes nothing and says so.
  @Test func aReplacedMasterEnds() throws {
    let bench = try ConductorBench()
    let other = FleetStore(try Database(PostgresAddress(bench.url), application: "other"))
    _ = try other.takeTerm(master: Identifier(high: 1, low: 1))
    let worker = try bench.worker("w1")
    let run = try bench.submit()
    let told = bench.failures.wait(within: .seconds(60)) { $0.first }
    #expect(told == "another master has taken over: term 1 is not the newest any more")
    #expect(try bench.test(run).state == .queued)
    #expect(!worker.heard.contains { $0.name == "Assign" })
  }

  /// Connections to PostgreSQL break all the time, at a COMMIT too: every change is made, and once.
  @Test func brokenConnectionsLoseNoChange() throws {
    let bench = try ConductorBench()
    for id in ["w1", "w2"] { _ = try bench.worker(id) }
    var runs: [Identifier] = []
    for _ in 0..<6 { runs.append(try bench.submit(workers: 2)) }
    var kills = 0
    for run in runs {
      _ = try bench.wait(for: run) { test in
        let killed = try? bench.value(
          """
          SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
          WHERE application_name = 'stampede-master-fleet' AND datname = current_database() AND state <> 'idle'
          """)
        kills += killed.flatMap { $0 }.flatMap { Int($0) } ?? 0
        return test.state.isEnd
      }
    }
    for run in runs {
      let test = try bench.test(run)
      #expect(test.state == .finished, "\(test.reason ?? "")")
      #expect(test.epoch == 1 && test.workers.count == 2)
    }
    #expect(bench.failures.read { $0 } == [])
    print("\(kills) connections broken")
  }
}
