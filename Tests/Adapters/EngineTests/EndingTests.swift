import EventLoop
import Measuring
import Model
import TestSupport
import Testing
import Threads

@Suite(.timeLimit(.minutes(10))) struct EndingTests {
  private static func silent() throws -> RawServer {
    try RawServer { peer, server in
      if server.request(peer) != nil { peer.awaitClose() }
    }
  }

  /// Stop: what waits is given up, what is in flight is awaited.
  @Test(arguments: [1, 2]) func stopAwaitsWhatIsInFlight(loops: Int) throws {
    let gate = Monitor(false)
    let server = try RawServer { peer, server in
      while server.request(peer) != nil {
        _ = gate.wait(within: .seconds(60)) { $0 ? true : nil }
        peer.write(RawServer.ok)
      }
    }
    let plan = Plan.open([try .local(server.port)], rate: 1_000, duration: .seconds(60))
    let run = try Run(
      plan, loops: loops, connections: 4,
      meanwhile: { attack in
        #expect(server.await(requests: 4))
        attack.stop()
        gate.change { $0 = true }
      })
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.reason == .stopped && run.length < .seconds(30))
    #expect(run.requests.accepted == UInt64(counts.requests) && run.requests.accepted >= 4)
    #expect(run.errors.keys.allSatisfy { $0 == .neverSent }, "\(run.errors)")
  }

  @Test(arguments: [1, 2]) func stopLetsEachUserFinish(loops: Int) throws {
    let server = try RawServer(always: RawServer.ok)
    let plan = Plan.closed([try .local(server.port)], users: 6, requests: nil, duration: .seconds(60))
    let run = try Run(
      plan, loops: loops,
      meanwhile: { attack in
        #expect(server.await(requests: 100))
        attack.stop()
      })
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.reason == .stopped && run.errors.isEmpty)
    #expect(run.requests.accepted == UInt64(counts.requests))
  }

  @Test(arguments: [true, false], [1, 2]) func abortCutsOffAtOnce(open: Bool, loops: Int) throws {
    let server = try Self.silent()
    let targets = [try Target.local(server.port)]
    let plan: Plan =
      open
      ? .open(targets, rate: 1_000, duration: .seconds(60))
      : .closed(targets, users: 4, requests: nil, duration: .seconds(60))
    let run = try Run(
      plan, loops: loops, connections: 4,
      meanwhile: { attack in
        #expect(server.await(requests: 4))
        attack.stop()
        attack.abort()
      })
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.reason == .aborted && run.length < .seconds(30))
    #expect(run.errors(.cutOff) == 4 && counts.requests == 4)
    #expect(run.errors.keys.allSatisfy { $0 == .cutOff || $0 == .neverSent })
  }

  /// At the end of the grace period the rest is cut off, each a lower bound of the time it has waited.
  @Test(arguments: [true, false]) func theGracePeriodEnds(open: Bool) throws {
    let server = try Self.silent()
    let targets = [try Target.local(server.port)]
    let change: (inout AttackOptions) -> Void = { $0.grace = .milliseconds(200) }
    let plan: Plan =
      open
      ? .open(targets, rate: 100, duration: .milliseconds(100), change)
      : .closed(targets, users: 10, requests: nil, duration: .milliseconds(100), change)
    let run = try Run(plan, connections: 10)
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.reason == .planEnded && run.errors == [.cutOff: 10])
    #expect(run.length >= .milliseconds(300))
    #expect(run.histograms.censored.min >= 200_000)
  }

  /// Stop within the grace period: what waits for a connection is given up, what is in flight is still awaited.
  @Test func stopWithinTheGracePeriod() throws {
    let server = try Self.silent()
    let plan = Plan.open([try .local(server.port)], rate: 200, duration: .milliseconds(100)) {
      $0.timeout = .milliseconds(1_400)
      $0.grace = .seconds(30)
    }
    let run = try Run(
      plan, connections: 2,
      onSecond: { attack, interval in
        // The first second is over, and with it the plan.
        if interval.second == 0 { attack.stop() }
      })
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.reason == .stopped && run.length < .seconds(30))
    #expect(run.errors == [.timeout: 2, .neverSent: 18])
  }

  @Test(arguments: [true, false]) func stopBeforeTheFirstArrival(open: Bool) throws {
    let server = try RawServer(always: RawServer.ok)
    let targets = [try Target.local(server.port)]
    let plan: Plan =
      open
      ? .open(targets, rate: 10, duration: .seconds(60))
      : .closed(targets, users: 2, requests: nil, duration: .seconds(60))
    for abort in [true, false] {
      let run = try Run(plan, startIn: .seconds(5), meanwhile: { abort ? $0.abort() : $0.stop() })
      run.check()
      #expect(run.schedule.planned == 0 && run.reason == (abort ? .aborted : .stopped))
    }
    #expect(server.stop().requests == 0)
  }

  /// A target that stalls: every arrival is counted and its time honest, though only one request was slow.
  @Test func aStallIsSeenByEveryArrival() throws {
    let server = try RawServer { peer, server in
      var isFirst = true
      while server.request(peer) != nil {
        if isFirst { peer.pause(milliseconds: 500) }
        isFirst = false
        if !peer.write(RawServer.ok) { return }
      }
    }
    let plan = Plan.open([try .local(server.port)], rate: 200, duration: .milliseconds(600))
    let run = try Run(plan, connections: 1)
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.requests.accepted == 120 && counts.connections == 1)
    // Arrival n is due 5n ms after the start and answered after 500 ms: half of the hundred wait 250 ms or more.
    let slow = run.histograms.response.count(atLeast: 248_000)
    #expect(slow >= 50 && slow <= 70, "\(slow)")
    #expect(run.histograms.service.count(atLeast: 248_000) == 1)
    #expect(run.worker.fromWoke.count(atLeast: 240_000) >= 50)
  }
}
