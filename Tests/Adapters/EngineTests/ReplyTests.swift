import Measuring
import Model
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct ReplyTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let reply: String
    var status: UInt16 = 200
    var error: ErrorKind?
    var closes = false

    var testDescription: String { name }
  }

  static let head = "HTTP/1.1 200 OK\r\n"
  static let chunked = head + "Transfer-Encoding: chunked\r\n\r\n"
  static let cases = [
    Case(name: "until close", reply: head + "\r\nuntil the end", closes: true),
    Case(name: "chunked", reply: chunked + "5\r\nhello\r\n3;x=y\r\nabc\r\n0\r\nTrailer: t\r\n\r\n"),
    Case(name: "interim", reply: "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nX: y\r\n\r\n" + RawServer.ok),
    Case(name: "no body", reply: "HTTP/1.1 204 No Content\r\n\r\n", status: 204),
    Case(name: "not modified", reply: "HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n", status: 304),
    Case(name: "not found", reply: "HTTP/1.1 404 No\r\nContent-Length: 2\r\n\r\nno", status: 404, error: .status),
    Case(name: "server error", reply: "HTTP/1.1 503\r\nContent-Length: 0\r\n\r\n", status: 503, error: .status),
    Case(name: "status 999", reply: "HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n", status: 999, error: .status),
    Case(name: "rubbish", reply: "\u{16}\u{3}\u{1} no HTTP\r\n\r\n", error: .malformed),
    Case(name: "status of letters", reply: "HTTP/1.1 abc OK\r\n\r\n", error: .malformed),
    Case(name: "version", reply: "HTTP/3.7 200 OK\r\n\r\n", error: .malformed),
    Case(name: "length of letters", reply: head + "Content-Length: twelve\r\n\r\n", error: .malformed),
    Case(name: "negative length", reply: head + "Content-Length: -1\r\n\r\n", error: .malformed),
    Case(name: "huge length", reply: head + "Content-Length: 99999999999999999999\r\n\r\n", error: .malformed),
    Case(name: "two lengths", reply: head + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", error: .malformed),
    Case(name: "chunk size", reply: chunked + "zz\r\nabc\r\n0\r\n\r\n", error: .malformed),
    Case(name: "huge chunk", reply: chunked + "fffffffffffffffff\r\n", error: .malformed),
    Case(name: "chunk's end", reply: chunked + "3\r\nabcdef\r\n0\r\n\r\n", error: .malformed),
    Case(name: "switch", reply: "HTTP/1.1 101 Switching\r\n\r\n", error: .malformed),
    Case(name: "long line", reply: head + "X: " + String(repeating: "x", count: 40_000), error: .malformed),
    Case(name: "long head", reply: head + String(repeating: "X: y\r\n", count: 20_000), error: .malformed),
    Case(
      name: "endless interim", reply: String(repeating: "HTTP/1.1 102 P\r\n\r\n", count: 40), error: .malformed),
    Case(name: "short body", reply: head + "Content-Length: 100\r\n\r\nonly this", error: .reset, closes: true),
    Case(name: "short chunk", reply: chunked + "10\r\nabc", error: .reset, closes: true),
    Case(name: "half a head", reply: head + "Content-Le", error: .reset, closes: true),
    Case(name: "half a status line", reply: "HTTP/1.", error: .reset, closes: true),
    Case(name: "nothing", reply: "", error: .reset, closes: true),
  ]

  @Test(arguments: cases, [true, false]) func aReplyHasItsOutcome(wanted: Case, open: Bool) throws {
    let bytes = Array(wanted.reply.utf8)
    let server = try RawServer { peer, server in
      while server.request(peer) != nil {
        if !peer.write(bytes) || wanted.closes { return }
        if wanted.error == .malformed { return peer.awaitClose() }
      }
    }
    let targets = [try Target.local(server.port)]
    let run = try Run(open ? .open(targets, rate: 400, requests: 6) : .closed(targets, requests: 6))
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(counts.requests == 6 && run.requests.written == 6 && run.requests.resent == 0)
    if let error = wanted.error {
      #expect(run.errors == [error: 6])
      #expect(run.causes[error] != nil)
    } else {
      #expect(run.errors.isEmpty && run.requests.accepted == 6)
    }
    if wanted.error == nil || wanted.error == .status { #expect(run.statuses == [wanted.status: 6]) }
  }

  /// The same replies one byte at a time: nothing may depend on how the bytes are cut.
  @Test func bytesMayComeOneByOne() throws {
    let reply = Array(Self.cases[2].reply.utf8)
    let server = try RawServer { peer, server in
      while server.request(peer) != nil {
        for byte in reply where !peer.write([byte]) { return }
      }
    }
    let run = try Run(.closed([.local(server.port)], requests: 20))
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.requests.accepted == 20 && counts.connections == 1)
  }

  @Test func aReplyToHEADHasNoBody() throws {
    let server = try RawServer(always: "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    let run = try Run(.closed([.local(server.port, method: "HEAD")], requests: 20))
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.requests.accepted == 20 && counts.connections == 1)
  }

  @Test(arguments: [true, false]) func aResetWithinTheBodyIsAReset(open: Bool) throws {
    let server = try RawServer { peer, server in
      _ = server.request(peer)
      peer.write(Self.head + "Content-Length: 100000\r\n\r\n" + String(repeating: "x", count: 5_000))
      peer.reset()
    }
    let targets = [try Target.local(server.port)]
    let run = try Run(open ? .open(targets, rate: 400, requests: 10) : .closed(targets, requests: 10))
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.errors == [.reset: 10] && counts.requests == 10)
  }

  /// Large bodies are dropped in the kernel; they are counted all the same.
  @Test(arguments: ["sized", "chunked", "until close"]) func aLargeBodyIsCounted(kind: String) throws {
    let size = 10 << 20
    let server = try RawServer { peer, server in
      let part = [UInt8](repeating: 120, count: 1 << 20)
      while server.request(peer) != nil {
        switch kind {
        case "sized": peer.write(Self.head + "Content-Length: \(size)\r\n\r\n")
        case "chunked": peer.write(Self.chunked)
        default: peer.write(Self.head + "\r\n")
        }
        for _ in 0..<10 {
          if kind == "chunked" { peer.write("100000\r\n") }
          if !peer.write(part) { return }
          if kind == "chunked" { peer.write("\r\n") }
        }
        if kind == "chunked" { peer.write("0\r\n\r\n") }
        if kind == "until close" { return }
      }
    }
    let run = try Run(.closed([.local(server.port)], requests: 3))
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.requests.accepted == 3, "\(run.errors)")
    #expect(run.requests.bytesIn >= 3 * UInt64(size) && run.requests.bytesIn < 3 * UInt64(size) + 1_000)
    #expect(counts.connections == (kind == "until close" ? 3 : 1))
  }

  /// A body without end comes as fast as it is dropped: the other connections are served all the same, and the
  /// timeout ends it.
  @Test func aBodyWithoutEndKeepsNobodyWaiting() throws {
    let server = try RawServer { peer, server in
      while let request = server.request(peer) {
        if request.target != "/endless" {
          peer.write(RawServer.ok)
          continue
        }
        let part = [UInt8](repeating: 120, count: 1 << 20)
        peer.write(Self.head + "\r\n")
        while peer.write(part) {}
      }
    }
    let plan = Plan.open(
      [
        try .local(server.port, "/endless", timeout: .milliseconds(300)),
        try .local(server.port, "/", weight: 99),
      ], rate: 200, requests: 100
    ) { $0.grace = .seconds(1) }
    let run = try Run(plan)
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.errors == [.timeout: 1])
    #expect(run.requests.accepted == 99)
    #expect(run.intervals.allSatisfy { $0.loops.allSatisfy { $0.longestTurn < .milliseconds(150) } })
  }
}
