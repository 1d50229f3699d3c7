import EventLoop
import Measuring
import Model
import TestSupport
import Testing
import Threads

@testable import Engine

/// Further tries of what failed, and rest for a target that fails: the same by both engines.
@Suite(.timeLimit(.minutes(10))) struct RetryTests {
  static let engines = [TransportOptions.Engine.native, .curl]
  static let no = "HTTP/1.1 503 No\r\nContent-Length: 2\r\n\r\nno"

  /// Answers the first `failures` requests for each path with 503, or by closing the connection.
  private static func server(failures: Int, resets: Bool = false) throws -> RawServer {
    let seen = Monitor([String: Int]())
    return try RawServer { peer, server in
      while let request = server.request(peer) {
        let number = seen.change { seen -> Int in
          seen[request.line, default: 0] += 1
          return seen[request.line] ?? 0
        }
        if number > failures {
          peer.write(RawServer.ok)
        } else if resets {
          return
        } else {
          peer.write(no)
        }
      }
    }
  }

  private static func plan(
    _ port: UInt16, _ most: Int, by engine: TransportOptions.Engine, isOpen: Bool = false, users: Int = 3
  ) throws -> Plan {
    // Every request is a path of its own, and the same one when it is tried again.
    var target = try Target.local(port, method: "POST")
    target.template = RequestTemplate(
      path: Template(parts: [
        .text([0x2F]), .value(.userId, .plain), .text([0x2F]), .value(.iteration, .plain), .text([0x2F]),
        .value(.randInt(0...1_000_000), .plain),
      ]), headers: [], body: Template(fixed: []))
    var plan: Plan
    if isOpen {
      plan = .open([target], rate: 200, requests: 12)
    } else {
      plan = .closed([target], users: users, requests: nil, duration: .seconds(30))
      plan.load.iterations = 4
    }
    plan.options.retries = RetryPolicy(most: most, pause: .milliseconds(20), longest: .milliseconds(30))
    plan.options.transport.engine = engine
    return plan
  }

  /// A response that comes at the third try is one accepted response of three requests.
  @Test(arguments: engines, [(false, false), (false, true), (true, false), (true, true)]) func aLaterTrySucceeds(
    engine: TransportOptions.Engine, how: (resets: Bool, isOpen: Bool)
  ) throws {
    let server = try Self.server(failures: 2, resets: how.resets)
    let run = try Run(try Self.plan(server.port, 3, by: engine, isOpen: how.isOpen))
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.requests.accepted == 12 && run.requests.retried == 24 && run.errors.isEmpty, "\(run.errors)")
    #expect(run.requests.started == 36 && counts.requests == 36 && run.schedule.started == 12)
    // Two back-offs of at least 10 and 15 ms are in the times of each.
    #expect(run.histograms.response.min >= 25_000 && run.histograms.service.min >= 25_000)
    // The first byte is of each request by itself, without the back-offs before it.
    #expect(run.histograms.firstByte.count == (how.resets ? 12 : 36) && run.histograms.firstByte.min < 10_000)
  }

  @Test(arguments: engines) func tooFewTries(engine: TransportOptions.Engine) throws {
    let server = try Self.server(failures: 5)
    let run = try Run(try Self.plan(server.port, 2, by: engine))
    run.check(target: server.stop().requests)
    #expect(run.errors == [.status: 12] && run.requests.retried == 24 && run.requests.accepted == 0)
  }

  /// Refused connections are tried again; what is no passing failure is not.
  @Test(arguments: engines) func whatIsTriedAgain(engine: TransportOptions.Engine) throws {
    let closed = try Listening(backlog: nil)
    let run = try Run(try Self.plan(closed.port, 1, by: engine, users: 1))
    run.check(target: 0)
    #expect(run.errors == [.connect: 4] && run.requests.retried == 4)
    let server = try RawServer(always: "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n")
    let other = try Run(try Self.plan(server.port, 3, by: engine))
    other.check(target: server.stop().requests)
    #expect(other.errors == [.status: 12] && other.requests.retried == 0)
  }

  /// A stop during a back-off: the response never comes, and is counted as such.
  @Test(arguments: engines, [false, true]) func stopWhileItWaits(
    engine: TransportOptions.Engine, abort: Bool
  ) throws {
    let server = try RawServer(always: Self.no)
    var plan = try Self.plan(server.port, 3, by: engine)
    plan.options.retries = RetryPolicy(most: 3, pause: .seconds(600), longest: .seconds(600))
    let run = try Run(
      plan,
      onSecond: { attack, interval in
        // Its replies came long ago, and all users wait.
        if interval.second == 0 { abort ? attack.abort() : attack.stop() }
      })
    run.check(target: server.stop().requests)
    #expect(run.errors == [.neverSent: 3] && run.requests.retried == 3 && run.length < .seconds(30))
    #expect(run.reason == (abort ? .aborted : .stopped))
  }

  /// After three failures in a row nothing is sent until the rest is over, and then one request tries.
  @Test(arguments: engines) func theBreaker(engine: TransportOptions.Engine) throws {
    let server = try RawServer(always: Self.no)
    var plan = Plan.closed([try .local(server.port)], users: 1, requests: nil, duration: .milliseconds(1_150))
    plan.options.transport.engine = engine
    plan.options.breaker = CircuitBreaker(failures: 3, rest: .milliseconds(500))
    let run = try Run(plan)
    let counts = server.stop()
    run.check(target: counts.requests)
    // Three, and one after each rest.
    #expect((4...5).contains(counts.requests), "\(counts.requests)")
    #expect(run.errors(.resting) >= 4 && run.errors(.status) == UInt64(counts.requests))
    #expect(run.causes[.resting]?.contains("failed 3 times in a row") == true)
  }

  /// How many have come, this one too.
  private static func count(_ seen: Monitor<Int>) -> Int {
    seen.change { number in
      number += 1
      return number
    }
  }

  @Test(arguments: engines) func theBreakerCloses(engine: TransportOptions.Engine) throws {
    let seen = Monitor(0)
    let server = try RawServer { peer, server in
      while server.request(peer) != nil {
        let number = Self.count(seen)
        peer.write(number <= 3 ? Self.no : RawServer.ok)
      }
    }
    var plan = Plan.closed([try .local(server.port)], users: 1, requests: 60, duration: .seconds(30))
    plan.options.transport.engine = engine
    plan.options.breaker = CircuitBreaker(failures: 3, rest: .milliseconds(150))
    let run = try Run(plan)
    run.check(target: server.stop().requests)
    #expect(run.errors(.status) == 3 && run.errors(.resting) >= 1 && run.errors(.resting) <= 4)
    #expect(run.requests.accepted == 57 - run.errors(.resting))
  }

  /// A time-out gives the exchange up, and the next try gets its reply.
  @Test(arguments: engines) func aTimeoutIsTriedAgain(engine: TransportOptions.Engine) throws {
    let seen = Monitor(0)
    let server = try RawServer { peer, server in
      while server.request(peer) != nil {
        let number = Self.count(seen)
        if number % 2 == 1 { return peer.awaitClose() }
        if !peer.write(RawServer.ok) { return }
      }
    }
    var plan = try Self.plan(server.port, 2, by: engine, users: 1)
    plan.targets[0].timeout = .milliseconds(150)
    let run = try Run(plan)
    run.check(target: server.stop().requests)
    #expect(run.requests.accepted == 4 && run.requests.retried == 4 && run.errors.isEmpty, "\(run.errors)")
    #expect(run.histograms.service.min >= 159_000 && run.histograms.firstByte.max < 150_000)
  }

  /// A try that was read leniently counts as lenient, whether another follows or not.
  @Test func aLenientTryIsCounted() throws {
    let seen = Monitor(0)
    let server = try RawServer { peer, server in
      while server.request(peer) != nil {
        let number = Self.count(seen)
        peer.write(number % 2 == 1 ? "HTTP/1.1 503 No\nContent-Length: 2\n\nno" : RawServer.ok)
      }
    }
    let run = try Run(try Self.plan(server.port, 1, by: .native, users: 1))
    run.check(target: server.stop().requests)
    #expect(run.requests.accepted == 4 && run.requests.retried == 4 && run.leniencies == 4, "\(run.leniencies)")
  }

  /// A trial that comes to nothing for this machine's own reasons does not leave the origin at rest for ever.
  @Test func aTrialThatIsNotSent() throws {
    let server = try RawServer { peer, server in
      while let request = server.request(peer) {
        if !peer.write(request.target == "/bad" ? Self.no : RawServer.ok) { return }
      }
    }
    var plan = Plan.closed(
      [try .local(server.port, "/bad"), try .local(server.port, "/good")], users: 1, requests: nil,
      duration: .milliseconds(1_400))
    plan.scenarios = [
      Scenario(name: "a", steps: [Step(target: 0), Step(target: 0), Step(target: 1), Step(target: 1)])
    ]
    plan.options.breaker = CircuitBreaker(failures: 2, rest: .milliseconds(100))
    // Without a lease from 0.3 to 0.9 s: a request that was to try may fall into that.
    let run = try Run(
      plan, limit: { $0.allow(until: $1 + .milliseconds(300)) },
      onSecond: { attack, interval in
        if interval.second == 0 { attack.allow(until: MonotonicClock.now() + .seconds(10)) }
      })
    run.check(target: server.stop().requests)
    #expect(run.errors(.resting) > 0 && run.errors(.status) > 0)
    #expect(run.intervals.last?.names.contains { $0.counts.answered > 0 } == true, "nothing was tried after the lease")
  }
}
