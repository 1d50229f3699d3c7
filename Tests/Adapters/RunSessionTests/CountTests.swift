import Model
import RunSession
import Summary
import TestSupport
import Testing

/// What the result counts is what nginx wrote into its access log.
@Suite(.serialized, .enabled(if: Places.nginx != nil, "nginx-light is not installed"))
struct CountTests {
  struct Way: Sendable, CustomTestStringConvertible {
    var isOpen: Bool
    var cores: Int
    var keepAlive: Bool

    var testDescription: String {
      "\(isOpen ? "open" : "closed") \(cores) loop(s) \(keepAlive ? "keep-alive" : "new connections")"
    }

    static let all = [true, false].flatMap { isOpen in
      [1, 2].flatMap { cores in [true, false].map { Way(isOpen: isOpen, cores: cores, keepAlive: $0) } }
    }
  }

  static let paths = [("/a", 3), ("/b", 2), ("/c", 1)]

  static func load(_ nginx: Nginx, _ way: Way) throws -> Plan {
    let urls = paths.map { (name: $0.0, url: nginx.url($0.0), weight: $0.1) }
    let model: Load.Model = way.isOpen ? .arrivals(.perSecond(600)) : .users(8)
    return try plan(model, urls, duration: .seconds(1), requests: way.isOpen ? nil : 1_200) {
      $0.options.keepAlive = way.keepAlive
    }
  }

  @Test(arguments: Way.all)
  func countsPerPathAreEqual(_ way: Way) async throws {
    let nginx = try Nginx()
    let outcome = try await run(try Self.load(nginx, way), cores: way.cores)
    expectSound(outcome)
    let log = try nginx.finish()
    let summary = outcome.summary
    for (path, _) in Self.paths {
      let row = try summary.name(path)
      #expect(row.counts.completed > 0)
      #expect(Int(row.counts.completed) == log.countsByPath[path])
      #expect(row.ok == row.counts.completed)
      #expect(row.statuses.map(\.status) == [200])
    }
    #expect(log.entries.count == Int(summary.totals.counts.written))
    #expect(log.countsByStatus == [200: log.entries.count])
    #expect(summary.verdict == .passed)
    #expect(summary.description.loops == way.cores)
    if way.isOpen {
      #expect(summary.counts.schedule.planned == 600)
      #expect(summary.counts.schedule.started == 600)
      #expect(try summary.name("/a").counts.completed == 300)
      #expect(try summary.name("/c").counts.completed == 100)
    }
    if !way.keepAlive { #expect(log.connections == log.entries.count) }
    if way.keepAlive, !way.isOpen { #expect(log.connections <= 8) }
  }

  /// The plan's end comes while users still wait: what is in flight is awaited and counted.
  @Test func usersAtTheEndOfTheTimeAreCounted() async throws {
    let nginx = try Nginx()
    let timed = try plan(.users(16), [("/", nginx.url(), 1)], duration: .milliseconds(700))
    let outcome = try await run(timed)
    expectSound(outcome)
    #expect(try nginx.finish().entries.count == Int(outcome.summary.totals.counts.completed))
    #expect(outcome.summary.totals.ok == outcome.summary.totals.counts.started)
  }

  @Test func methodsBodiesAndStatusesArriveAsPlanned() async throws {
    let nginx = try Nginx(
      locations: """
        location = /made { return 201 "made\\n"; }
        location = /gone { return 404; }
        location = /fails { return 503; }
        location / { return 200 "ok\\n"; }
        """)
    func target(_ method: String, _ path: String, _ body: String = "") throws -> Target {
      Target(name: path, method: method, url: try TargetURL(text: nginx.url(path)), body: Array(body.utf8))
    }
    let targets = [
      try target("POST", "/made", "some=body"), try target("HEAD", "/head"), try target("GET", "/gone"),
      try target("DELETE", "/fails"), try target("PUT", "/put", String(repeating: "x", count: 70_000)),
    ]
    let mixed = Plan(name: "mixed", targets: targets, load: Load(model: .users(1), duration: nil, requests: 100))
    let outcome = try await run(mixed)
    expectSound(outcome)
    let log = try nginx.finish()
    #expect(log.countsByPath == ["/made": 20, "/head": 20, "/gone": 20, "/fails": 20, "/put": 20])
    #expect(log.countsByStatus == [201: 20, 200: 40, 404: 20, 503: 20])
    #expect(Set(log.entries.map { "\($0.method) \($0.target)" }).count == 5)
    #expect(try outcome.summary.name("/gone").failures == [.status: 20])
    #expect(outcome.summary.totals.failures == [.status: 40])
    #expect(outcome.summary.totals.ok == 60)
  }

  /// A cap on connections holds, and what waits behind it is sent all the same.
  @Test func aCapOnConnectionsHolds() async throws {
    let target = try ScriptTarget("slow")
    let capped = try plan(
      .arrivals(.perSecond(100)), [("/delay", target.url("/delay?ms=50"), 1)], duration: .seconds(1)
    ) { $0.options.connections = 4 }
    let outcome = try await run(capped, cores: 1)
    expectSound(outcome)
    let tally = try Tally(target.finish())
    #expect(outcome.summary.totals.ok == 100)
    #expect(tally["connections"] == 4)
    #expect(tally["received", "/delay"] == 100)
    // 100 requests of 50 ms through 4 connections take 1.25 s: the last have waited a quarter of a second.
    let last = try #require(outcome.summary.totals.response.max).microseconds
    #expect(last >= 250_000 && last < 2_000_000)
    #expect(try #require(outcome.summary.totals.service.p50).microseconds < 100_000)
  }
}
