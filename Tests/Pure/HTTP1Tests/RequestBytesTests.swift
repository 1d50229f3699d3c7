import HTTP1
import Testing

@Suite struct RequestBytesTests {
  private func text(
    _ method: String = "GET", _ target: String = "/", host: String = "a:80",
    _ headers: [(name: String, value: String)] = [], body: String = "", keepAlive: Bool = true,
    userAgent: String? = nil
  ) throws -> String {
    let bytes = try RequestBytes.render(
      method: method, target: target, host: host, headers: headers, body: Array(body.utf8), keepAlive: keepAlive,
      userAgent: userAgent)
    // Whatever is written is taken by the strict reader, whole and as the only request.
    let reading = RequestReader.read(bytes)
    #expect(reading.fault == nil && reading.messages.map(\.end) == [bytes.count], "\(reading)")
    #expect(reading.messages.first?.body == Array(body.utf8))
    #expect(reading.messages.first?.keepAlive == keepAlive)
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test func whatIsAdded() throws {
    #expect(try text() == "GET / HTTP/1.1\r\nHost: a:80\r\nAccept: */*\r\n\r\n")
    #expect(
      try text("DELETE", "/x?y", keepAlive: false, userAgent: "s/1")
        == "DELETE /x?y HTTP/1.1\r\nHost: a:80\r\nUser-Agent: s/1\r\nAccept: */*\r\nConnection: close\r\n\r\n")
    #expect(
      try text("PUT", body: "ab") == "PUT / HTTP/1.1\r\nHost: a:80\r\nAccept: */*\r\nContent-Length: 2\r\n\r\nab")
    for method in ["POST", "PUT", "PATCH"] {
      #expect(try text(method).hasSuffix("Content-Length: 0\r\n\r\n"))
    }
    #expect(try text("GET", body: "x").hasSuffix("Content-Length: 1\r\n\r\nx"))
  }

  @Test func whatIsGivenStays() throws {
    let given: [(name: String, value: String)] = [
      ("X-B", " 1 "), ("hOST", "b"), ("user-agent", "mine"), ("ACCEPT", "text/plain"), ("x-b", "caf\u{E9}"),
      ("content-length", "2"),
    ]
    #expect(
      try text("POST", "/", given, body: "ab", userAgent: "s/1")
        == "POST / HTTP/1.1\r\nX-B: 1\r\nhOST: b\r\nuser-agent: mine\r\nACCEPT: text/plain\r\nx-b: caf\u{E9}\r\n"
        + "content-length: 2\r\n\r\nab")
    let close = try text("GET", "/", [("Connection", "Close")], keepAlive: false)
    #expect(close == "GET / HTTP/1.1\r\nHost: a:80\r\nConnection: Close\r\nAccept: */*\r\n\r\n")
    #expect(try text("GET", "/", [("Connection", "closed")], keepAlive: false).hasSuffix("Connection: close\r\n\r\n"))
    #expect(try text("OPTIONS", "*").hasPrefix("OPTIONS * HTTP/1.1\r\n"))
  }

  @Test(arguments: [
    ("GE T", "/", "a", "X", "1", "method"), ("", "/", "a", "X", "1", "method"), ("GET:", "/", "a", "X", "1", "method"),
    ("GET", "", "a", "X", "1", "target"), ("GET", "/a b", "a", "X", "1", "target"),
    ("GET", "/\r\nX: 1", "a", "X", "1", "target"), ("GET", "/\u{E9}", "a", "X", "1", "target"),
    ("GET", "/", "a\r\nb", "X", "1", "host"), ("GET", "/", "a b", "X", "1", "host"),
    ("GET", "/", "a", "", "1", "header ''"), ("GET", "/", "a", "X Y", "1", "header 'X Y'"),
    ("GET", "/", "a", "X:", "1", "header 'X:'"), ("GET", "/", "a", "X\r\nY", "1", "header 'X\r\nY'"),
    ("GET", "/", "a", "X", "1\r\n2", "header 'X'"), ("GET", "/", "a", "X", "1\n2", "header 'X'"),
    ("GET", "/", "a", "X", "1\r2", "header 'X'"), ("GET", "/", "a", "X", "1\u{0}2", "header 'X'"),
    ("GET", "/", "a", "X", "\u{7F}", "header 'X'"),
    ("GET", "/", "a", "Transfer-Encoding", "chunked", "header 'Transfer-Encoding'"),
    ("GET", "/", "a", "transfer-encoding", "", "header 'transfer-encoding'"),
    ("GET", "/", "a", "Content-Length", "1", "header 'Content-Length'"),
    ("POST", "/", "a", "Content-Length", "", "header 'Content-Length'"),
    ("POST", "/", "a", "Content-Length", "+0", "header 'Content-Length'"),
  ])
  func whatIsRefused(
    _ method: String, _ target: String, _ host: String, _ name: String, _ value: String, _ place: String
  ) throws {
    let fault = #expect(throws: RenderFault.self) {
      try RequestBytes.render(method: method, target: target, host: host, headers: [(name, value)])
    }
    #expect(fault?.place == place)
  }

  @Test func whatMayBeThereOnce() {
    for name in ["Host", "Content-Length"] {
      #expect(throws: RenderFault(place: "header '\(name)'", found: "a second one", expected: "one at most")) {
        try RequestBytes.render(method: "GET", target: "/", host: "a", headers: [(name, "0"), (name, "0")])
      }
    }
    #expect(throws: RenderFault.self) {
      try RequestBytes.render(method: "GET", target: "/", host: "a", userAgent: "a\r\nb")
    }
  }
}
