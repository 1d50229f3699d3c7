import Measuring
import Model
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct ConnectionReuseTests {
  @Test(arguments: [1, 2]) func aKeptConnectionServesManyRequests(loops: Int) throws {
    let server = try RawServer(always: RawServer.ok)
    let run = try Run(.closed([.local(server.port)], users: 2, requests: 200), loops: loops)
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.requests.accepted == 200)
    #expect(counts.requests == 200)
    #expect(counts.connections == 2 && run.opened == 2)
    #expect(run.statuses == [200: 200])
    #expect(run.requests.bytesIn == 200 * UInt64(RawServer.ok.utf8.count))
  }

  @Test func withoutKeepAliveEachRequestHasItsConnection() throws {
    let server = try RawServer(always: RawServer.ok)
    let run = try Run(.closed([.local(server.port)], users: 2, requests: 60) { $0.keepAlive = false })
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.requests.accepted == 60 && counts.requests == 60 && counts.connections == 60)
  }

  @Test(arguments: [
    "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
  ])
  func aReplyThatEndsTheConnectionIsObeyed(reply: String) throws {
    let server = try RawServer(always: reply)
    let run = try Run(.open([.local(server.port)], rate: 1_000, requests: 20))
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.requests.accepted == 20 && counts.connections == 20)
  }

  /// Bytes after a whole reply mean that the server is out of step.
  @Test func bytesAfterTheReplyEndTheConnection() throws {
    let server = try RawServer(always: RawServer.ok + "HTTP/1.1 500 Extra\r\nContent-Length: 0\r\n\r\n")
    let run = try Run(.closed([.local(server.port)], requests: 20))
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.statuses == [200: 20] && counts.connections == 20)
  }

  /// Answers one request, then closes as soon as the next one has come: the client sees its connection die under it.
  private static func stale() throws -> RawServer {
    try RawServer { peer, server in
      if peer.number > 0 {
        while server.request(peer) != nil { peer.write(RawServer.ok) }
        return
      }
      if server.request(peer) == nil { return }
      peer.write(RawServer.ok)
      _ = server.request(peer)
      peer.reset()
    }
  }

  @Test(arguments: [true, false]) func anIdempotentRequestOnAStaleConnectionIsSentOnceMore(open: Bool) throws {
    let server = try Self.stale()
    let targets = [try Target.local(server.port)]
    let run = try Run(
      open ? .open(targets, rate: 200, requests: 10) : .closed(targets, requests: 10), connections: 1)
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.errors.isEmpty)
    #expect(run.requests.resent == 1 && run.requests.accepted == 10)
    #expect(run.requests.written == 11 && counts.requests == 11)
  }

  @Test(arguments: [true, false]) func aRequestThatMustNotBeRepeatedFails(open: Bool) throws {
    let server = try Self.stale()
    let targets = [try Target.local(server.port, method: "POST", body: [1, 2, 3])]
    let run = try Run(
      open ? .open(targets, rate: 200, requests: 10) : .closed(targets, requests: 10), connections: 1)
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.errors == [.reset: 1])
    #expect(run.requests.resent == 0 && run.requests.accepted == 9 && counts.requests == 10)
  }

  /// Each connection dies under its second request: what is sent once more must not be sent a third time, and a fresh
  /// connection is no stale one.
  @Test func aRequestIsSentOnceMoreOnly() throws {
    let server = try RawServer { peer, server in
      if peer.number == 0 {
        if server.request(peer) == nil { return }
        peer.write(RawServer.ok)
      }
      _ = server.request(peer)
      peer.reset()
    }
    let run = try Run(.closed([.local(server.port)], requests: 5))
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.requests.resent == 1 && run.requests.accepted == 1)
    #expect(run.errors == [.reset: 4])
  }

  /// A connection closed while idle is not used again, and costs no request.
  @Test func aConnectionClosedWhileIdleIsReplaced() throws {
    let server = try RawServer { peer, server in
      _ = server.request(peer)
      peer.write(RawServer.ok)
    }
    let run = try Run(.open([.local(server.port, method: "POST")], rate: 100, requests: 30))
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.requests.accepted + run.errors(.reset) == 30)
    #expect(run.requests.accepted >= 20, "\(run.errors) \(run.causes)")
  }

  /// With no place for a second connection, each of several origins must still get its turn.
  @Test(arguments: [true, false]) func originsShareTooFewConnections(keepAlive: Bool) throws {
    let servers = try (0..<3).map { _ in try RawServer(always: RawServer.ok) }
    let plan = Plan.open(try servers.map { try .local($0.port, name: "\($0.port)") }, rate: 300, requests: 60) {
      $0.keepAlive = keepAlive
      $0.grace = .seconds(1)
    }
    let run = try Run(plan, connections: 1)
    let requests = servers.map { $0.stop().requests }
    run.check(target: requests.reduce(0, +))
    #expect(run.requests.accepted == 60, "\(run.errors)")
    #expect(requests == [20, 20, 20])
  }

  /// Users that visit many origins must not starve one another of connections.
  @Test func usersWithManyOriginsShareConnections() throws {
    let servers = try (0..<8).map { _ in try RawServer(always: RawServer.ok) }
    let targets = try servers.map { try Target.local($0.port, name: "\($0.port)") }
    let run = try Run(.closed(targets, users: 4, requests: 320), connections: 8)
    let requests = servers.map { $0.stop().requests }
    run.check(target: requests.reduce(0, +))
    #expect(run.requests.accepted == 320, "\(run.errors) \(run.causes)")
  }
}
