import Measuring
import Model
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct RequestBodyTests {
  private static let body = [UInt8](repeating: 0x62, count: 4 << 20)

  /// More than the sockets' buffers hold: the request is written in parts, as the server reads it.
  @Test(arguments: [true, false]) func aLargeBodyIsWrittenInParts(open: Bool) throws {
    let server = try RawServer { peer, server in
      while let request = server.request(peer) {
        peer.write(request.body == Self.body ? RawServer.ok : "HTTP/1.1 400 Cut\r\nContent-Length: 0\r\n\r\n")
      }
    }
    let targets = [try Target.local(server.port, method: "POST", body: Self.body)]
    let run = try Run(open ? .open(targets, rate: 50, requests: 6) : .closed(targets, users: 2, requests: 6))
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.statuses == [200: 6], "\(run.errors) \(run.causes)")
    #expect(run.requests.bytesOut > 6 * UInt64(Self.body.count))
    #expect(run.requests.written == 6)
  }

  /// The reply is there before the request was written whole: it counts, and the connection is not used again.
  @Test(arguments: [true, false]) func anEarlyReplyCountsAndEndsTheConnection(open: Bool) throws {
    let server = try RawServer(Listening(buffer: 65_536)) { peer, server in
      if server.request(peer, most: 0) == nil { return }
      peer.write("HTTP/1.1 200 Enough\r\nContent-Length: 0\r\n\r\n")
      peer.awaitHangUp()
    }
    let targets = [try Target.local(server.port, method: "POST", body: Self.body)]
    let run = try Run(open ? .open(targets, rate: 50, requests: 6) : .closed(targets, requests: 6))
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.statuses == [200: 6] && run.requests.accepted == 6, "\(run.errors) \(run.causes)")
    #expect(counts.requests == 6 && counts.connections == 6)
  }

  /// The same from a server that closes with the body unread, which resets the connection: the reply or the reset,
  /// whichever the kernel still lets through.
  @Test(arguments: [true, false]) func anEarlyReplyMayBeLostInAReset(open: Bool) throws {
    let server = try RawServer { peer, server in
      if server.request(peer, most: 0) == nil { return }
      peer.write("HTTP/1.1 413 Too much\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    }
    let targets = [try Target.local(server.port, method: "POST", body: Self.body)]
    let run = try Run(open ? .open(targets, rate: 50, requests: 6) : .closed(targets, requests: 6))
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.errors(.status) + run.errors(.reset) == 6, "\(run.errors)")
    #expect(run.requests.resent == 0 && counts.requests == 6)
  }

  /// A server that stops reading in the middle: the timeout counts from the first byte written.
  @Test func aServerThatStopsReadingTimesOut() throws {
    let server = try RawServer(Listening(buffer: 65_536)) { peer, server in
      if server.request(peer, most: 0) == nil { return }
      peer.awaitHangUp()
    }
    let targets = [try Target.local(server.port, method: "POST", body: Self.body)]
    let run = try Run(.closed(targets, users: 3, requests: 3) { $0.timeout = .milliseconds(150) })
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.errors == [.timeout: 3])
    #expect(run.histograms.censored.min >= 150_000)
    #expect(run.requests.bytesOut < 3 * UInt64(Self.body.count))
  }
}
