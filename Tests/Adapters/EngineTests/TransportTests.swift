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
