import EventLoop
import Measuring
import Model
import TestSupport
import Testing
import Threads

@testable import Engine

@Suite(.timeLimit(.minutes(5))) struct FailureTests {
  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  private static func serving(_ reply: String, closes: Bool = false) throws -> RawServer {
    let bytes = Array(reply.utf8)
    return try RawServer { peer, server in
      while server.request(peer) != nil {
        if !peer.write(bytes) || closes { return }
      }
    }
  }

  static let ways = [TransportOptions.Engine.native, .curl]

  @Test(arguments: ways) func anUnwantedStatusIsKeptWhole(_ way: TransportOptions.Engine) throws {
    let server = try Self.serving("HTTP/1.1 503 Busy\r\nContent-Length: 5\r\n\r\nsorry")
    let plan = Plan.closed(
      [try Target.local(server.port, "/a", method: "POST", body: Array("hello".utf8))], requests: 12
    ) {
      $0.transport.engine = way
      $0.failures.most = 3
    }
    let run = try Run(plan)
    run.check(target: server.stop().requests)
    #expect(run.kept.count == 3)
    #expect(run.reasons == ["status status 503": 12])
    let first = try #require(run.kept.first)
    #expect(first.name == "/a" && first.kind == .status && first.status == 503)
    #expect(Self.text(first.request.head).hasPrefix("POST /a HTTP/1.1\r\n"))
    #expect(Self.text(first.request.body) == "hello")
    #expect(Self.text(first.reply.head).hasPrefix("HTTP/1.1 503 Busy\r\n"))
    #expect(Self.text(first.reply.body) == "sorry")
    #expect(first.verdict == FailedExchange.Verdict(expected: "a status from 200 to 399", found: "503"))
    let (sent, firstByte) = (try #require(first.sent), try #require(first.firstByte))
    #expect(first.intended <= first.woke && first.woke <= sent && sent <= firstByte && firstByte <= first.end)
    #expect(!first.request.isBodyCut && !first.reply.isBodyCut)
  }

  /// A body of many reads: kept from its beginning, up to the bound, and said so.
  @Test(arguments: ways) func aLongReplyIsCut(_ way: TransportOptions.Engine) throws {
    let body = String(repeating: "0123456789", count: 100_000)
    let server = try Self.serving("HTTP/1.1 500 No\r\nContent-Length: \(body.count)\r\n\r\n" + body)
    let run = try Run(Plan.closed([try Target.local(server.port)], requests: 3) { $0.transport.engine = way })
    run.check(target: server.stop().requests)
    #expect(run.kept.count == 3)
    for exchange in run.kept {
      #expect(Self.text(exchange.reply.head).hasPrefix("HTTP/1.1 500"))
      #expect(exchange.reply.body.count == FailedExchange.longest)
      #expect(exchange.reply.isBodyCut)
      #expect(Self.text(exchange.reply.body).hasPrefix("01234567890"))
    }
  }

  @Test func nothingIsKeptWhereNothingFailsOrNobodyAsks() throws {
    let server = try Self.serving(RawServer.ok)
    let run = try Run(Plan.closed([try Target.local(server.port)], requests: 20))
    #expect(run.kept.isEmpty && run.reasons.isEmpty)
    run.check(target: server.stop().requests)
    let failing = try Self.serving("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n")
    let off = try Run(Plan.closed([try Target.local(failing.port)], requests: 20) { $0.failures.most = 0 })
    #expect(off.kept.isEmpty)
    #expect(off.reasons == ["status status 404": 20])
    off.check(target: failing.stop().requests)
  }

  @Test func aFailedCheckSaysWhatItFound() throws {
    let server = try Self.serving("HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n{\"state\":\"no\"}")
    var target = try Target.local(server.port)
    target.checks = [
      Check(
        name: "state is ok",
        rule: .json(JSONPath(text: "$.state", elements: [.key("state")]), .equals("ok")))
    ]
    let run = try Run(Plan.closed([target], requests: 4))
    run.check(target: server.stop().requests)
    #expect(run.reasons == ["check state is ok": 4])
    #expect(run.kept.first?.verdict == FailedExchange.Verdict(expected: "state is ok", found: "no"))
    #expect(run.kept.map { Self.text($0.reply.body) }.first == "{\"state\":\"no\"}")
  }

  /// A wanted status whose body lacks what a step captures: whole, and with what was looked for.
  @Test(arguments: ways) func aCaptureThatFindsNothingIsKept(_ way: TransportOptions.Engine) throws {
    let server = try Self.serving("HTTP/1.1 200 OK\r\nX-Kind: login\r\nContent-Length: 12\r\n\r\n{\"token\": 1}")
    var login = try Target.local(server.port, "/login", method: "POST", body: Array("me".utf8))
    login.captures = [
      Capture(variable: 0, source: .json(JSONPath(text: "session", elements: [.key("session")])))
    ]
    var plan = Plan.closed([login], users: 1, requests: nil, duration: .seconds(20)) { $0.transport.engine = way }
    plan.variables = ["session"]
    plan.scenarios = [Scenario(name: "a", steps: [Step(target: 0)])]
    plan.load.iterations = 7
    let run = try Run(plan)
    run.check(target: server.stop().requests)
    #expect(run.errors == [.capture: 7] && run.reasons.values.reduce(0, +) == 7)
    #expect(run.kept.count == 5 && run.kept.allSatisfy { $0.kind == .capture && $0.name == "/login" })
    for exchange in run.kept {
      #expect(exchange.cause.contains("JSON value session"), "\(exchange.cause)")
      #expect(exchange.verdict == FailedExchange.Verdict(expected: exchange.cause, found: "nothing"))
      #expect(exchange.status == 200 && exchange.bytesIn > 0 && !exchange.reply.isBodyCut)
      #expect(Self.text(exchange.reply.head).contains("X-Kind: login"))
      #expect(Self.text(exchange.reply.body) == "{\"token\": 1}")
      #expect(Self.text(exchange.request.head).hasPrefix("POST /login HTTP/1.1"))
      #expect(Self.text(exchange.request.body) == "me")
    }
  }

  @Test func whatIsNoReplyIsKeptAsItCame() throws {
    let server = try RawServer { peer, server in
      while server.request(peer) != nil {
        _ = peer.write(Array("SSH-2.0-OpenSSH_9.2\r\n".utf8))
        return peer.awaitClose()
      }
    }
    let run = try Run(Plan.closed([try Target.local(server.port)], requests: 2))
    run.check(target: server.stop().requests)
    let first = try #require(run.kept.first)
    #expect(first.kind == .malformed)
    #expect(Self.text(first.reply.head + first.reply.body) == "SSH-2.0-OpenSSH_9.2\r\n")
    #expect(run.reasons.values.reduce(0, +) == 2 && run.reasons.count == 1)
  }

  /// What was read before the end came: missed the first time, watched from then on.
  @Test(arguments: ways) func aReplyThatNeverEndsIsKeptAsFarAsItCame(_ way: TransportOptions.Engine) throws {
    let server = try Self.serving("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this", closes: true)
    let run = try Run(Plan.closed([try Target.local(server.port)], requests: 5) { $0.transport.engine = way })
    run.check(target: server.stop().requests)
    #expect(run.kept.count == 5)
    #expect(run.kept.allSatisfy { $0.kind == .reset && $0.bytesIn > 0 && $0.reply.isBodyCut })
    let last = try #require(run.kept.last)
    #expect(Self.text(last.reply.head).hasPrefix("HTTP/1.1 200 OK"))
    if way == .native { #expect(Self.text(last.reply.body) == "only this") }
  }

  @Test func refusedConnectionsHaveTheirReasonAndNoReply() throws {
    let (port, close) = try ConnectingTests.refusing()
    defer { close() }
    let run = try Run(Plan.open([try Target.local(port)], rate: 200, requests: 20))
    run.check()
    #expect(run.reasons.count == 1)
    #expect(run.reasons.first?.key.contains("127.0.0.1:\(port): Connection refused") == true, "\(run.reasons)")
    #expect(run.reasons.first?.value == run.errors(.connect))
    #expect(run.kept.count == 5)
    #expect(run.kept.allSatisfy { $0.sent == nil && $0.bytesOut == 0 && $0.reply == FailedExchange.Piece() })
    #expect(run.kept.allSatisfy { Self.text($0.request.head).hasPrefix("GET / HTTP/1.1") })
  }

  @Test func timeoutsSayHowLongTheyWere() throws {
    let server = try RawServer { peer, server in
      while server.request(peer) != nil { peer.awaitClose() }
    }
    let target = try Target.local(server.port, timeout: .milliseconds(50))
    let run = try Run(Plan.closed([target], requests: 2))
    run.check(target: server.stop().requests)
    #expect(run.reasons == ["timeout http://127.0.0.1:\(server.port): no full reply within 50ms": 2])
    #expect(run.kept.count == 2)
  }

  /// Different texts without end: the first hundred are told apart, the rest is counted under none.
  @Test func reasonsAreBounded() throws {
    let next = Counter()
    let server = try RawServer { peer, server in
      while server.request(peer) != nil {
        let status = 400 + next.next() % 200
        if !peer.write(Array("HTTP/1.1 \(status) X\r\nContent-Length: 0\r\n\r\n".utf8)) { return }
      }
    }
    let run = try Run(Plan.closed([try Target.local(server.port)], requests: 400))
    run.check(target: server.stop().requests)
    #expect(run.reasons.count == CauseText.most + 1)
    #expect(run.reasons["status "] == 200)
    #expect(run.reasons.values.reduce(0, +) == 400)
    #expect(run.kept.count == 5)
  }

  @Test func theJournalIsBounded() {
    let journal = FailureJournal(most: 2)
    var exchange = FailedExchange(name: "a", kind: .reset, intended: .zero, woke: .zero, end: .zero)
    exchange.reply.body = Array(repeating: 0, count: FailedExchange.longest)
    #expect(journal.offer(exchange, place: 1))
    #expect(!journal.offer(exchange, place: 1))
    #expect(!journal.offer(exchange, place: 1))
    #expect(journal.take().count == 2)
    for place in 2..<10_000 { _ = journal.offer(exchange, place: place) }
    let kept = journal.take()
    #expect(kept.reduce(0) { $0 + $1.size } <= FailureJournal.mostBytes)
    for _ in 0..<100 {
      for place in 10_000..<11_000 { _ = journal.offer(exchange, place: place) }
      _ = journal.take()
    }
    #expect(!journal.offer(exchange, place: 77_777))
  }

  private final class Counter: Sendable {
    private let value = Monitor(0)
    func next() -> Int {
      value.change { value in
        value += 1
        return value - 1
      }
    }
  }
}
