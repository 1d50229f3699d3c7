import EventLoop
import Fleet
import Log
import Measuring
import Model
import PostgresIO
import Summary
import TestSupport
import Threads

@testable import MasterRole

/// A conductor on a database of its own.
final class ConductorBench {
  static let token = "a token of more than sixteen bytes"

  let server: PostgresServer
  let url: String
  let database: Database
  let audience = RecordingAudience()
  let failures = Monitor<[String]>([])
  private(set) var conductor: Conductor
  private(set) var port: UInt16 = 0
  private let store: FleetStore
  /// They stay connected as long as the bench is there.
  private var workers: [ScriptedWorker] = []
  private var random = SystemRandomNumberGenerator()

  private let lease: TimeSpan

  /// - Parameter lease: long, unless a test waits for its end: so none depends on a heartbeat in time.
  init(lease: TimeSpan = .seconds(120)) throws {
    self.lease = lease
    server = try PostgresServer.shared.get()
    url = try server.database()
    database = try Database(PostgresAddress(url), application: "test")
    try database.migrate()
    store = FleetStore(database)
    conductor = try Self.conductor(url, port: 0, lease, audience, failures)
    port = try conductor.start().port
  }

  deinit { conductor.end() }

  private static func conductor(
    _ url: String, port: UInt16, _ lease: TimeSpan, _ audience: RecordingAudience, _ failures: Monitor<[String]>
  ) throws -> Conductor {
    var settings = ConductorSettings(
      database: try PostgresAddress(url), topic: "results", rpc: SocketAddress(.v4(0x7F00_0001), port: port),
      token: token, version: "test")
    settings.lease = lease
    return Conductor(settings, audience: audience, log: Logger(LogWriter(level: .error))) { text in
      failures.change { $0.append(text) }
    }
  }

  /// Ends this master and starts another on the same port.
  ///
  /// - Parameter meanwhile: done when the other is there and has not started.
  func startAnew(meanwhile: () throws -> Void = {}) throws {
    conductor.end()
    conductor = try Self.conductor(url, port: port, lease, audience, failures)
    try meanwhile()
    _ = try conductor.start()
  }

  func worker(_ id: String, _ habit: ScriptedWorker.Habit = .finishes) throws -> ScriptedWorker {
    let worker = try ScriptedWorker(id, port: port, token: Self.token, habit)
    workers.append(worker)
    try worker.wait(for: "Registered")
    return worker
  }

  static let plan =
    #"{"name":"shop","base_url":"http://127.0.0.1:9","rate":"10/s","duration":"5s","scenarios":[{"path":"/"}]}"#

  /// Stores a test and tells the conductor, as the routes do.
  func submit(workers: Int? = nil, plan text: String = ConductorBench.plan) throws -> Identifier {
    let plan = try Plan(stored: text, name: "shop")
    let new = NewTest(
      run: Identifier(random: &random), name: "shop", plan: text, workersWanted: workers, submittedBy: "ann",
      idempotencyKey: nil)
    guard case .made(let test) = try store.submit(new) else { throw TestError("was not made") }
    conductor.submitted(test, plan: plan, planText: text)
    return test.run
  }

  func test(_ run: Identifier) throws -> StoredTest {
    guard let test = try store.find(run) else { throw TestError("no test \(run)") }
    return test
  }

  /// Asks PostgreSQL until the test is as wanted.
  func wait(for run: Identifier, _ isWanted: (StoredTest) -> Bool) throws -> StoredTest {
    let deadline = ContinuousClock.now + .seconds(90)
    while true {
      let test = try test(run)
      if isWanted(test) { return test }
      if ContinuousClock.now > deadline { throw TestError("the test stayed as \(test)") }
      pause(milliseconds: 20)
    }
  }

  private func pause(milliseconds: Int64) {
    _ = Monitor(false).wait(within: .milliseconds(milliseconds)) { $0 ? true : nil }
  }

  func value(_ statement: String) throws -> String? { try database.run(statement, action: "ask").value }
}

/// Keeps what it is told.
final class RecordingAudience: Audience {
  struct Told: Sendable {
    var workers: [FleetWorker] = []
    var began: [Identifier: RunDescription] = [:]
    var resumed: [Identifier: RunDescription] = [:]
    var seconds: [Interval] = []
    var changed: [Identifier] = []
    var ended: [Identifier] = []
  }

  private let state = Monitor(Told())

  func workersChanged(_ workers: [FleetWorker]) { state.change { $0.workers = workers } }
  func began(_ run: Identifier, _ description: RunDescription) { state.change { $0.began[run] = description } }
  func resumed(_ run: Identifier, _ description: RunDescription) { state.change { $0.resumed[run] = description } }
  func add(_ run: Identifier, _ interval: Interval) { state.change { $0.seconds.append(interval) } }
  func changed(_ run: Identifier) { state.change { $0.changed.append(run) } }
  func ended(_ run: Identifier) { state.change { $0.ended.append(run) } }

  /// What was told by the time that it is as wanted.
  func wait(until isWanted: (Told) -> Bool) throws -> Told {
    let found = state.wait(within: .seconds(60)) { isWanted($0) ? $0 : nil }
    guard let found else { throw TestError("told only \(state.read { $0 })") }
    return found
  }
}
