import HTTP1
import Testing

@Suite struct RequestDecoderTests {
  @Test(arguments: RequestSeed.all)
  func eachFormIsTakenOrRefused(_ seed: RequestSeed) {
    let reading = RequestReader.read(seed.bytes)
    #expect(reading.fault == seed.fault)
    #expect(reading.messages.count(where: \.isWhole) == seed.whole)
    #expect(RequestReader.readBytewise(seed.bytes) == reading)
  }

  @Test func thereAreSeedsForEveryFault() {
    let seen = Set(RequestSeed.all.compactMap(\.fault))
    // These need a head beyond a limit; they have tests of their own.
    let long: Set<RequestFault> = [.targetTooLong, .headTooLarge, .tooManyHeaders]
    #expect(seen.union(long) == Set(RequestFault.allCases))
    for fault in RequestFault.allCases {
      #expect([400, 413, 414, 417, 431, 501, 505].contains(fault.status) && !fault.description.isEmpty)
    }
  }

  private func only(_ text: String) throws -> RequestReading.Message {
    let reading = RequestReader.read(Array(text.utf8))
    #expect(reading.fault == nil && reading.isBetweenRequests)
    return try #require(reading.messages.last)
  }

  @Test func pathQueryAndHost() throws {
    let plain = try only("GET /a/b?c=d?e HTTP/1.1\r\nHost: x:80\r\n\r\n")
    #expect(plain.path == "/a/b" && plain.query == "c=d?e" && plain.host == "x:80")
    let url = try only("GET http://Y:81?q HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(url.path == "/" && url.query == "q" && url.host == "Y:81")
    let root = try only("GET https://y/ HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(root.path == "/" && root.query == nil && root.host == "y")
    let asterisk = try only("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(asterisk.path == "*" && asterisk.query == nil)
    let empty = try only("GET /? HTTP/1.0\r\n\r\n")
    #expect(empty.path == "/" && empty.query == "" && empty.host == nil)
  }

  @Test func bodiesArriveWhole() throws {
    let head = "POST / HTTP/1.1\r\nHost: a\r\n"
    let chunked = try only(
      head + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1;x\r\n!\r\n0\r\nA: b\r\n\r\n")
    #expect(chunked.framing == .chunked && chunked.body == Array("hello!".utf8))
    let sized = try only(head + "Content-Length: 3\r\nExpect: 100-continue\r\n\r\nabc")
    #expect(sized.framing == .length(3) && sized.body == Array("abc".utf8) && sized.expectsContinue)
    let none = try only("GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n")
    #expect(none.framing == .none && !none.expectsContinue)
  }

  @Test func keepAlive() throws {
    #expect(try only("GET / HTTP/1.1\r\nHost: a\r\n\r\n").keepAlive)
    #expect(try !only("GET / HTTP/1.1\r\nHost: a\r\nConnection: x, CLOSE\r\n\r\n").keepAlive)
    #expect(try !only("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nConnection: keep-alive\r\n\r\n").keepAlive)
    #expect(try only("GET / HTTP/1.1\r\nHost: a\r\nConnection: closed\r\n\r\n").keepAlive)
    #expect(try !only("GET / HTTP/1.0\r\n\r\n").keepAlive)
    #expect(try only("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").keepAlive)
  }

  @Test func headersAreFoundInAnyCase() throws {
    let text = "GET / HTTP/1.1\r\nHost: a\r\nX-One:  1\t\r\nx-two: 2\r\nX-TWO: 3\r\nEmpty:\r\n\r\n"
    var decoder = RequestDecoder()
    let step = Array(text.utf8).withUnsafeBytes { decoder.next($0) }
    guard case .head(let head) = step.event else {
      Issue.record("no head: \(step.event)")
      return
    }
    #expect(head.first("x-one") == "1" && head.first("X-Two") == "2" && head.first("empty") == "")
    #expect(head.first("x-thre") == nil)
    #expect(try head.only("X-ONE") == "1" && head.only("none") == nil)
    #expect(throws: RequestHead.Repeated.self) { try head.only("x-two") }
    #expect(head.headers.map(\.name) == ["Host", "X-One", "x-two", "X-TWO", "Empty"])
    #expect(head.hasMethod("GET") && !head.hasMethod("get") && !head.hasMethod("GE"))
  }

  @Test func limitsOfTheHead() {
    let limits = RequestLimits(head: 200, target: 20, headers: 3)
    func fault(_ text: String) -> RequestFault? {
      let bytes = Array(text.utf8)
      let reading = RequestReader.read(bytes, limits: limits)
      #expect(RequestReader.readBytewise(bytes, limits: limits) == reading)
      return reading.fault
    }
    let get = "GET / HTTP/1.1\r\nHost: a\r\n"
    #expect(fault("GET /" + String(repeating: "a", count: 19) + " HTTP/1.1\r\nHost: a\r\n\r\n") == nil)
    #expect(fault("GET /" + String(repeating: "a", count: 20) + " HTTP/1.1\r\nHost: a\r\n\r\n") == .targetTooLong)
    #expect(fault("GET /" + String(repeating: "a", count: 300)) == .targetTooLong)
    // get takes 25 bytes, the line without its letters 5, the empty line 2.
    #expect(fault(get + "X: " + String(repeating: "a", count: 168) + "\r\n\r\n") == nil)
    #expect(fault(get + "X: " + String(repeating: "a", count: 169) + "\r\n\r\n") == .headTooLarge)
    #expect(fault(get + "X: " + String(repeating: "a", count: 500)) == .headTooLarge)
    // 200 bytes that do not end the head: more can't help.
    #expect(fault(get + "X: " + String(repeating: "a", count: 172)) == .headTooLarge)
    #expect(fault(get + "X: " + String(repeating: "a", count: 171)) == .truncated)
    #expect(fault(get + "A:\r\nB:\r\n\r\n") == nil)
    #expect(fault(get + "A:\r\nB:\r\nC:\r\n\r\n") == .tooManyHeaders)
  }

  @Test func limitsOfTheBody() {
    let head = "POST / HTTP/1.1\r\nHost: a\r\n"
    func fault(_ text: String, limit: Int) -> RequestFault? {
      RequestReader.read(Array((head + text).utf8), bodyLimit: limit).fault
    }
    #expect(fault("Content-Length: 5\r\n\r\nhello", limit: 5) == nil)
    #expect(fault("Content-Length: 5\r\n\r\nhello", limit: 4) == .bodyTooLarge)
    let chunks = "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\nabc\r\n0\r\n\r\n"
    #expect(fault(chunks, limit: 6) == nil)
    #expect(fault(chunks, limit: 5) == .bodyTooLarge)
    let extended = "Transfer-Encoding: chunked\r\n\r\n1;" + String(repeating: "a", count: 4092)
    #expect(fault(extended + "\r\nx\r\n0\r\n\r\n", limit: 5) == nil)
    #expect(fault(extended + "a\r\nx\r\n0\r\n\r\n", limit: 5) == .chunk)
    let trailer = "Transfer-Encoding: chunked\r\n\r\n0\r\nX: " + String(repeating: "a", count: 8185)
    #expect(fault(trailer + "\r\n\r\n", limit: 5) == nil)
    #expect(fault(trailer + "a\r\n\r\n", limit: 5) == .headTooLarge)
  }

  @Test func aClosedConnectionBetweenRequestsIsNoFault() {
    #expect(RequestReader.read([]).fault == nil)
    #expect(RequestReader.read(Array("\r\n".utf8)).fault == nil)
    #expect(RequestReader.read(Array("G".utf8)).fault == .truncated)
  }
}
