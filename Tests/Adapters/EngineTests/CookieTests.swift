import Measuring
import Model
import TestSupport
import Testing
import Threads

@testable import Engine

/// Cookies: each user has its own, through iterations and redirects.
@Suite(.timeLimit(.minutes(10))) struct CookieTests {
  /// Which cookies came with each path, one entry a request.
  final class Log: Sendable {
    private let seen = Monitor([(path: String, cookie: String)]())
    private let sessions = Monitor(0)

    func add(_ request: Peer.Request) {
      let line = request.head.split(separator: "\r\n").first { $0.hasPrefix("Cookie: ") }
      seen.change { $0.append((request.target, line.map { String($0.dropFirst(8)) } ?? "")) }
    }

    func nextSession() -> Int {
      sessions.change { count in
        count += 1
        return count
      }
    }

    func cookies(_ path: String) -> [String] { seen.read { $0.filter { $0.path == path }.map(\.cookie) } }
  }

  /// `/login` sets a session of its own and sends on to `/home`.
  private static func server(_ log: Log) throws -> RawServer {
    try RawServer { peer, server in
      while let request = server.request(peer) {
        log.add(request)
        let reply =
          request.target == "/login"
          ? "HTTP/1.1 303 See Other\r\nLocation: /home\r\nSet-Cookie: sid=\(log.nextSession()); Path=/; HttpOnly\r\n"
            + "Set-Cookie: deep=1; Path=/other\r\nContent-Length: 0\r\n\r\n" : RawServer.ok
        if !peer.write(reply) { return }
      }
    }
  }

  private static func plan(
    _ port: UInt16, cookies: Bool = true, by engine: TransportOptions.Engine = .native, _ change: (inout Plan) -> Void
  ) throws -> Plan {
    var plan = Plan.closed(
      try ["/login", "/page", "/other/x"].map { try .local(port, $0) }, users: 3, requests: nil, duration: .seconds(30)
    ) {
      $0.cookies = cookies
      $0.transport.engine = engine
    }
    plan.load.iterations = 4
    change(&plan)
    return plan
  }

  @Test(arguments: RetryTests.engines, [false, true]) func aSessionOfEachUser(
    engine: TransportOptions.Engine, shared: Bool
  ) throws {
    let log = Log()
    let server = try Self.server(log)
    let plan = try Self.plan(server.port, by: engine) { plan in
      plan.options.sharedConnections = shared
      plan.setup = [Step(target: 0)]
      plan.scenarios = [Scenario(name: "a", steps: [Step(target: 1), Step(target: 2)])]
    }
    let run = try Run(plan)
    run.check(target: server.stop().requests)
    #expect(run.requests.redirected == 3 && run.errors.isEmpty, "\(run.errors) \(run.causes)")
    #expect(log.cookies("/login") == ["", "", ""])
    #expect(log.cookies("/home").sorted() == ["sid=1", "sid=2", "sid=3"])
    #expect(
      Dictionary(grouping: log.cookies("/page")) { $0 }.mapValues(\.count) == ["sid=1": 4, "sid=2": 4, "sid=3": 4])
    #expect(Set(log.cookies("/other/x")) == ["deep=1; sid=1", "deep=1; sid=2", "deep=1; sid=3"])
  }

  @Test func onlyOnRequest() throws {
    let log = Log()
    let server = try Self.server(log)
    let plan = try Self.plan(server.port, cookies: false) {
      $0.scenarios = [Scenario(name: "a", steps: [Step(target: 0), Step(target: 1)])]
    }
    let run = try Run(plan)
    run.check(target: server.stop().requests)
    #expect(Set(log.cookies("/home") + log.cookies("/page")) == [""])
  }

  /// Each arrival is a new visitor.
  @Test func arrivalsBeginWithNone() throws {
    let log = Log()
    let server = try Self.server(log)
    var plan = Plan.open(
      try ["/login", "/page"].map { try .local(server.port, $0) }, rate: 200, requests: 12
    ) { $0.cookies = true }
    plan.scenarios = [Scenario(name: "a", steps: [Step(target: 0), Step(target: 1)])]
    let run = try Run(plan)
    // An arrival of two steps is two requests and more: sums of single requests do not hold.
    #expect(server.stop().requests == 36 && run.schedule.started == 12)
    #expect(run.requests.accepted == 24 && run.requests.redirected == 12, "\(run.errors) \(run.causes)")
    #expect(log.cookies("/login") == Array(repeating: "", count: 12))
    #expect(Set(log.cookies("/page")) == Set((1...12).map { "sid=\($0)" }))
  }
}
