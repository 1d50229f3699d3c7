import Foundation
import Glibc
import JSONScan
import Processes
import TestSupport

/// Kafka, PostgreSQL, a master, two workers and a consumer: each a process of its own, as somebody would start them.
///
/// What is left of it is killed with the last reference.
final class WholeCluster {
  static let workers = ["w1", "w2"]
  private static let password = "Kiesel-4-Wind-Laterne"
  private static let token = "join-token-of-the-whole-cluster"
  private static let key = "r7Yk2Lw9Qe4Zt1Xc6Vb3Nm8Pa5Sd0FgH"

  let kafka: KafkaServer
  private let server: PostgresServer
  private let database: String
  private let folder: TemporaryFolder
  private let (http, rpc): (UInt16, UInt16)
  private var processes: [String: ChildProcess] = [:]
  private let topic = "whole.results"
  private var lastTrouble = ""

  /// Starts all of it, signs in and waits until both workers are idle.
  init() throws {
    kafka = try KafkaServer()
    server = try PostgresServer.shared.get()
    database = try server.database()
    folder = try TemporaryFolder("cluster")
    (http, rpc) = (try LocalPort.free(), try LocalPort.free())
    try startMaster()
    try startConsumer()
    for worker in WholeCluster.workers { try startWorker(worker) }
    try signIn()
    try wait("two idle workers") { try idleWorkers() == WholeCluster.workers.count }
  }

  func startMaster() throws {
    try start(
      "master",
      ["master", "--http-port", "\(http)", "--rpc-port", "\(rpc)", "--allow-target", "127.0.0.0/8"],
      [
        "DATABASE_URL": database, "JWT_SECRET_KEY": WholeCluster.key, "STAMPEDE_JOIN_TOKEN": WholeCluster.token,
        "STAMPEDE_ADMIN_PASSWORD": WholeCluster.password,
      ])
    try wait("a master that is ready") {
      try Stampede.run(["health", "http://127.0.0.1:\(http)/readyz"]).exit.isSuccess
    }
  }

  /// - Parameter failpoint: where it kills itself.
  func startConsumer(failpoint: String? = nil) throws {
    try start(
      "consumer", ["consumer", "--kafka-group", "whole", "--kafka-instance", "one"],
      ["DATABASE_URL": database].merging(failpoint.map { ["STAMPEDE_FAILPOINT": $0] } ?? [:]) { $1 })
  }

  func startWorker(_ id: String) throws {
    try start(
      id,
      ["worker", "--worker-id", id, "--master-address", "127.0.0.1:\(rpc)", "--spool", folder.file("spool-\(id)")],
      ["STAMPEDE_JOIN_TOKEN": WholeCluster.token])
  }

  private func start(_ name: String, _ arguments: [String], _ environment: [String: String]) throws {
    var all = ["KAFKA_BROKER": kafka.address, "KAFKA_TOPIC": topic]
    all.merge(environment) { $1 }
    processes[name] = try Stampede.start(arguments, directory: folder.path, environment: all)
  }

  /// As if its power went.
  func kill(_ name: String) {
    processes[name]?.signal(SIGKILL)
    _ = processes[name]?.wait(within: .seconds(20))
  }

  func isDead(_ name: String) -> Bool { processes[name]?.exit != nil }

  private func signIn() throws {
    let done = try stampede(
      ["login", "--username", "admin", "--password-file", "-"], input: WholeCluster.password + "\n")
    guard done.exit.isSuccess else { throw TestError("login: \(done.text)\(done.errorText)") }
  }

  /// Runs a command of the client.
  func stampede(_ arguments: [String], input: String? = nil) throws -> Finished {
    try Stampede.run(
      arguments, input: input, directory: folder.path,
      environment: ["STAMPEDE_MASTER": "http://127.0.0.1:\(http)", "XDG_CONFIG_HOME": folder.file("config")])
  }

  /// What a command of the client prints as JSON; nil where it prints none, for the master is away.
  func answer(_ arguments: [String]) throws -> Node? {
    let done = try stampede(arguments + ["--json"])
    if done.output.isEmpty { lastTrouble = "\(arguments): \(done.exit) \(done.errorText)" }
    return done.output.isEmpty ? nil : try JSONReader.document(done.output).root
  }

  func idleWorkers() throws -> Int {
    (try answer(["workers"])?["workers"]?.items ?? []).count { $0["state"]?.text == "idle" }
  }

  /// Puts a file beside the plans, for those that name it.
  func write(_ name: String, _ text: String) throws { _ = try folder.write(name, text) }

  /// Puts a plan into a file; the words that submit it for two workers.
  func submission(_ plan: String) throws -> [String] {
    let file = try folder.write("plan-\(UInt32.random(in: 0...(.max))).yaml", plan)
    return ["submit", file, "--workers", "\(WholeCluster.workers.count)"]
  }

  /// Submits a plan for two workers; the test's id.
  func submit(_ plan: String, _ flags: [String] = []) throws -> String {
    let done = try stampede(try submission(plan) + ["--quiet"] + flags)
    guard done.exit.isSuccess else { throw TestError("submit: \(done.text)\(done.errorText)\n\(logs)") }
    return done.text.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// What REST says of the test.
  func test(_ id: String) throws -> Node? { try answer(["status", id]) }

  func state(_ id: String) throws -> String? { try test(id)?["state"]?.text }

  /// Waits until PostgreSQL has records of so many seconds of it.
  func waitForSeconds(_ id: String, _ count: Int) throws {
    try wait("\(count) seconds of \(id)") {
      Int(try ask("SELECT count(DISTINCT second) FROM record_header WHERE run = '\(id)'")) ?? 0 >= count
    }
  }

  /// Waits until the test has ended; how.
  func end(of id: String) throws -> String {
    let ends = ["finished", "stopped", "failed", "expired"]
    try wait("the end of \(id)") { ends.contains(try state(id) ?? "") }
    return try state(id) ?? ""
  }

  /// What psql answers.
  func ask(_ statement: String) throws -> String { try server.query(database, statement) }

  /// Waits, as long as it may take on a busy machine.
  func wait(_ what: String, within span: Duration = .seconds(120), _ condition: () throws -> Bool) throws {
    let end = ContinuousClock.now + span
    while !(try condition()) {
      if let dead = processes.first(where: { $0.value.exit.map { $0 != .signal(SIGKILL) } ?? false }) {
        throw TestError("\(dead.key) has ended while \(what) was awaited:\n\(logs)")
      }
      guard ContinuousClock.now < end else { throw TestError("no \(what):\n\(logs)") }
      usleep(100_000)
    }
  }

  /// What the processes said last.
  var logs: String {
    lastTrouble + "\n"
      + processes.sorted { $0.key < $1.key }
      .map { "\($0.key): \(String(decoding: $0.value.errors, as: UTF8.self).suffix(1_500))" }.joined(separator: "\n")
  }
}
