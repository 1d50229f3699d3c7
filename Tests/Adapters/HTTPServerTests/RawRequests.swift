import EventLoop
import Model
import TestSupport
import Testing

@testable import HTTPServer

/// Bytes sent, and the replies to expect for them: the same over a socket and in memory, whole and byte by byte.
struct RawRequest: Sendable, CustomTestStringConvertible {
  let name: String
  let bytes: String
  /// Statuses of the replies up to the connection's end.
  let statuses: [Int]
  /// What the replies contain.
  let contains: [String]

  init(_ name: String, _ bytes: String, _ statuses: [Int], _ contains: [String] = []) {
    self.name = name
    self.bytes = bytes
    self.statuses = statuses
    self.contains = contains
  }

  var testDescription: String { name }

  static let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

  static let served = [
    RawRequest("plain", get, [200], ["Content-Length: 6\r\n", "\r\n\r\nhello\n", "Date: "]),
    RawRequest("two in a row", get + get, [200, 200]),
    RawRequest(
      "close is honoured", "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" + get, [200],
      ["Connection: close\r\n"]),
    RawRequest("HTTP/1.0 closes", "GET / HTTP/1.0\r\n\r\n" + get, [200], ["Connection: close\r\n"]),
    RawRequest(
      "HTTP/1.0 keep-alive", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.0\r\n\r\n", [200, 200],
      ["Connection: keep-alive\r\n"]),
    RawRequest(
      "HEAD has no body", "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" + get, [200, 200],
      ["Content-Length: 6\r\n\r\nHTTP/1.1 200"]),
    RawRequest(
      "body", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabcde" + get, [200, 200],
      ["\r\n\r\nabcdeHTTP"]),
    RawRequest(
      "chunked body",
      "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nT: v\r\n\r\n"
        + get,
      [200, 200], ["\r\n\r\nabcdeHTTP"]),
    RawRequest(
      "100-continue",
      "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\nok", [100, 200],
      ["HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"]),
    RawRequest(
      "no 100 for a body too large",
      "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2000\r\nExpect: 100-continue\r\n\r\n", [413],
      ["the body has 2000 bytes, expected at most 1000 here"]),
    RawRequest(
      "204 says no length", "GET /none HTTP/1.1\r\nHost: a\r\n\r\n" + get, [204, 200], ["GMT\r\n\r\nHTTP/1.1 200"]),
    RawRequest("a handler's odd status", "GET /odd HTTP/1.1\r\nHost: a\r\n\r\n", [500]),
    RawRequest("parameter", "GET /param/a%20b/x HTTP/1.1\r\nHost: a\r\n\r\n", [200], ["\r\n\r\na b"]),
    RawRequest("query", "GET /query?a=1&b=x+y%26&c HTTP/1.1\r\nHost: a\r\n\r\n", [200], ["a=1;b=x y&;c="]),
    RawRequest("whole URL", "GET http://b:80/ HTTP/1.1\r\nHost: a\r\n\r\n", [200]),
    RawRequest(
      "pieces in chunks", "GET /pieces HTTP/1.1\r\nHost: a\r\n\r\n" + get, [200, 200],
      ["\r\n\r\n4\r\none,\r\n4\r\ntwo,\r\n0\r\n\r\nHTTP/1.1"]),
    RawRequest("pieces in HTTP/1.0", "GET /pieces HTTP/1.0\r\n\r\n", [200], ["Connection: close\r\n\r\none,two,"]),
    RawRequest(
      "HEAD of pieces", "HEAD /pieces HTTP/1.1\r\nHost: a\r\n\r\n" + get, [200, 200], ["chunked\r\n\r\nHTTP/1.1"]),
    RawRequest("no answer given", "GET /silent HTTP/1.1\r\nHost: a\r\n\r\n", [500], ["the handler gave no answer"]),
    RawRequest(
      "OPTIONS *", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", [204], ["Allow: GET, HEAD, POST, PUT, OPTIONS\r\n"]),
    RawRequest(
      "OPTIONS of a path", "OPTIONS /echo HTTP/1.1\r\nHost: a\r\n\r\n", [204], ["Allow: POST, PUT, OPTIONS\r\n"]),
  ]

  static let ownErrors = [
    RawRequest(
      "unknown path", "GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n" + get, [404, 200],
      ["\"status\":404", "application/problem+json"]),
    RawRequest("broken percent", "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", [400]),
    RawRequest(
      "wrong method", "DELETE /echo HTTP/1.1\r\nHost: a\r\n\r\n" + get, [405, 200], ["Allow: POST, PUT, OPTIONS\r\n"]),
    RawRequest("unknown method", "BREW / HTTP/1.1\r\nHost: a\r\n\r\n", [501]),
    RawRequest("CONNECT", "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n" + get, [501]),
    RawRequest(
      "unwanted body", "GET /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc" + get, [404],
      ["Connection: close\r\n"]),
    RawRequest(
      "body too large", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n", [413],
      ["Connection: close\r\n"]),
    RawRequest(
      "chunks too large",
      "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n"
        + String(repeating: "x", count: 1001)
        + "\r\n0\r\n\r\n", [413]),
    RawRequest(
      "head too large", "GET / HTTP/1.1\r\nHost: a\r\nX: " + String(repeating: "x", count: 33_000) + "\r\n\r\n", [431]),
    RawRequest(
      "target too long", "GET /" + String(repeating: "x", count: 33_000) + " HTTP/1.1\r\nHost: a\r\n\r\n", [414]),
    RawRequest("HTTP/2.0", "GET / HTTP/2.0\r\nHost: a\r\n\r\n" + get, [505]),
    RawRequest("cut short", "GET / HTTP/1.1\r\nHos", [400], ["the connection ended within the request"]),
  ]

  /// Each in a form that lenient servers read in different ways; nothing after it is served.
  static let refused = [
    RawRequest(
      "two equal lengths", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na" + get,
      [400]),
    RawRequest(
      "differing lengths", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na" + get,
      [400]),
    RawRequest(
      "length beside chunks",
      "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + get, [400]),
    RawRequest("two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" + get, [400]),
    RawRequest("no Host", "GET / HTTP/1.1\r\n\r\n" + get, [400]),
    RawRequest("bare LF", "GET / HTTP/1.1\nHost: a\n\n" + get, [400]),
    RawRequest("NUL in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n" + get, [400]),
    RawRequest("NUL in the target", "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n" + get, [400]),
    RawRequest(
      "blank before the colon", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length : 5\r\n\r\nabcde" + get, [400]),
    RawRequest(
      "a fold glued to the name", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Len:\r\n gth: 5\r\n\r\nabcde" + get, [400]),
    RawRequest("a fold", "GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n" + get, [400]),
    RawRequest(
      "chunk size 0x3",
      "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n" + get,
      [400]),
    RawRequest(
      "chunk size +3",
      "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n+3\r\nabc\r\n0\r\n\r\n" + get, [400]),
    RawRequest("length +5", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nabcde" + get, [400]),
    RawRequest("other coding", "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\nx" + get, [501]),
    RawRequest(
      "chunked last of two",
      "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" + get, [501]),
  ]

  static let all = served + ownErrors + refused

  func check(_ replies: String, isolation: String) {
    #expect(RawRequest.statuses(of: replies) == statuses, "\(isolation): \(replies.prefix(300))")
    for part in contains { #expect(replies.contains(part), "\(isolation): \(replies.prefix(600))") }
  }

  /// The status of each reply; a body of the tests never holds such a line.
  static func statuses(of replies: String) -> [Int] {
    var found: [Int] = []
    var rest = Substring(replies)
    while let place = rest.firstRange(of: "HTTP/1.1 ") {
      // The problem documents speak of the version too.
      if let status = Int(rest[place.upperBound...].prefix(3)) { found.append(status) }
      rest = rest[place.upperBound...]
    }
    return found
  }
}

@Suite struct RawRequestTests {
  static let server = Result { try LiveServer() }

  @Test(arguments: RawRequest.all)
  func inMemory(_ request: RawRequest) throws {
    for size in [Int.max, 1, 7] {
      let memory = try MemoryConnection()
      memory.send(request.bytes, byPieces: size)
      if !memory.wire.isClosed { memory.connection.ended() }
      memory.takeReplies()
      request.check(memory.wire.text, isolation: "pieces of \(size)")
      #expect(memory.wire.isClosed)
    }
  }

  @Test(arguments: RawRequest.all)
  func overASocket(_ request: RawRequest) throws {
    let client = try RawClient(port: RawRequestTests.server.get().port)
    client.send(request.bytes)
    client.finishSending()
    let (replies, end) = client.receiveAll()
    request.check(replies, isolation: "socket")
    #expect(end == .closed)
  }
}
