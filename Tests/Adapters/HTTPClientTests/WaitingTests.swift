import Glibc
import HTTPClient
import Model
import TestSupport
import Testing
import Threads

/// Nothing is waited for without an end.
@Suite struct WaitingTests {
  @Test func aSilentServerIsLeft() throws {
    let server = try ScriptedServer { _, peer in peer.awaitClose() }
    let url = try TargetURL(text: server.url)
    let total = ClientTests.client { $0.total = .milliseconds(300) }
    let error = try ClientTests.error(Call(.get, url), total)
    #expect(error == ClientError(.timedOut, origin: server.url, "no whole answer within 300ms"))
    let stall = ClientTests.client { $0.stall = .milliseconds(300) }
    #expect(try ClientTests.error(Call(.get, url), stall).text == "nothing came for 300ms")
  }

  /// A byte now and then keeps a stall away, but not the end of the whole.
  @Test func oneThatDripsIsLeftToo() throws {
    let server = try ScriptedServer { _, peer in
      peer.write("HTTP/1.1 200 OK\r\n\r\n")
      while peer.write("x") { usleep(50_000) }
    }
    let client = ClientTests.client { $0.total = .seconds(2) }
    #expect(try ClientTests.error(Call(.get, try TargetURL(text: server.url)), client).cause == .timedOut)
  }

  @Test func refusalsNameTheServer() throws {
    let port = try LocalPort.free()
    let error = try ClientTests.error(Call(.get, try TargetURL(text: "http://127.0.0.1:\(port)/a?token=b")))
    #expect(error == ClientError(.notConnected, origin: "http://127.0.0.1:\(port)", "connection refused"))
    #expect(error.isUnsent && error.isPassing)
    let unknown = try ClientTests.error(Call(.get, try TargetURL(text: "http://no-such-host.invalid/")))
    #expect(unknown.cause == .unknownHost)
  }

  @Test func anotherThreadCallsItOff() throws {
    let server = try ScriptedServer { _, peer in peer.awaitClose() }
    let cancellation = Cancellation()
    try OwnThread(name: "canceller") {
      _ = server.await(requests: 1)
      cancellation.cancel()
    }.detach()
    do throws(ClientError) {
      _ = try ClientTests.client().perform(Call(.get, try url(server)), cancellation: cancellation)
      Issue.record("no error")
    } catch { #expect(error.cause == .cancelled) }
  }

  private func url(_ server: ScriptedServer) throws(ClientError) -> TargetURL {
    do { return try TargetURL(text: server.url) } catch { throw ClientError(.other, origin: "", "\(error)") }
  }

  @Test func piecesComeWhileTheStreamGoesOn() throws {
    let server = try ScriptedServer { _, peer in
      peer.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n")
      peer.awaitClose()
    }
    var text = ""
    let reply = try ClientTests.client { $0.total = nil }.stream(Call(.get, try TargetURL(text: server.url))) { piece in
      text += String(decoding: piece, as: UTF8.self)
      return !text.hasSuffix("\n\n")
    }
    #expect(text == "data: 1\n\n")
    #expect(reply.status == 200)
    #expect(reply.body.isEmpty)
  }

  @Test func aRefusedStreamIsAWholeReply() throws {
    let server = try ScriptedServer { _, peer in peer.answer(401, "who?") }
    let reply = try ClientTests.client().stream(Call(.get, try TargetURL(text: server.url))) { _ in
      Issue.record("given away")
      return false
    }
    #expect(reply.status == 401)
    #expect(reply.body == Array("who?".utf8))
  }
}
