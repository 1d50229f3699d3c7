import EventLoop
import Measuring
import Model
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct TimeoutTests {
  /// A server that reads requests, says this much and then nothing.
  private static func silent(after text: String = "", every milliseconds: Int32? = nil) throws -> RawServer {
    try RawServer { peer, server in
      while server.request(peer) != nil {
        if !text.isEmpty { peer.write(text) }
        guard let milliseconds else { return peer.awaitClose() }
        while peer.write(".") { peer.pause(milliseconds: milliseconds) }
      }
    }
  }

  @Test(
    arguments: [
      ("", nil), ("HTTP/1.1 200 OK\r\nContent-Le", nil), ("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", nil),
      ("HTTP/1.1 200 OK\r\n\r\nabc", nil), ("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", Int32(5)),
      ("HTTP/1.1 100 Continue\r\n\r\n", nil),
    ] as [(String, Int32?)], [true, false])
  func aTimeIsALowerBound(way: (said: String, every: Int32?), open: Bool) throws {
    let server = try Self.silent(after: way.said, every: way.every)
    let targets = [try Target.local(server.port)]
    let change: (inout AttackOptions) -> Void = { $0.timeout = .milliseconds(100) }
    let run = try Run(
      open ? .open(targets, rate: 100, requests: 5, change) : .closed(targets, users: 5, requests: 5, change))
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.errors == [.timeout: 5])
    #expect(run.histograms.censored.count == 5 && run.histograms.censoredService.count == 5)
    #expect(run.histograms.censored.min >= 100_000, "\(run.histograms.censored.min)")
    // Each timed out on a connection of its own, which was closed: the server's threads have ended.
    #expect(counts.connections == 5 && run.opened == 5)
  }

  /// A timeout closes its connection, so the next request of the same user is not answered by the late reply.
  @Test func aLateReplyAnswersNobodyElse() throws {
    let server = try RawServer { peer, server in
      while server.request(peer) != nil {
        if peer.number == 0 { peer.pause(milliseconds: 2_000) }
        if !peer.write(RawServer.ok) { return }
      }
    }
    let run = try Run(.closed([.local(server.port)], requests: 4) { $0.timeout = .milliseconds(60) })
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.errors == [.timeout: 1] && run.requests.accepted == 3 && counts.connections == 2)
  }

  /// Targets with timeouts of their own, in one plan.
  @Test func eachTargetHasItsTimeout() throws {
    let server = try Self.silent()
    let plan = Plan.open(
      [
        try .local(server.port, "/short", timeout: .milliseconds(50)),
        try .local(server.port, "/long", timeout: .milliseconds(250)),
      ], rate: 200, requests: 10)
    let run = try Run(plan)
    run.check(target: server.stop().requests)
    let short = try #require(run.names["/short"]).histograms.censored
    let long = try #require(run.names["/long"]).histograms.censored
    #expect(short.count == 5 && short.min >= 50_000 && short.max < 250_000)
    #expect(long.count == 5 && long.min >= 250_000)
  }

  /// A listener that accepts nobody: its queue is full, so that connecting takes longer than it may.
  @Test(arguments: [true, false]) func connectingHasItsOwnTimeout(open: Bool) throws {
    let listening = try Listening(backlog: 0)
    defer { Socket.close(listening.descriptor) }
    // These fill the queue.
    let fillers = try (0..<4).map { _ in try Filler(listening.port) }
    defer { fillers.forEach { $0.close() } }
    let targets = [try Target.local(listening.port)]
    let change: (inout AttackOptions) -> Void = { $0.connectTimeout = .milliseconds(150) }
    let run = try Run(
      open ? .open(targets, rate: 100, requests: 4, change) : .closed(targets, users: 4, requests: 4, change))
    run.check(target: 0)
    #expect(run.errors == [.connectTimeout: 4] && run.requests.written == 0)
    // What was given up is a lower bound and counts among the percentiles, not beside them.
    #expect(run.histograms.censored.min >= 150_000 && run.histograms.failed.count == 0)
    #expect(run.causes[.connectTimeout]?.contains("took too long") == true)
  }
}
