import EventLoop
import Glibc
import Measuring
import Model
import Pacing
import TestSupport
import Testing
import Threads

@testable import Engine

/// Poisson arrivals as they are sent.
@Suite(.timeLimit(.minutes(10))) struct PoissonRunTests {
  private static func plan(
    _ port: UInt16, rate: Int = 400, seed: UInt64 = 1, requests: UInt64? = nil, duration: TimeSpan? = nil,
    _ change: (inout Plan) -> Void = { _ in }
  ) throws -> Plan {
    var plan = Plan.open([try .local(port)], rate: rate, requests: requests, duration: duration)
    plan.load.spacing = .poisson
    plan.seed = seed
    change(&plan)
    return plan
  }

  private static func schedule(_ plan: Plan) throws -> Schedule {
    guard case .arrivals(let shape) = plan.load.model else { throw TestError("no arrivals") }
    return try Schedule(
      shape: shape, spacing: .poisson, seed: plan.seed, duration: plan.load.duration, requests: plan.load.requests)
  }

  /// However many loops: what the streams give is planned, sent and counted, and each second has its own.
  @Test(arguments: [1, 2, 5]) func whatTheStreamsGiveIsSent(loops: Int) throws {
    let server = try RawServer(always: RawServer.ok)
    let plan = try Self.plan(server.port, seed: 3, duration: .milliseconds(2_300))
    let run = try Run(plan, loops: loops)
    let counts = server.stop()
    let schedule = try Self.schedule(plan)
    run.check(target: counts.requests)
    #expect(run.schedule.planned == schedule.planned && schedule.planned != 920)
    #expect(run.requests.accepted == schedule.planned && counts.requests == Int(schedule.planned))
    // A second that a busy machine ends late has more.
    if loops == 1, let first = run.intervals.first {
      #expect(first.schedule.planned == schedule.arrivals(before: first.to))
    }
  }

  @Test(arguments: [1, 3]) func workersSharesAreTheWhole(loops: Int) throws {
    let server = try RawServer(always: RawServer.ok)
    let plan = try Self.plan(server.port, seed: 5, duration: .seconds(1))
    let runs = try (0..<3).map { worker in
      try Run(plan, share: AttackShare(slots: SlotRange(share: worker, of: 3)), loops: loops)
    }
    let counts = server.stop()
    for run in runs { run.check() }
    let planned = try Self.schedule(plan).planned
    #expect(runs.reduce(0) { $0 + $1.schedule.planned } == planned && counts.requests == Int(planned))
  }

  /// A number of them ends the run, wherever in time that is.
  @Test(arguments: [1, 2, 3], [0, 1, 100] as [UInt64]) func aNumberEndsTheRun(loops: Int, requests: UInt64) throws {
    let server = try RawServer(always: RawServer.ok)
    for duration in [nil, TimeSpan.seconds(3_600)] {
      let run = try Run(Self.plan(server.port, requests: requests, duration: duration), loops: loops)
      run.check()
      #expect(run.requests.accepted == requests && run.schedule.planned == requests && run.length < .seconds(60))
    }
    #expect(server.stop().requests == 2 * Int(requests))
  }

  /// Gaps between arrivals, as the target sees them. A machine that is held up itself says nothing of the schedule: such a
  /// round is repeated.
  @Test func gapsAtTheTargetAreExponential() throws {
    var distance = Double.infinity
    for round in 1...6 {
      let times = Monitor([Int64]())
      let server = try RawServer { peer, server in
        let reply = Array(RawServer.ok.utf8)
        while server.request(peer) != nil {
          let now = MonotonicClock.now().nanoseconds
          times.change { $0.append(now) }
          if !peer.write(reply) { return }
        }
      }
      let plan = try Self.plan(server.port, rate: 200, seed: 1, duration: .seconds(6))
      let run = try Run(plan, loops: 2)
      run.check(target: server.stop().requests)
      let came = times.read { $0.sorted() }
      #expect(came.count == Int(try Self.schedule(plan).planned))
      let gaps = zip(came.dropFirst(), came).map { Double($0 - $1) / 1e9 * 200 }.sorted()
      let n = Double(gaps.count)
      distance =
        gaps.enumerated().map { place, gap in
          let share = 1 - exp(-gap)
          return max(abs(share - Double(place) / n), abs(share - Double(place + 1) / n))
        }.reduce(0, max) * n.squareRoot()
      print("round \(round): \(came.count) arrivals, √n·D \(distance)")
      // Evenly spaced ones would have 24.
      let isDisturbed = run.worker.lateness.count(atLeast: 1_000) * 100 > run.worker.lateness.count
      if distance < 1.95 { break }
      if isDisturbed {
        print("disturbed: this says nothing")
        distance = 0
      }
    }
    #expect(distance < 1.95)
  }

  /// What waits for a connection keeps the instant at which it was due.
  @Test func theBacklogKnowsWhenItWasDue() throws {
    let ends = Monitor([Int64]())
    let server = try RawServer { peer, server in
      let reply = Array(RawServer.ok.utf8)
      while server.request(peer) != nil {
        usleep(4_000)
        ends.change { $0.append(MonotonicClock.now().nanoseconds) }
        if !peer.write(reply) { return }
      }
    }
    var start: Int64 = 0
    let plan = try Self.plan(server.port, rate: 1_000, seed: 2, duration: .milliseconds(400)) { plan in
      plan.options.timeout = .seconds(60)
      plan.options.grace = .seconds(60)
    }
    let run = try Run(plan, connections: 1, limit: { start = $1.nanoseconds })
    run.check(target: server.stop().requests)
    let schedule = try Self.schedule(plan)
    var cursor = ArrivalCursor(SlotRange(share: 0, of: 1), in: schedule)
    var sum: Int64 = 0
    for end in ends.read({ $0 }) {
      sum += end - start - schedule.due(at: cursor)
      cursor.advance()
    }
    // One connection serves one after the other, first come first served.
    let expected = Double(sum) / 1e3
    let found = Double(run.histograms.response.sum)
    print("sum of response times: \(found) µs, by the target's clock \(expected) µs")
    #expect(run.requests.accepted == schedule.planned && run.requests.accepted > 300)
    #expect(abs(found - expected) < 0.01 * expected + 1_000 * Double(schedule.planned))
  }

  /// Arrivals that go through a scenario, with users from the pool; and a lease that ends.
  @Test(arguments: [1, 2]) func visitsAndLeases(loops: Int) throws {
    let server = try RawServer(always: RawServer.ok)
    let plan = try Self.plan(server.port, seed: 6, duration: .seconds(1)) { plan in
      plan.scenarios = [Scenario(name: "a", steps: [Step(target: 0)])]
      plan.load.warmUp = .milliseconds(300)
    }
    let all = try Self.schedule(plan)
    let run = try Run(plan, loops: loops)
    run.check()
    #expect(run.schedule.planned == all.planned && run.iterations["a"]?.completed == all.planned)
    let warmUp = run.intervals.filter(\.phase.isWarmUp).reduce(0) { $0 + $1.schedule.planned }
    #expect(warmUp == all.arrivals(before: .milliseconds(300)))
    let cut = try Run(plan, loops: loops, limit: { $0.allow(until: $1 + .milliseconds(500)) })
    cut.check()
    server.stop()
    #expect(cut.schedule.planned == all.planned && cut.schedule.started <= all.arrivals(before: .milliseconds(500)))
  }

  /// Weighted targets have their exact shares of each block, for arrivals are numbered over all loops.
  @Test(arguments: [1, 3]) func weightsAreExact(loops: Int) throws {
    let server = try RawServer(always: RawServer.ok)
    let plan = try Self.plan(server.port, rate: 1_000, requests: 80) { plan in
      plan.targets = [1, 2, 5].map { weight in
        var target = plan.targets[0]
        target.name = "/\(weight)"
        target.weight = weight
        return target
      }
    }
    let run = try Run(plan, loops: loops)
    server.stop()
    run.check()
    #expect(run.names.mapValues(\.counts.accepted) == ["/1": 10, "/2": 20, "/5": 50])
  }
}
