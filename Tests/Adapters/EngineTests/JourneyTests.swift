import Measuring
import Model
import TestSupport
import Testing
import Threads

@testable import Engine

/// Users that go through steps, against a server that writes down what came on which connection.
@Suite(.timeLimit(.minutes(10))) struct JourneyTests {
  /// Paths in the order in which they came, by connection.
  final class Log: Sendable {
    private let lines = Monitor([Int: [String]]())

    func add(_ connection: Int, _ path: String) { lines.change { $0[connection, default: []].append(path) } }
    var byConnection: [[String]] { lines.read { $0.sorted { $0.key < $1.key }.map(\.value) } }
    var all: [String] { byConnection.flatMap { $0 } }
    func count(_ path: String) -> Int { all.filter { $0 == path }.count }
  }

  private static func server(_ log: Log, _ reply: @escaping @Sendable (String) -> String = { _ in RawServer.ok })
    throws -> RawServer
  {
    try RawServer { peer, server in
      while let request = server.request(peer) {
        log.add(peer.number, request.target)
        if !peer.write(reply(request.target)) { return }
      }
    }
  }

  /// Targets /0 … /5 and what the change makes of them.
  private static func plan(
    _ port: UInt16, users: Int = 1, requests: UInt64? = nil, duration: TimeSpan? = .seconds(30),
    _ change: (inout Plan) -> Void
  ) throws -> Plan {
    var plan = Plan.closed(
      try (0..<6).map { try .local(port, "/\($0)") }, users: users, requests: requests, duration: duration)
    change(&plan)
    return plan
  }

  private static func steps(_ targets: Int...) -> [Step] { targets.map { Step(target: $0) } }

  /// Set-up, iterations with repeated steps in order, tear-down; each user on a connection of its own.
  @Test(arguments: [1, 2]) func eachUserGoesItsWay(loops: Int) throws {
    let log = Log()
    let server = try Self.server(log)
    let plan = try Self.plan(server.port, users: 4) { plan in
      plan.setup = Self.steps(0)
      plan.scenarios = [Scenario(name: "a", steps: [Step(target: 1), Step(target: 2, repeats: 2), Step(target: 3)])]
      plan.teardown = Self.steps(5)
      plan.load.iterations = 3
    }
    let run = try Run(plan, loops: loops)
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.reason == .planEnded && run.length < .seconds(20) && counts.connections == 4)
    let way = ["/0"] + Array(repeating: ["/1", "/2", "/2", "/3"], count: 3).flatMap { $0 } + ["/5"]
    #expect(log.byConnection == Array(repeating: way, count: 4))
    let rows = try #require(run.iterations["a"])
    #expect(rows.started == 12 && rows.completed == 12 && run.iterations.count == 1)
  }

  /// A bound on requests cuts the last iterations, and users are torn down all the same.
  @Test func aBoundOnRequestsIsExact() throws {
    let log = Log()
    let server = try Self.server(log)
    let plan = try Self.plan(server.port, users: 3, requests: 20, duration: nil) { plan in
      plan.scenarios = [Scenario(name: "a", steps: Self.steps(1, 2, 3))]
      plan.teardown = Self.steps(5)
    }
    let run = try Run(plan)
    run.check(target: server.stop().requests)
    #expect(log.all.count == 23 && log.count("/5") == 3)
    let rows = try #require(run.iterations["a"])
    // Whichever user takes the last ones: of three steps each, at most two stay of each user's last iteration.
    #expect((5...6).contains(rows.completed) && (1...3).contains(rows.cut), "\(rows.completed) \(rows.cut)")
  }

  /// Scenarios are drawn by weight, the same for every number of loops.
  @Test func weightsAreDrawnPerUser() throws {
    var seen: [[String]] = []
    for loops in [1, 3] {
      let log = Log()
      let server = try Self.server(log)
      let plan = try Self.plan(server.port, users: 3) { plan in
        plan.scenarios = [
          Scenario(name: "a", weight: 1, steps: Self.steps(1)), Scenario(name: "b", weight: 3, steps: Self.steps(2)),
        ]
        plan.load.iterations = 40
      }
      let run = try Run(plan, loops: loops)
      run.check(target: server.stop().requests)
      #expect(log.count("/1") == 30 && log.count("/2") == 90)
      seen.append(log.byConnection.map { $0.joined() }.sorted())
    }
    #expect(seen[0] == seen[1] && Set(seen[0]).count == 3, "users differ, machines don't")
  }

  /// The pause follows each step, and no response time knows of it.
  @Test func thinkTime() throws {
    let server = try RawServer(always: RawServer.ok)
    let plan = try Self.plan(server.port) { plan in
      plan.scenarios = [
        Scenario(
          name: "a", steps: [Step(target: 1, think: .fixed(.milliseconds(80))), Step(target: 2)])
      ]
      plan.options.think = .fixed(.milliseconds(20))
      plan.load.iterations = 5
    }
    let run = try Run(plan)
    run.check(target: server.stop().requests)
    // 5 × 80 + 4 × 20: the last pause is nobody's.
    #expect(run.length >= .milliseconds(480) && run.length < .milliseconds(900), "\(run.length)")
    #expect(run.histograms.response.count(atLeast: 60_000) < 3 && run.requests.accepted == 10)
    // From the first *intended* to the last end: the pause between is in it, the one after is not.
    let rows = try #require(run.iterations["a"])
    #expect(rows.duration.min >= 79_000, "\(rows.duration.min) \(rows.duration.max)")
  }

  @Test func aLimitOfOneUserAndOfAll() throws {
    for (change, least) in [
      ({ (load: inout Load) in load.userLimit = .perSecond(50) }, 180), ({ $0.limit = .perSecond(100) }, 290),
    ] as [((inout Load) -> Void, Int64)] {
      let server = try RawServer(always: RawServer.ok)
      let plan = try Self.plan(server.port, users: 3) { plan in
        plan.load.iterations = 10
        change(&plan.load)
      }
      let run = try Run(plan, loops: 3)
      run.check(target: server.stop().requests)
      #expect(run.requests.accepted == 30)
      #expect(run.length >= .milliseconds(least) && run.length < .milliseconds(least + 500), "\(run.length)")
      #expect(run.histograms.response.count(atLeast: 60_000) < 6, "what a limit holds back is in no response time")
    }
  }

  /// Stop: the step in flight is awaited, the rest of the iteration is not sent, the tear-down is.
  @Test(arguments: [1, 2]) func stopTearsDown(loops: Int) throws {
    let log = Log()
    let server = try Self.server(log)
    let plan = try Self.plan(server.port, users: 4, duration: .seconds(60)) { plan in
      plan.setup = Self.steps(0)
      plan.scenarios = [
        Scenario(name: "a", steps: [Step(target: 1, think: .fixed(.seconds(600))), Step(target: 2)])
      ]
      plan.teardown = Self.steps(4, 5)
    }
    let run = try Run(
      plan, loops: loops,
      meanwhile: { attack in
        #expect(server.await(requests: 8))
        attack.stop()
      })
    run.check(target: server.stop().requests)
    #expect(run.reason == .stopped && run.length < .seconds(30))
    #expect(log.byConnection == Array(repeating: ["/0", "/1", "/4", "/5"], count: 4))
  }

  /// Abort: what is in flight is cut off, and nobody is torn down.
  @Test func abortTearsNobodyDown() throws {
    let log = Log()
    let server = try Self.server(log)
    let plan = try Self.plan(server.port, users: 4, duration: .seconds(60)) { plan in
      plan.scenarios = [Scenario(name: "a", steps: [Step(target: 1, think: .fixed(.seconds(600)))])]
      plan.teardown = Self.steps(5)
    }
    let run = try Run(
      plan,
      meanwhile: { attack in
        #expect(server.await(requests: 4))
        attack.abort()
      })
    run.check(target: server.stop().requests)
    #expect(run.reason == .aborted && log.count("/5") == 0)
  }

  /// The end of the time: users are torn down within the grace period.
  @Test func theEndTearsDown() throws {
    let log = Log()
    let server = try Self.server(log)
    let plan = try Self.plan(server.port, users: 3, duration: .milliseconds(200)) { plan in
      plan.scenarios = [Scenario(name: "a", steps: Self.steps(1, 2))]
      plan.teardown = Self.steps(5)
      plan.options.think = .fixed(.milliseconds(30))
    }
    let run = try Run(plan)
    run.check(target: server.stop().requests)
    #expect(run.reason == .planEnded && log.count("/5") == 3 && run.length < .seconds(1))
    #expect(log.byConnection.allSatisfy { $0.last == "/5" })
  }

  /// A step whose condition does not hold is passed over; where none holds, users don't spin.
  @Test func chance() throws {
    let log = Log()
    let server = try Self.server(log)
    let plan = try Self.plan(server.port, users: 2) { plan in
      plan.scenarios = [
        Scenario(
          name: "a",
          steps: [Step(target: 1), Step(target: 2, condition: .chance(millionths: 300_000)), Step(target: 3)])
      ]
      plan.load.iterations = 500
    }
    let run = try Run(plan)
    run.check(target: server.stop().requests)
    #expect(log.count("/1") == 1_000 && log.count("/3") == 1_000)
    // Five standard deviations about 300 of 1,000.
    #expect((228...372).contains(log.count("/2")), "\(log.count("/2"))")
    let idle = try Self.plan(1, users: 1, duration: .milliseconds(450)) { plan in
      plan.scenarios = [Scenario(name: "a", steps: [Step(target: 1, condition: .chance(millionths: 0))])]
    }
    let nothing = try Run(idle)
    nothing.check(target: 0)
    #expect(nothing.requests.started == 0 && nothing.reason == .planEnded)
  }

  /// Failures and lost connections don't take a user off its way.
  @Test func failuresGoOn() throws {
    let log = Log()
    let server = try RawServer { peer, server in
      while let request = server.request(peer) {
        log.add(0, request.target)
        if request.target == "/2" { return peer.reset() }
        peer.write(request.target == "/1" ? "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n" : RawServer.ok)
      }
    }
    let plan = try Self.plan(server.port, users: 1) { plan in
      plan.targets[2].method = "POST"
      plan.scenarios = [Scenario(name: "a", steps: Self.steps(1, 2, 3))]
      plan.load.iterations = 3
    }
    let run = try Run(plan)
    run.check(target: server.stop().requests)
    #expect(log.all == Array(repeating: ["/1", "/2", "/3"], count: 3).flatMap { $0 })
    #expect(run.errors == [.status: 3, .reset: 3] && run.requests.accepted == 3)
    #expect(run.iterations["a"]?.failed == 3)
  }

  // Shared connections.

  /// A hundred users on four connections: all go their way, none opens a fifth.
  @Test(arguments: [1, 2]) func usersShareConnections(loops: Int) throws {
    let log = Log()
    let server = try Self.server(log)
    let plan = try Self.plan(server.port, users: 100) { plan in
      plan.scenarios = [Scenario(name: "a", steps: Self.steps(1, 2, 3))]
      plan.options.sharedConnections = true
      plan.options.think = .uniform(.zero...(.milliseconds(5)))
      plan.load.iterations = 5
    }
    let run = try Run(plan, loops: loops, connections: 4)
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(counts.connections == 4 && run.requests.accepted == 1_500 && run.errors.isEmpty)
    for path in ["/1", "/2", "/3"] { #expect(log.count(path) == 500) }
  }

  /// Those that wait for a connection are given up at a stop, and torn down on what comes free.
  @Test func stopWithUsersWaiting() throws {
    let gate = Monitor(false)
    let log = Log()
    let server = try RawServer { peer, server in
      while let request = server.request(peer) {
        log.add(peer.number, request.target)
        _ = gate.wait(within: .seconds(60)) { $0 ? true : nil }
        peer.write(RawServer.ok)
      }
    }
    let plan = try Self.plan(server.port, users: 10, duration: .seconds(60)) { plan in
      plan.scenarios = [Scenario(name: "a", steps: Self.steps(1))]
      plan.teardown = Self.steps(5)
      plan.options.sharedConnections = true
    }
    let run = try Run(
      plan, connections: 2,
      meanwhile: { attack in
        #expect(server.await(requests: 2))
        attack.stop()
        gate.change { $0 = true }
      })
    run.check(target: server.stop().requests)
    #expect(run.reason == .stopped && run.errors(.neverSent) >= 1 && log.count("/5") == 10)
  }

  /// A target that closes each connection, and one that is not there: every request has its outcome.
  @Test func sharedConnectionsThatBreak() throws {
    let server = try RawServer { peer, server in
      if server.request(peer) != nil { peer.write(RawServer.ok) }
    }
    let closed = try Listening(backlog: nil)
    let plan = try Self.plan(server.port, users: 20, duration: .milliseconds(700)) { plan in
      plan.targets[2] = (try? .local(closed.port, "/none")) ?? plan.targets[2]
      plan.scenarios = [Scenario(name: "a", steps: Self.steps(1, 2, 3))]
      plan.options.sharedConnections = true
    }
    let run = try Run(plan, connections: 8)
    run.check(target: server.stop().requests)
    #expect(run.requests.accepted > 0 && run.errors(.connect) > 0, "\(run.errors)")
  }

  // Arrivals that go through scenarios.

  /// Each arrival is one iteration, begun when it is due; users are set up once and used again.
  @Test(arguments: [1, 2]) func arrivalsGoThroughScenarios(loops: Int) throws {
    let log = Log()
    let server = try Self.server(log)
    var plan = try Self.plan(server.port) { plan in
      plan.setup = Self.steps(0)
      plan.scenarios = [
        Scenario(name: "a", weight: 3, steps: [Step(target: 1, think: .fixed(.milliseconds(10))), Step(target: 2)]),
        Scenario(name: "b", weight: 1, steps: Self.steps(3)),
      ]
      plan.teardown = Self.steps(5)
    }
    plan.load = Load(model: .arrivals(.perSecond(400)), duration: .milliseconds(500))
    let run = try Run(plan, loops: loops)
    let counts = server.stop()
    #expect(run.schedule.planned == 200 && run.schedule.started == 200 && run.schedule.unsent == 0)
    #expect(log.count("/1") == 150 && log.count("/2") == 150 && log.count("/3") == 50)
    #expect(log.count("/0") == log.count("/5") && log.count("/0") >= loops && log.count("/0") < 60)
    #expect(run.requests.started == run.requests.completed && run.requests.accepted == UInt64(counts.requests))
    #expect(run.reason == .planEnded && run.errors.isEmpty)
    #expect(run.iterations["a"]?.completed == 150 && run.iterations["b"]?.completed == 50)
    #expect(run.iterations["a"]?.duration.min ?? 0 >= 10_000)
  }

  /// A stalled target: arrivals wait for a user as a cursor, and their time counts from when they were due.
  @Test func arrivalsWaitForUsers() throws {
    let server = try RawServer { peer, server in
      var isFirst = true
      while server.request(peer) != nil {
        if isFirst { peer.pause(milliseconds: 500) }
        isFirst = false
        if !peer.write(RawServer.ok) { return }
      }
    }
    var plan = try Self.plan(server.port) { plan in
      plan.scenarios = [Scenario(name: "a", steps: Self.steps(1))]
    }
    plan.load = Load(model: .arrivals(.perSecond(200)), duration: .milliseconds(600))
    let run = try Run(plan, connections: 1)
    #expect(server.stop().connections == 1)
    #expect(run.requests.accepted == 120)
    let slow = run.histograms.response.count(atLeast: 248_000)
    #expect(slow >= 50 && slow <= 70, "\(slow)")
    #expect(run.histograms.service.count(atLeast: 248_000) == 1)
  }

  @Test func stopOfArrivals() throws {
    let log = Log()
    let server = try Self.server(log)
    var plan = try Self.plan(server.port) { plan in
      plan.scenarios = [
        Scenario(name: "a", steps: [Step(target: 1, think: .fixed(.seconds(600))), Step(target: 2)])
      ]
      plan.teardown = Self.steps(5)
    }
    plan.load = Load(model: .arrivals(.perSecond(1_000)), duration: .seconds(60))
    let run = try Run(
      plan,
      meanwhile: { attack in
        #expect(server.await(requests: 100))
        attack.stop()
      })
    let counts = server.stop()
    #expect(run.reason == .stopped && run.length < .seconds(30))
    #expect(log.count("/2") == 0 && log.count("/5") == log.count("/1"))
    #expect(run.schedule.planned == run.schedule.started + run.schedule.unsent)
    #expect(run.requests.started == run.requests.completed && run.requests.answered <= UInt64(counts.requests))
  }
}
