import Measuring
import Model
import Processes
import Summary
import TestSupport
import Threads

/// A master that answers what a test says, and somebody who uses the client commands in a folder of his own.
final class ScriptedMaster: Sendable {
  static let token = "eyJhbGciOiJIUzI1NiJ9.secret-token.signature"
  static let password = "correct-horse-battery"
  static let id = "6ba7b810-9dad-41d1-80b4-00c04fd430c8"

  typealias Answer = @Sendable (ScriptedServer.Request, ScriptedServer.Peer, Int) -> Void

  let server: ScriptedServer
  let home: TemporaryFolder

  /// - Parameter answer: for all but `/auth/login`; with the number of requests like it that came before.
  init(_ answer: @escaping Answer = { _, peer, _ in peer.answer(500) }) throws {
    let counts = Monitor<[String: Int]>([:])
    home = try TemporaryFolder("client")
    server = try ScriptedServer { request, peer in
      let number = counts.change { counts -> Int in
        let key = "\(request.method) \(request.target)"
        counts[key, default: 0] += 1
        return (counts[key] ?? 1) - 1
      }
      if request.target == "/auth/login" {
        let isRight = request.body == "{\"username\":\"admin\",\"password\":\"\(ScriptedMaster.password)\"}"
        return isRight
          ? peer.answer(200, "{\"token\": \"\(ScriptedMaster.token)\", \"expiresAt\": \"2030-01-01T00:00:00.000Z\"}")
          : ScriptedMaster.problem(peer, 401, "the name or the password is wrong")
      }
      if request.header("authorization") != "Bearer \(ScriptedMaster.token)" {
        return ScriptedMaster.problem(peer, 401, "there is no token")
      }
      answer(request, peer, number)
    }
  }

  static func problem(_ peer: ScriptedServer.Peer, _ status: Int, _ detail: String, _ headers: [String] = []) {
    let body = "{\"type\": \"about:blank\", \"title\": \"X\", \"status\": \(status), \"detail\": \"\(detail)\"}"
    peer.answer(status, body, ["Content-Type: application/problem+json"] + headers)
  }

  /// Its environment: the master by its variable, the token in a folder that goes with the test.
  var environment: [String: String] {
    ["STAMPEDE_MASTER": server.url, "XDG_CONFIG_HOME": home.file("config"), "TERM": "dumb"]
  }

  func run(
    _ words: [String], input: String? = "", _ added: [String: String] = [:], within span: Duration = .seconds(120)
  ) throws -> Finished {
    try Stampede.run(
      words, input: input, directory: home.path, environment: environment.merging(added) { $1 }, within: span)
  }

  @discardableResult
  func login() throws -> Finished { try run(["login"], input: Self.password + "\n") }

  /// Signs in, then runs the command.
  func signedIn(_ words: [String], input: String? = "", _ added: [String: String] = [:]) throws -> Finished {
    try login()
    return try run(words, input: input, added)
  }

  static func test(_ state: String, reason: String = "null", workers: String = "[]", started: Bool = true) -> String {
    """
    {"testId": "\(id)", "name": "shop", "state": "\(state)", "reason": \(reason), "submittedBy": "admin", \
    "submittedAt": "2026-03-01T12:00:00.123Z", "startedAt": \(started ? "\"2026-03-01T12:00:01.000Z\"" : "null"), \
    "endedAt": null, "workersWanted": 2, "workers": \(workers), "isComplete": false, "progress": null}
    """
  }

  /// A result of one second with so many replies of each kind, in the form of summary.json.
  static func result(accepted: UInt64 = 10, failed: UInt64 = 0, isComplete: Bool = true) throws -> String {
    let run = try Identifier(text: id).orThrow()
    let worker = Identifier(high: 1, low: 2)
    let target = Target(name: "list", method: "GET", url: try TargetURL(text: "http://127.0.0.1:9/items"))
    let load = Load(model: .arrivals(try Rate(text: "10/s")), duration: .seconds(1))
    let plan = Plan(name: "shop", targets: [target], load: load)
    var builder = SummaryBuilder(
      RunDescription(
        plan: plan, run: run, incarnations: [.init(id: worker, completed: accepted + failed)],
        start: .init(secondsSince1970: 1_772_366_400, text: "2026-03-01T12:00:00Z"), loops: 1, cpus: 2,
        pacing: .sleeping, targetIsHere: true, version: Product.version))
    var interval = Interval(
      key: .init(run: run, incarnation: worker, sequence: 1), second: 0, from: .zero, to: .seconds(1))
    var name = NameInterval(name: "list")
    name.counts.started = accepted + failed
    name.counts.written = accepted + failed
    name.counts.answered = accepted + failed
    name.counts.completed = accepted + failed
    name.counts.accepted = accepted
    name.histograms.response.record(1_500, times: accepted)
    name.histograms.failed.record(900, times: failed)
    if failed > 0 { name.errors = [ErrorCount(kind: .status, count: failed)] }
    interval.names = [name]
    interval.schedule.planned = accepted + failed
    interval.schedule.started = accepted + failed
    if isComplete { interval.final = .init(records: 1, reason: .planEnded) }
    builder.add(interval)
    return String(decoding: SummaryJSON.encode(builder.summary()), as: UTF8.self)
  }
}

extension Optional {
  func orThrow() throws -> Wrapped {
    guard let self else { throw TestError("nothing there") }
    return self
  }
}
