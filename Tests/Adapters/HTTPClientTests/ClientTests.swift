import HTTPClient
import Model
import TestSupport
import Testing

/// What is sent and what of the answer comes back, on a server that says exactly what the test wants.
@Suite struct ClientTests {
  static func client(_ change: (inout Client.Settings) -> Void = { _ in }) -> Client {
    var settings = Client.Settings()
    change(&settings)
    return Client(settings)
  }

  /// The error of a call that must fail.
  static func error(_ call: Call, _ client: Client = client()) throws -> ClientError {
    let reply: Reply
    do throws(ClientError) { reply = try client.perform(call) } catch { return error }
    throw TestError("no error but \(reply.status)")
  }

  @Test func requestAndReplyGoAsTheyAre() throws {
    let server = try ScriptedServer { request, peer in
      peer.answer(201, request.body.uppercased(), ["X-One: 1", "x-two:  b c ", "X-Empty:"])
    }
    let call = Call(
      .post, try TargetURL(text: server.url + "/a/../b?c=d"),
      headers: [Header("Authorization", "Bearer abc"), Header("X-None", "")], body: Array("hello".utf8))
    let reply = try Self.client().perform(call)
    #expect(reply.status == 201)
    #expect(reply.isSuccess)
    #expect(String(decoding: reply.body, as: UTF8.self) == "HELLO")
    #expect(reply["x-one"] == "1")
    #expect(reply["X-TWO"] == "b c")
    #expect(reply["x-empty"]?.isEmpty == true)
    #expect(reply["nothing"] == nil)
    let request = try #require(server.requests.first)
    #expect(request.method == "POST")
    #expect(request.target == "/b?c=d" || request.target == "/a/../b?c=d")
    #expect(request.header("authorization") == "Bearer abc")
    #expect(request.header("x-none")?.isEmpty == true)
    #expect(request.header("user-agent") == Product.userAgent)
    #expect(request.header("expect") == nil)
    #expect(request.header("content-type") == nil)
  }

  @Test(arguments: Call.Method.allCases) func everyMethodIsSent(_ method: Call.Method) throws {
    let server = try ScriptedServer { _, peer in peer.answer(204) }
    #expect(try Self.client().perform(Call(method, try TargetURL(text: server.url))).status == 204)
    let request = try #require(server.requests.first)
    #expect(request.method == method.rawValue)
    #expect(request.body.isEmpty)
  }

  /// A body of more than a megabyte is sent without waiting for a 100 first, bytes of any value included.
  @Test func longBodiesGoWhole() throws {
    let server = try ScriptedServer { request, peer in peer.answer(200, "\(request.body.utf8.count)") }
    let body = [UInt8](repeating: 0x61, count: 3_000_000) + [0]
    let reply = try Self.client().perform(Call(.post, try TargetURL(text: server.url), body: body))
    #expect(String(decoding: reply.body, as: UTF8.self) == "3000001")
  }

  @Test func redirectsAndRefusalsAreAnswers() throws {
    let elsewhere = try ScriptedServer { _, peer in peer.answer(200, "stolen") }
    let server = try ScriptedServer { request, peer in
      request.target == "/go" ? peer.answer(302, "", ["Location: \(elsewhere.url)/x"]) : peer.answer(503, "no")
    }
    let call = Call(url: try TargetURL(text: server.url + "/go"), token: "secret")
    let reply = try Self.client().perform(call)
    #expect(reply.status == 302)
    #expect(reply["location"] == "\(elsewhere.url)/x")
    #expect(elsewhere.requests.isEmpty)
    #expect(try Self.client().perform(Call(.get, try TargetURL(text: server.url))).status == 503)
  }

  @Test func heads1xxAndTrailersAreNotTheAnswers() throws {
    let server = try ScriptedServer { _, peer in
      peer.write("HTTP/1.1 103 Early\r\nX-Early: 1\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
      peer.write("3\r\nabc\r\n0\r\nX-Trailer: 1\r\n\r\n")
    }
    let reply = try Self.client().perform(Call(.get, try TargetURL(text: server.url)))
    #expect(reply.status == 200)
    #expect(reply.headers.map(\.name) == ["Transfer-Encoding"])
    #expect(reply.body == Array("abc".utf8))
  }

  @Test(arguments: ["a\r\nb", "a\nb", "a\u{0}b"]) func noHeaderCanBeginAnother(_ value: String) throws {
    let server = try ScriptedServer { _, peer in peer.answer(200) }
    let url = try TargetURL(text: server.url)
    let error = try Self.error(Call(.get, url, headers: [Header("X-A", value)]))
    #expect(error.cause == .unusable)
    #expect(!"\(error)".contains(value))
    #expect(try Self.error(Call(.get, url, headers: [Header("X A: b", "c")])).cause == .unusable)
    #expect(server.requests.isEmpty)
  }

  @Test(arguments: [
    ("rubbish\r\n\r\n", ClientError.Cause.malformed), ("", .brokenOff),
    ("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", .brokenOff),
    ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", .brokenOff),
    ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", .brokenOff),
    ("\u{1}\u{2}\u{3}\n", .malformed),
  ]) func whatIsNoAnswerIsAnError(_ bytes: String, _ cause: ClientError.Cause) throws {
    let server = try ScriptedServer { _, peer in peer.write(bytes) }
    let error = try Self.error(Call(.get, try TargetURL(text: server.url)))
    #expect(error.cause == cause, "\(error)")
    #expect("\(error)".hasPrefix("\(server.url): "))
    #expect(!error.isUnsent)
  }

  @Test func longAnswersAreCutOff() throws {
    let server = try ScriptedServer { request, peer in
      if request.target == "/heads" {
        peer.write("HTTP/1.1 200 OK\r\n")
        while peer.write("X-Filler: \(String(repeating: "x", count: 1000))\r\n") {}
      } else if request.target == "/1xx" {
        while peer.write("HTTP/1.1 102 Processing\r\nX-Filler: \(String(repeating: "x", count: 1000))\r\n\r\n") {}
      } else {
        peer.write("HTTP/1.1 200 OK\r\n\r\n")
        while peer.write(String(repeating: "x", count: 10_000)) {}
      }
    }
    let client = Self.client { $0.mostBody = 2 << 20 }
    let error = try Self.error(Call(.get, try TargetURL(text: server.url)), client)
    #expect(error == ClientError(.tooLarge, origin: server.url, "the answer is longer than 2 MiB"))
    for path in ["/heads", "/1xx"] {
      #expect(try Self.error(Call(.get, try TargetURL(text: server.url + path)), client).cause == .tooLarge)
    }
  }

  @Test func aReplyOfTheLimitsLengthIsTaken() throws {
    let server = try ScriptedServer { _, peer in peer.answer(200, String(repeating: "x", count: 1 << 20)) }
    let client = Self.client { $0.mostBody = 1 << 20 }
    #expect(try client.perform(Call(.get, try TargetURL(text: server.url))).body.count == 1 << 20)
  }
}

extension Call {
  init(url: TargetURL, token: String) {
    self.init(.get, url, headers: [Header("Authorization", "Bearer \(token)")])
  }
}
