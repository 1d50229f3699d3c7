import EventLoop
import Glibc
import Measuring
import Model
import TestSupport
import Testing
import Threads

@testable import Engine

/// Chains of redirects whose requests fail, take time or open connections: one response with several requests.
@Suite(.timeLimit(.minutes(10))) struct ChainTests {
  typealias Way = RedirectTests.Way

  /// What it has been asked for, by path.
  final class Seen: Sendable {
    private let counts = Monitor([String: Int]())

    func next(_ path: String) -> Int {
      counts.change { counts in
        counts[path, default: 0] += 1
        return counts[path] ?? 0
      }
    }

    func count(_ path: String) -> Int { counts.read { $0[path] ?? 0 } }
  }

  /// `/start` leads to `/mid`, which leads to `/end` at each third try; `/end` is closed on at each first of two.
  private static func failing(_ seen: Seen) throws -> RawServer {
    try RawServer { peer, server in
      while let request = server.request(peer) {
        let number = seen.next(request.target)
        let reply: String
        switch request.target {
        case "/start": reply = RedirectTests.found("/mid", status: 307)
        case "/mid": reply = number % 3 == 0 ? RedirectTests.found("/end", status: 307) : RetryTests.no
        default:
          if number % 2 == 1 { return }
          reply = RawServer.ok
        }
        if !peer.write(reply) { return }
      }
    }
  }

  private static func retrying(_ way: Way, _ port: UInt16, _ most: Int) throws -> Plan {
    // POST: an idempotent request would be sent once more by itself.
    var plan = RedirectTests.plan(way, [try .local(port, "/start", method: "POST", body: [0x61])], requests: 1) {
      $0.retries = RetryPolicy(most: most, pause: .milliseconds(20), longest: .milliseconds(30))
    }
    if case .users = plan.load.model {
      plan.load = Load(model: .users(1), duration: .seconds(30), requests: nil)
      plan.load.iterations = 4
    } else {
      // One after the other: the target counts what it is asked for.
      plan.load = Load(model: .arrivals(.perSecond(4)), duration: nil, requests: 3)
    }
    return plan
  }

  /// A further try is of the request that failed, not of the chain, and all tries of a response count together.
  @Test(arguments: Way.allCases) func aRequestOfAChainIsTriedAgain(_ way: Way) throws {
    let seen = Seen()
    let server = try Self.failing(seen)
    let run = try Run(try Self.retrying(way, server.port, 3))
    run.check(target: server.stop().requests)
    let responses = run.requests.accepted
    #expect(responses == (way == .open || way == .openByCurl ? 3 : 4) && run.errors.isEmpty, "\(run.errors)")
    #expect(run.requests.redirected == 2 * responses && run.requests.retried == 3 * responses)
    #expect(run.requests.started == 6 * responses && run.histograms.response.count == responses)
    #expect(UInt64(seen.count("/start")) == responses && UInt64(seen.count("/mid")) == 3 * responses)
    // Three back-offs, of 10, 15 and 15 ms at least, are in the times of the chain, and in no first byte.
    #expect(run.histograms.response.min >= 40_000 && run.histograms.service.min >= 40_000)
    #expect(run.histograms.firstByte.count == 5 * responses && run.histograms.firstByte.min < 10_000)
  }

  @Test(arguments: Way.ofUsers) func tooFewTriesForAChain(_ way: Way) throws {
    let seen = Seen()
    let server = try Self.failing(seen)
    let run = try Run(try Self.retrying(way, server.port, 2))
    run.check(target: server.stop().requests)
    // The two tries were used up before /end, which closes the connection of the first that asks.
    #expect(run.requests.accepted == 2 && run.errors == [.reset: 2], "\(run.errors)")
    #expect(run.requests.redirected == 8 && run.requests.retried == 8)
  }

  /// A stop while a request of a chain waits for its next try.
  @Test(arguments: Way.ofUsers, [false, true]) func stopWhileAChainWaits(_ way: Way, abort: Bool) throws {
    let server = try RedirectTests.server { $0 == "/start" ? RedirectTests.found("/no") : RetryTests.no }
    var plan = try Self.retrying(way, server.port, 3)
    plan.options.retries = RetryPolicy(most: 3, pause: .seconds(600), longest: .seconds(600))
    let run = try Run(
      plan,
      onSecond: { attack, interval in
        if interval.second == 0 { abort ? attack.abort() : attack.stop() }
      })
    run.check(target: server.stop().requests)
    #expect(run.errors == [.neverSent: 1] && run.requests.retried == 1 && run.requests.redirected == 1)
    #expect(run.length < .seconds(30) && run.reason == (abort ? .aborted : .stopped))
  }

  /// The origin that a redirect leads to rests by itself; the one before it does not.
  @Test(arguments: Way.ofUsers) func theBreakerOfAHop(_ way: Way) throws {
    let bad = try RawServer(always: RetryTests.no)
    let location = "http://127.0.0.1:\(bad.port)/"
    let server = try RedirectTests.server { $0 == "/there" ? RedirectTests.found(location) : RawServer.ok }
    var plan = Plan.closed(
      [try .local(server.port, "/there"), try .local(server.port, "/here")], users: 1, requests: nil,
      duration: .milliseconds(1_150)
    ) { $0.transport.engine = way.engine }
    plan.options.breaker = CircuitBreaker(failures: 3, rest: .milliseconds(500))
    let run = try Run(plan)
    let (asked, counts) = (bad.stop().requests, server.stop())
    run.check(target: asked + counts.requests)
    // Three, and one after each rest.
    #expect((4...5).contains(asked) && run.errors(.status) == UInt64(asked), "\(asked) \(run.errors)")
    #expect(run.errors(.resting) >= 4 && run.requests.accepted > 4, "\(run.errors)")
    #expect(run.errors.keys.allSatisfy { $0 == .resting || $0 == .status }, "\(run.errors) \(run.causes)")
    #expect(run.causes[.resting]?.contains("127.0.0.1:\(bad.port)") == true)
  }

  /// A redirect is an answer: one that is the trial ends the rest.
  @Test(arguments: Way.ofUsers) func aRedirectEndsTheRest(_ way: Way) throws {
    let seen = Seen()
    let server = try RedirectTests.server { path in
      if path == "/end" { return RawServer.ok }
      return seen.next(path) <= 3 ? RetryTests.no : RedirectTests.found("/end")
    }
    var plan = Plan.closed([try .local(server.port)], users: 1, requests: 40, duration: .seconds(30)) {
      $0.transport.engine = way.engine
    }
    plan.options.breaker = CircuitBreaker(failures: 3, rest: .milliseconds(150))
    let run = try Run(plan)
    run.check(target: server.stop().requests)
    #expect(run.errors(.status) == 3 && (1...4).contains(run.errors(.resting)), "\(run.errors)")
    #expect(run.requests.accepted == 37 - run.errors(.resting))
  }

  /// Each request's first byte runs from its own *sent*; response and service time are the chain's.
  @Test(arguments: Way.allCases) func firstBytesOfHops(_ way: Way) throws {
    let delays: [String: UInt32] = ["/a": 20, "/b": 60, "/c": 120]
    let server = try RawServer { peer, server in
      while let request = server.request(peer) {
        usleep((delays[request.target] ?? 0) * 1_000)
        let next = ["/a": "/b", "/b": "/c"][request.target]
        // The last reply comes in two pieces.
        let reply = next.map { RedirectTests.found($0) } ?? RawServer.ok
        if next == nil {
          if !peer.write(String(reply.dropLast())) { return }
          usleep(40_000)
          if !peer.write(String(reply.suffix(1))) { return }
        } else if !peer.write(reply) {
          return
        }
      }
    }
    var plan = RedirectTests.plan(way, [try .local(server.port, "/a")], requests: 4)
    if case .arrivals = plan.load.model {
      plan.load = Load(model: .arrivals(.perSecond(3)), duration: nil, requests: 4)
    }
    let run = try Run(plan)
    run.check(target: server.stop().requests)
    let times = run.histograms
    #expect(times.firstByte.count == 12 && times.response.count == 4)
    // A third of them each: after 20, 60 and 120 ms, with what a busy machine adds.
    #expect(times.firstByte.min >= 19_900 && times.firstByte.min < 50_000, "\(times.firstByte.min)")
    #expect(times.firstByte.max >= 119_000 && times.firstByte.max < 190_000, "\(times.firstByte.max)")
    let sum = times.firstByte.sum / 4
    #expect((199_000..<300_000).contains(sum), "\(sum)")
    // The chain: all of the delays, and the rest of the last body.
    #expect(times.service.min >= 239_000 && times.service.min < 330_000, "\(times.service.min)")
    #expect(times.response.min >= times.service.min - times.service.min / 50)
  }

  /// A connection's time counts for each that was opened, whichever request of the chain opened it.
  @Test(arguments: Way.allCases) func connectsOfHops(_ way: Way) throws {
    let files = try TLSAttackTests.certificates.get()
    let context = try TLSContext(serverCertificates: files.certificate, key: files.key)
    // The handshake of the second origin takes its time.
    let slow = try Listening()
    let other = try RawServer(slow, tls: context, delay: 80) { peer, server in
      while server.request(peer) != nil {
        if !peer.write(RawServer.ok) { return }
      }
    }
    let location = "https://localhost:\(other.port)/"
    let server = try RedirectTests.server { _ in RedirectTests.found(location) }
    var plan = RedirectTests.plan(way, [try .local(server.port)], requests: 3) {
      $0.insecureTLS = true
      $0.keepAlive = false
    }
    if case .arrivals = plan.load.model {
      plan.load = Load(model: .arrivals(.perSecond(4)), duration: nil, requests: 3)
    }
    let run = try Run(plan)
    run.check(target: server.stop().requests + other.stop().requests)
    let times = run.histograms
    #expect(run.requests.accepted == 3 && run.requests.redirected == 3, "\(run.errors) \(run.causes)")
    #expect(run.opened == 6 && times.connect.count == 6)
    #expect(times.connect.min < 40_000 && times.connect.max >= 79_000 && times.connect.max < 200_000)
    // Connecting is in the response's service time where it lies within the chain, and in no first byte.
    #expect(times.service.min >= 79_000 && times.firstByte.max < 79_000, "\(times.firstByte.max)")
  }
}
