import Measuring
import Model
import Pacing
import TestSupport
import Testing

@testable import Engine

/// Users that come and go with a shape, against a server that counts connections.
@Suite(.timeLimit(.minutes(5))) struct PopulationRunTests {
  private static func server(_ log: JourneyTests.Log) throws -> RawServer {
    try RawServer { peer, server in
      while let request = server.request(peer) {
        log.add(peer.number, request.target)
        if !peer.write(RawServer.ok) { return }
      }
    }
  }

  private static func plan(
    _ port: UInt16, _ shape: String, _ change: (inout Plan) -> Void = { _ in }
  ) throws -> Plan {
    let shape = try Shape(text: shape, of: .users)
    var plan = Plan.closed(try (0..<3).map { try .local(port, "/\($0)") }, requests: nil, duration: shape.duration)
    plan.load.model = .users(shape)
    change(&plan)
    return plan
  }

  /// Users at the end of each second, over all loops.
  private static func users(_ run: Run) -> [UInt32] {
    run.intervals.map { $0.loops.reduce(0) { $0 + $1.users } }
  }

  @Test(arguments: [1, 2, 3]) func theirNumberIsTheLevel(loops: Int) throws {
    let log = JourneyTests.Log()
    let server = try Self.server(log)
    let plan = try Self.plan(server.port, "0..8/1s,8/1s,8..2/1s,2/1s") { plan in
      plan.scenarios = [Scenario(name: "a", steps: [Step(target: 0, think: .fixed(.milliseconds(5)))])]
    }
    let run = try Run(plan, loops: loops)
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.reason == .planEnded)
    // A user that goes does so with its iteration, which the end of a second may just miss.
    let users = Self.users(run)
    #expect(users.count >= 4 && users[0] == 8 && users[1] == 8 && (2...3).contains(users[2]), "\(users)")
    #expect(counts.connections == 8, "each user has its own, and keeps it")
  }

  /// Users that come in the place of others go on with the rows of a unique feed: none is used twice, none left out.
  @Test(arguments: [1, 2]) func uniqueRowsOutliveUsers(loops: Int) throws {
    let log = JourneyTests.Log()
    let server = try Self.server(log)
    let plan = try Self.plan(server.port, "4/500ms,1/300ms,4/500ms,2/300ms") { plan in
      plan.feeds = [
        DataFeed(name: "f", mode: .unique, columns: ["id"], rows: (0..<20_000).map { ["r\($0)"] })
      ]
      plan.targets[0].template = RequestTemplate(
        path: Template(parts: [.text(Array("/".utf8)), .value(.column(feed: 0, column: 0), .url)]), headers: [],
        body: Template(parts: []))
      plan.scenarios = [Scenario(name: "a", steps: [Step(target: 0, think: .fixed(.milliseconds(10)))])]
      plan.load.iterations = 7
    }
    let run = try Run(plan, loops: loops)
    run.check(target: server.stop().requests)
    let rows = log.all.compactMap { Int($0.dropFirst(2)) }
    // Those in the place of users 1 to 3 used fewer than the one of user 0, which was there all the time.
    #expect(rows.count > 60 && Set(rows).count == rows.count, "\(rows.count) requests, \(Set(rows).count) rows")
    for place in 0..<4 {
      let used = rows.filter { $0 % 4 == place }.map { $0 / 4 }
      #expect(used.sorted() == Array(0..<used.count) && used.count > 7, "place \(place)")
    }
  }

  /// Where one request is all that users do, and where two workers share them.
  @Test func aSpikeStartsAtOnceAndIsShared() throws {
    for worker in 0..<2 {
      let log = JourneyTests.Log()
      let server = try Self.server(log)
      let plan = try Self.plan(server.port, "1/1s,7/1500ms,1/500ms")
      let share = AttackShare(
        slots: SlotRange(share: worker, of: 2), users: .init(first: worker, stride: 2, count: worker == 0 ? 4 : 3))
      let run = try Run(plan, share: share)
      let counts = server.stop()
      run.check(target: counts.requests)
      let users = Self.users(run)
      #expect(users[0] == (worker == 0 ? 1 : 0) && users[1] == (worker == 0 ? 4 : 3), "\(users)")
      #expect(counts.connections == (worker == 0 ? 4 : 3))
      #expect(run.reason == .planEnded)
    }
  }

  /// Those that go are torn down; one that comes again is set up again.
  @Test func usersThatGoAreTornDown() throws {
    let log = JourneyTests.Log()
    let server = try Self.server(log)
    let plan = try Self.plan(server.port, "4/300ms,1/300ms,4/300ms") { plan in
      plan.setup = [Step(target: 0)]
      plan.scenarios = [Scenario(name: "a", steps: [Step(target: 1, think: .fixed(.milliseconds(20)))])]
      plan.teardown = [Step(target: 2)]
    }
    let run = try Run(plan)
    run.check(target: server.stop().requests)
    #expect(log.count("/0") == 7 && log.count("/2") == 7, "\(log.count("/0")) \(log.count("/2"))")
    for lines in log.byConnection { #expect(lines.first == "/0" && lines.last == "/2") }
  }

  /// A user that has done its iterations makes room for the next: the level is held.
  @Test func usersThatAreDoneAreReplaced() throws {
    let log = JourneyTests.Log()
    let server = try Self.server(log)
    let plan = try Self.plan(server.port, "3/1500ms") { plan in
      plan.setup = [Step(target: 0)]
      plan.scenarios = [Scenario(name: "a", steps: [Step(target: 1, think: .fixed(.milliseconds(50)))])]
      plan.load.iterations = 2
    }
    let run = try Run(plan)
    run.check(target: server.stop().requests)
    #expect(log.count("/0") > 6, "\(log.count("/0"))")
    #expect(log.byConnection.allSatisfy { $0.filter { $0 == "/1" }.count <= 2 })
    #expect(Self.users(run)[0] == 3)
  }

  @Test func aStopEndsThoseThatWereToCome() throws {
    let log = JourneyTests.Log()
    let server = try Self.server(log)
    let plan = try Self.plan(server.port, "2/200ms,0/60s,5/60s")
    let run = try Run(plan, onSecond: { attack, _ in attack.stop() })
    run.check(target: server.stop().requests)
    #expect(run.reason == .stopped && run.length < .seconds(20))
  }
}
