import Glibc
import Measuring
import Model
import Processes
import TestSupport
import Testing

/// Exchanges carried by libcurl: recorded, counted and judged like the native engine's.
@Suite(.timeLimit(.minutes(10))) struct TransportTests {
  private static func curl(_ options: inout AttackOptions) { options.transport.engine = .curl }

  /// libcurl tells of a line when it has ended, or is longer than 100 KB.
  static let cases = ReplyTests.cases.map { each in
    each.name == "long line" ? ReplyTests.Case(name: each.name, reply: each.reply + rest, error: each.error) : each
  }
  private static let rest = String(repeating: "x", count: 200_000)

  @Test(arguments: cases, [true, false]) func aReplyHasItsOutcome(wanted: ReplyTests.Case, open: Bool) throws {
    let bytes = Array(wanted.reply.utf8)
    let server = try RawServer { peer, server in
      while server.request(peer) != nil {
        if !peer.write(bytes) || wanted.closes { return }
        if wanted.error == .malformed { return peer.awaitClose() }
      }
    }
    let targets = [try Target.local(server.port)]
    let run = try Run(
      open ? .open(targets, rate: 400, requests: 6, Self.curl) : .closed(targets, requests: 6, Self.curl))
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.errors == (wanted.error.map { [$0: 6] } ?? [:]), "\(wanted.name): \(run.errors) \(run.causes)")
    if wanted.error == nil { #expect(run.statuses == [wanted.status: 6]) }
  }

  @Test(arguments: [true, false], [true, false]) func countsAreTheTargets(open: Bool, keepAlive: Bool) throws {
    let server = try RawServer(always: RawServer.ok)
    let targets = [
      try Target.local(server.port, "/a"), try Target.local(server.port, "/b", method: "HEAD", weight: 2),
      try Target.local(server.port, "/c", method: "POST", body: Array("hello".utf8)),
      try Target.local(server.port, "/d", method: "DELETE"), try Target.local(server.port, "/e", method: "PUT"),
    ]
    let change: (inout AttackOptions) -> Void = {
      Self.curl(&$0)
      $0.keepAlive = keepAlive
    }
    let run = try Run(
      open ? .open(targets, rate: 500, requests: 120, change) : .closed(targets, users: 3, requests: 120, change))
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.requests.written == 120 && counts.requests == 120, "\(run.errors) \(run.causes)")
    if keepAlive {
      #expect(run.opened == counts.connections && counts.connections < 60)
    } else {
      #expect(counts.connections == 120 && run.opened == 120 && run.histograms.connect.count == 120)
    }
  }
}

/// What goes wrong, and what ends.
@Suite(.timeLimit(.minutes(10))) struct TransportEndingTests {
  private static func curl(_ options: inout AttackOptions) { options.transport.engine = .curl }

  @Test(arguments: [true, false]) func aTimeoutRunsFromSent(open: Bool) throws {
    let server = try RawServer { peer, server in
      _ = server.request(peer)
      peer.awaitClose()
    }
    let targets = [try Target.local(server.port, timeout: .milliseconds(200))]
    let run = try Run(
      open ? .open(targets, rate: 100, requests: 6, Self.curl) : .closed(targets, users: 2, requests: 6, Self.curl))
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.errors == [.timeout: 6] && run.requests.written == 6 && counts.connections == 6, "\(run.causes)")
    #expect(run.histograms.censoredService.min >= 199_000)
  }

  @Test func connectingHasItsOwn() throws {
    let server = try RawServer { peer, server in peer.awaitClose() }
    let run = try Run(
      .closed([.local(server.port, tls: true)], users: 2, requests: 4) {
        Self.curl(&$0)
        $0.connectTimeout = .milliseconds(150)
      })
    server.stop()
    run.check(target: 0)
    #expect(run.errors == [.connectTimeout: 4] && run.requests.written == 0, "\(run.causes)")
    #expect(run.histograms.censored.min >= 149_000)
  }

  @Test func nobodyThere() throws {
    let port = try LocalPort.free()
    let run = try Run(.closed([.local(port)], users: 2, requests: 6, Self.curl))
    run.check(target: 0)
    #expect(run.errors == [.connect: 6], "\(run.causes)")
    #expect(run.causes[.connect]?.contains("127.0.0.1:\(port)") == true)
  }

  /// Answers one request, then closes as soon as the next one has come.
  @Test(arguments: ["GET", "POST"]) func aStaleConnectionIsTriedAgainOnce(method: String) throws {
    let server = try RawServer { peer, server in
      if peer.number > 0 {
        while server.request(peer) != nil { peer.write(RawServer.ok) }
        return
      }
      if server.request(peer) == nil { return }
      peer.write(RawServer.ok)
      _ = server.request(peer)
      peer.reset()
    }
    let run = try Run(.closed([.local(server.port, method: method)], requests: 5, Self.curl))
    let counts = server.stop()
    run.check(target: counts.requests)
    if method == "GET" {
      #expect(run.requests.accepted == 5 && run.requests.resent == 1 && run.requests.written == 6, "\(run.causes)")
    } else {
      #expect(run.requests.accepted == 4 && run.errors == [.reset: 1] && run.requests.resent == 0, "\(run.causes)")
    }
  }

  @Test func whatIsInFlightAtTheEndIsCutOff() throws {
    let server = try RawServer { peer, server in
      _ = server.request(peer)
      peer.awaitClose()
    }
    let run = try Run(
      .open([.local(server.port)], rate: 50, requests: 5) {
        Self.curl(&$0)
        $0.grace = .milliseconds(200)
      })
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.errors == [.cutOff: 5], "\(run.causes)")
  }

  @Test func nothingIsSentWithoutALease() throws {
    let server = try RawServer(always: RawServer.ok)
    let run = try Run(
      .open([.local(server.port)], rate: 100, requests: 20, Self.curl),
      limit: { $0.allow(until: $1 - .milliseconds(1)) })
    let counts = server.stop()
    run.check(target: 0)
    #expect(counts.requests == 0 && run.schedule.unsent == 20)
  }

  /// The same slow server: both engines see the same times, as far as the fastest of many tell.
  @Test func instantsAreTheNativeEngines() throws {
    let server = try RawServer { peer, server in
      while server.request(peer) != nil {
        usleep(20_000)
        peer.write(RawServer.ok)
      }
    }
    func fastest(_ engine: TransportOptions.Engine) throws -> (service: Int, firstByte: Int, response: Int) {
      let run = try Run(
        .closed([.local(server.port)], users: 2, requests: 100) { $0.transport.engine = engine })
      run.check()
      return (
        Int(run.histograms.service.min), Int(run.histograms.firstByte.min), Int(run.histograms.response.min)
      )
    }
    let (native, curl) = (try fastest(.native), try fastest(.curl))
    server.stop()
    #expect(native.service >= 19_900 && curl.service >= 19_900)
    #expect(abs(native.service - curl.service) < 300, "\(native) \(curl)")
    #expect(abs(native.firstByte - curl.firstByte) < 300 && abs(native.response - curl.response) < 300)
  }
}
