import EventLoop
import Measuring
import Model
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct TLSAttackTests {
  static let certificates = Result { try TestCertificates() }

  private static func context() throws -> TLSContext {
    let files = try certificates.get()
    return try TLSContext(serverCertificates: files.certificate, key: files.key)
  }

  @Test(arguments: [true, false], [true, false]) func requestsOverTLS(open: Bool, keepAlive: Bool) throws {
    let server = try RawServer(tls: Self.context(), always: RawServer.ok)
    let targets = [try Target.local(server.port, host: "localhost", tls: true)]
    let change: (inout AttackOptions) -> Void = {
      $0.insecureTLS = true
      $0.keepAlive = keepAlive
    }
    let run = try Run(
      open ? .open(targets, rate: 200, requests: 30, change) : .closed(targets, users: 2, requests: 30, change))
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.requests.accepted == 30 && counts.requests == 30, "\(run.errors) \(run.causes)")
    if !keepAlive { #expect(counts.connections == 30) }
  }

  @Test func anUnknownAuthorityIsRefusedAndSaidSo() throws {
    let server = try RawServer(tls: Self.context(), always: RawServer.ok)
    let run = try Run(.closed([.local(server.port, host: "localhost", tls: true)], users: 2, requests: 4))
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.errors == [.tls: 4] && counts.requests == 0)
    let cause = run.causes[.tls] ?? ""
    #expect(cause.contains("certificate") && cause.contains("https://localhost:\(server.port)"), "\(cause)")
  }

  @Test func aServerWithoutTLSIsSaidToHaveNone() throws {
    let server = try RawServer { peer, _ in
      peer.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
      peer.awaitClose()
    }
    let run = try Run(.closed([.local(server.port, tls: true)], requests: 2) { $0.insecureTLS = true })
    server.stop()
    run.check()
    #expect(run.errors == [.tls: 2], "\(run.causes)")
  }

  /// A server that says nothing in the handshake takes longer than connecting may.
  @Test func aHandshakeHasItsTimeout() throws {
    let server = try RawServer { peer, _ in peer.awaitClose() }
    let plan = Plan.closed([try .local(server.port, tls: true)], users: 2, requests: 2) {
      $0.connectTimeout = .milliseconds(150)
    }
    let run = try Run(plan)
    server.stop()
    run.check()
    #expect(run.errors == [.connectTimeout: 2] && run.histograms.censored.min >= 150_000)
  }

  @Test(arguments: [true, false]) func largeBodiesBothWays(open: Bool) throws {
    let body = [UInt8](repeating: 0x62, count: 2 << 20)
    let head = "HTTP/1.1 200 OK\r\nContent-Length: \(body.count)\r\n\r\n"
    let server = try RawServer(tls: Self.context()) { peer, server in
      while let request = server.request(peer) {
        if request.body != body || !peer.write(head) || !peer.write(body) { return }
      }
    }
    let targets = [try Target.local(server.port, method: "PUT", tls: true, body: body)]
    let change: (inout AttackOptions) -> Void = { $0.insecureTLS = true }
    let run = try Run(
      open ? .open(targets, rate: 20, requests: 4, change) : .closed(targets, users: 2, requests: 4, change))
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.requests.accepted == 4, "\(run.errors) \(run.causes)")
    #expect(run.requests.bytesIn == 4 * UInt64(body.count + head.utf8.count))
    #expect(run.requests.bytesOut > 4 * UInt64(body.count))
  }

  /// Reset in the middle of a large request: what went out before is counted as written, for the server has seen it.
  @Test func aResetWithinTheRequestIsAReset() throws {
    let server = try RawServer(tls: Self.context()) { peer, server in
      if server.request(peer, most: 0) != nil { peer.reset() }
    }
    let target = try Target.local(
      server.port, method: "POST", tls: true, body: [UInt8](repeating: 0x62, count: 4 << 20))
    let run = try Run(.closed([target], users: 2, requests: 60) { $0.insecureTLS = true })
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.errors == [.reset: 60] && run.requests.written == 60 && counts.requests == 60, "\(run.errors)")
  }

  /// The end of the connection without the session's end may be an attacker's: a body that only the end delimits is
  /// then not whole, one with a length is.
  @Test(arguments: [(true, true, 3), (false, true, 0), (false, false, 3), (true, false, 3)])
  func theEndOfASessionIsToldFromItsCutting(goodbye: Bool, untilClose: Bool, accepted: UInt64) throws {
    let reply = "HTTP/1.1 200 OK\r\n" + (untilClose ? "\r\n" : "Content-Length: 4\r\n\r\n") + "body"
    let server = try RawServer(tls: Self.context()) { peer, server in
      if server.request(peer) == nil { return }
      peer.write(reply)
      if goodbye { peer.sayGoodbye() }
    }
    let run = try Run(.closed([.local(server.port, tls: true)], requests: 3) { $0.insecureTLS = true })
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.requests.accepted == accepted, "\(run.errors)")
    #expect(run.errors == (accepted == 3 ? [:] : [.reset: 3]))
  }

  /// As without TLS: an endless body keeps no other connection waiting.
  @Test func aBodyWithoutEndKeepsNobodyWaiting() throws {
    let server = try RawServer(tls: Self.context()) { peer, server in
      while let request = server.request(peer) {
        if request.target != "/endless" {
          peer.write(RawServer.ok)
          continue
        }
        let part = [UInt8](repeating: 120, count: 1 << 20)
        peer.write("HTTP/1.1 200 OK\r\n\r\n")
        while peer.write(part) {}
      }
    }
    let endless = try Target.local(server.port, "/endless", tls: true, timeout: .milliseconds(300))
    let plan = Plan.open([endless, try .local(server.port, "/", tls: true, weight: 49)], rate: 100, requests: 50) {
      $0.grace = .seconds(1)
      $0.insecureTLS = true
    }
    let run = try Run(plan)
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.errors == [.timeout: 1] && run.requests.accepted == 49)
  }

  /// A large reply in one go is more than one read: the session holds bytes that no descriptor tells of.
  @Test func aLargeReplyAfterASmallRequest() throws {
    let body = [UInt8](repeating: 0x62, count: 5 << 20)
    let server = try RawServer(tls: Self.context()) { peer, server in
      while server.request(peer) != nil {
        peer.write("HTTP/1.1 200 OK\r\nContent-Length: \(body.count)\r\n\r\n")
        if !peer.write(body) { return }
      }
    }
    let run = try Run(.closed([.local(server.port, tls: true)], users: 2, requests: 6) { $0.insecureTLS = true })
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.requests.accepted == 6 && counts.connections == 2, "\(run.errors)")
  }
}
