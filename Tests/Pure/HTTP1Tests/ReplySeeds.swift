import HTTP1

/// Replies of every form that must be framed, or refused by a fault of its own.
struct ReplySeed: Sendable, CustomStringConvertible {
  let name: String
  let bytes: [UInt8]
  var isHEAD = false
  var fault: ReplyFault?
  var status: UInt16 = 200
  var keepsAlive = true
  /// Bytes behind the reply.
  var rest = 0
  var leniencies: UInt16 = 0

  var description: String { name }

  private static func framed(
    _ name: String, _ text: String, status: UInt16 = 200, closes: Bool = false, isHEAD: Bool = false, rest: Int = 0,
    _ leniencies: ReplyLeniency...
  ) -> ReplySeed {
    ReplySeed(
      name: name, bytes: Array(text.utf8), isHEAD: isHEAD, status: status, keepsAlive: !closes, rest: rest,
      leniencies: leniencies.reduce(0) { $0 | $1.rawValue })
  }

  private static func refused(_ name: String, _ fault: ReplyFault, _ text: String) -> ReplySeed {
    ReplySeed(name: name, bytes: Array(text.utf8), fault: fault)
  }

  private static let ok = "HTTP/1.1 200 OK\r\n"
  private static let five = "Content-Length: 5\r\n"
  private static let chunked = ok + "Transfer-Encoding: chunked\r\n\r\n"

  static let all: [ReplySeed] = plain + bodiless + chunks + lenient + refusedHeads + refusedFraming + refusedChunks

  private static let plain = [
    framed("length", ok + five + "\r\nhello"),
    framed(
      "as nginx sends it",
      ok + "Server: nginx/1.22.1\r\nDate: Sat, 21 Nov 2026 10:00:00 GMT\r\nContent-Type: text/html\r\n" + five
        + "Last-Modified: Sat, 21 Nov 2026 09:00:00 GMT\r\nConnection: keep-alive\r\nETag: \"6560-5\"\r\n"
        + "Accept-Ranges: bytes\r\n\r\nhello"),
    framed("length 0", ok + "Content-Length: 0\r\n\r\n"),
    framed("names in capitals", ok + "CONTENT-LENGTH:5\r\nCONNECTION:CLOSE\r\n\r\nhello", closes: true),
    framed("blanks around the value", ok + "content-length: \t 5 \t\r\n\r\nhello"),
    framed("length with zeros", ok + "Content-Length: 0005\r\n\r\nhello"),
    framed("bytes behind it", ok + five + "\r\nhelloHTTP/1.1 200 OK\r\n", rest: 17),
    framed("empty reason", "HTTP/1.1 200 \r\n" + five + "\r\nhello"),
    framed("reason of bytes beyond ASCII", "HTTP/1.1 404 Pas trouv\u{E9}\r\n" + five + "\r\nhello", status: 404),
    framed("status 999", "HTTP/1.1 999 No\r\n" + five + "\r\nhello", status: 999),
    framed("up to the end", ok + "\r\nhello", closes: true),
    framed("up to the end, nothing there", ok + "\r\n", closes: true),
    framed("old version", "HTTP/1.0 200 OK\r\n" + five + "\r\nhello", closes: true),
    framed("old version kept", "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\n" + five + "\r\nhello"),
    framed("old version up to the end", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\nhello", closes: true),
    framed("close", ok + "Connection: close\r\n" + five + "\r\nhello", closes: true),
    framed("close among others", ok + "Connection: a, CLOSE ,b\r\n" + five + "\r\nhello", closes: true),
    framed("nearly close", ok + "Connection: closed, clos\r\n" + five + "\r\nhello"),
    framed("close and keep-alive", ok + "Connection: keep-alive, close\r\n" + five + "\r\nhello", closes: true),
    framed("names that are nearly ours", ok + "Content-Lengthy: 3\r\nContent-Length-X: 4\r\n" + five + "\r\nhello"),
    framed(
      "a byte that only looks like ours", ok + "Content\rLength: 3\r\nTransfer\rEncoding: x\r\n" + five + "\r\nhello"),
    framed("lines that nobody reads", ok + "no colon\r\n: no name\r\nX: \0\u{1}\u{FF}\r\n" + five + "\r\nhello"),
  ]

  private static let bodiless = [
    framed("reply to HEAD", ok + five + "\r\n", isHEAD: true),
    framed("reply to HEAD in chunks", ok + "Transfer-Encoding: chunked\r\n\r\n", isHEAD: true),
    framed("reply to HEAD that says nothing", ok + "\r\n", isHEAD: true),
    framed("204", "HTTP/1.1 204 No Content\r\n\r\n", status: 204),
    framed("204 with a length", "HTTP/1.1 204 No Content\r\n" + five + "\r\n", status: 204),
    framed("304 with a length", "HTTP/1.1 304 Not Modified\r\n" + five + "\r\n", status: 304),
    framed("100 before", "HTTP/1.1 100 Continue\r\n\r\n" + ok + five + "\r\nhello"),
    framed(
      "103 and 102 before, whose headers don't count",
      "HTTP/1.1 103 Early Hints\r\nLink: x\r\nContent-Length: 9\r\nConnection: close\r\n\r\nHTTP/1.0 102 P\r\n"
        + "Transfer-Encoding: chunked\r\n\r\n" + ok + five + "\r\nhello"),
    framed("sixteen before", String(repeating: "HTTP/1.1 100 C\r\n\r\n", count: 16) + ok + five + "\r\nhello"),
  ]

  private static let chunks = [
    framed("chunks", chunked + "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"),
    framed("chunks in hexadecimal", chunked + "000A\r\n0123456789\r\nb\r\n0123456789a\r\n0\r\n\r\n"),
    framed("no chunk", chunked + "0\r\n\r\n"),
    framed("size of 16 digits", chunked + "0000000000000001\r\nx\r\n0000000000000000\r\n\r\n"),
    framed("chunk extensions", chunked + "1;a=b;c=\"d e\"\r\nx\r\n0;last\r\n\r\n"),
    framed("trailer", chunked + "1\r\nx\r\n0\r\nX-Sum: 1\r\nContent-Length: 7\r\n fold\r\n\r\n"),
    framed("line ends in a chunk", chunked + "6\r\n\r\n0\r\n\r\r\n0\r\n\r\n"),
    framed("bytes behind the chunks", chunked + "1\r\nx\r\n0\r\n\r\n\r\n", rest: 2),
    framed("coding in capitals", ok + "TRANSFER-ENCODING: Chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n"),
    framed("coding in a list with empty items", ok + "Transfer-Encoding: , chunked ,\r\n\r\n1\r\nx\r\n0\r\n\r\n"),
    framed(
      "chunks and close", ok + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n", closes: true),
  ]

  private static let lenient = [
    framed("no reason", "HTTP/1.1 200\r\n" + five + "\r\nhello", .noReason),
    framed("bare LF", "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", .bareLineFeed),
    framed("bare LF in chunks", chunked + "5\nhello\n0\n\n", .bareLineFeed),
    framed("fold", ok + "X: a\r\n b\r\n\tc\r\n" + five + "\r\nhello", .folded),
    framed("fold of Connection", ok + "Connection: a,\r\n close\r\n" + five + "\r\nhello", closes: true, .folded),
    framed("two equal lengths", ok + five + five + "\r\nhello", .repeatedLength),
    framed("equal lengths in a list", ok + "Content-Length: 5, 5,5\r\n\r\nhello", .repeatedLength),
    framed(
      "length beside chunks", ok + five + "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n", closes: true,
      .lengthBesideChunks),
    framed(
      "chunks beside a length", ok + "Transfer-Encoding: chunked\r\n" + five + "\r\n1\r\nx\r\n0\r\n\r\n", closes: true,
      .lengthBesideChunks),
    framed(
      "chunks in HTTP/1.0",
      "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
      closes: true, .chunksInOldVersion),
    framed("identity", ok + "Transfer-Encoding: identity\r\n" + five + "\r\nhello", .otherCoding),
    framed("gzip in chunks", ok + "Transfer-Encoding: gzip, chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n", .otherCoding),
    framed("blank after a size", chunked + "1  \r\nx\r\n0 \t;a\r\n\r\n", .blanksInChunkLine),
    framed(
      "blank before a colon", ok + "Connection : close\r\n" + five + "\r\nhello", closes: true, .blankBeforeColon),
  ]

  private static let refusedHeads = [
    refused("empty", .truncated, ""),
    refused("another protocol", .statusLine, "SSH-2.0-OpenSSH_9.2\r\n"),
    refused("HTTP/0.9", .statusLine, "<html></html>"),
    refused("HTTP/2", .statusLine, "HTTP/2 200\r\n\r\n"),
    refused("HTTP/1.2", .statusLine, "HTTP/1.2 200 OK\r\n\r\n"),
    refused("small letters", .statusLine, "http/1.1 200 OK\r\n\r\n"),
    refused("no status", .statusLine, "HTTP/1.1\r\n\r\n"),
    refused("status of two digits", .statusLine, "HTTP/1.1 20 OK\r\n\r\n"),
    refused("status of four digits", .statusLine, "HTTP/1.1 2000 OK\r\n\r\n"),
    refused("status below 100", .statusLine, "HTTP/1.1 099 OK\r\n\r\n"),
    refused("status with a letter", .statusLine, "HTTP/1.1 2x0 OK\r\n\r\n"),
    refused("two blanks before the status", .statusLine, "HTTP/1.1  200 OK\r\n\r\n"),
    refused("empty line in front", .statusLine, "\r\nHTTP/1.1 200 OK\r\n\r\n"),
    refused("reason without blank", .statusLine, "HTTP/1.1 200OK\r\n\r\n"),
    refused("101", .switchingProtocols, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"),
    refused("seventeen of 1xx", .tooManyInterim, String(repeating: "HTTP/1.1 100 C\r\n\r\n", count: 17) + ok),
    refused("only 1xx", .truncated, "HTTP/1.1 100 Continue\r\n\r\n"),
    refused("fold of the first line", .headerLine, ok + " " + five + "\r\nhello"),
    refused("head cut short", .truncated, ok + five),
    refused("body cut short", .truncated, ok + five + "\r\nhell"),
  ]

  private static let refusedFraming = [
    refused("differing lengths", .contentLength, ok + five + "Content-Length: 6\r\n\r\nhello!"),
    refused("differing lengths, the second less", .contentLength, ok + five + "Content-Length: 4\r\n\r\nhello"),
    refused("differing lengths in a list", .contentLength, ok + "Content-Length: 5, 6\r\n\r\nhello!"),
    refused("empty length", .contentLength, ok + "Content-Length:\r\n\r\n"),
    refused("length of commas", .contentLength, ok + "Content-Length: ,,\r\n\r\n"),
    refused("length with a sign", .contentLength, ok + "Content-Length: +5\r\n\r\nhello"),
    refused("length below zero", .contentLength, ok + "Content-Length: -1\r\n\r\n"),
    refused("length in hexadecimal", .contentLength, ok + "Content-Length: 0x5\r\n\r\nhello"),
    refused("length with a unit", .contentLength, ok + "Content-Length: 5 bytes\r\n\r\nhello"),
    refused("length of 2^63", .contentLength, ok + "Content-Length: 9223372036854775808\r\n\r\n"),
    refused("length of 40 digits", .contentLength, ok + "Content-Length: \(String(repeating: "9", count: 40))\r\n\r\n"),
    refused("bad length of a reply to nobody", .contentLength, "HTTP/1.1 204 N\r\nContent-Length: x\r\n\r\n"),
    refused("CR twice behind a length", .contentLength, ok + "Content-Length: 5\r\r\n\r\nhello"),
    refused("blank before a length's colon", .headerLine, ok + "Content-Length : 5\r\n\r\nhello"),
    refused("blank before a coding's colon", .headerLine, ok + "Transfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n"),
    refused("fold of a length", .headerLine, ok + "Content-Length: 5\r\n 5\r\n\r\nhello"),
    refused("fold of a coding", .headerLine, ok + "Transfer-Encoding: chunked\r\n\tx\r\n\r\n"),
    refused("gzip", .transferEncoding, ok + "Transfer-Encoding: gzip\r\n\r\nhello"),
    refused("gzip after chunks", .transferEncoding, ok + "Transfer-Encoding: chunked, gzip\r\n\r\nhello"),
    refused("chunked twice", .transferEncoding, ok + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"),
    refused(
      "chunked in two lines", .transferEncoding,
      ok + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    refused("empty coding", .transferEncoding, ok + "Transfer-Encoding: \r\n\r\n"),
    refused("nearly chunked", .transferEncoding, ok + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
    refused("chunked with a vertical tab", .transferEncoding, ok + "Transfer-Encoding: \u{B}chunked\r\n\r\n0\r\n\r\n"),
  ]

  private static let refusedChunks = [
    refused("size with 0x", .chunk, chunked + "0x3\r\nabc\r\n0\r\n\r\n"),
    refused("size with a sign", .chunk, chunked + "+5\r\nhello\r\n0\r\n\r\n"),
    refused("size below zero", .chunk, chunked + "-5\r\nhello\r\n0\r\n\r\n"),
    refused("no size", .chunk, chunked + "\r\nhello\r\n0\r\n\r\n"),
    refused("extension without size", .chunk, chunked + ";a\r\nhello\r\n0\r\n\r\n"),
    refused("blank before the size", .chunk, chunked + " 5\r\nhello\r\n0\r\n\r\n"),
    refused("size that is none", .chunk, chunked + "5g\r\nhello\r\n0\r\n\r\n"),
    refused("two sizes", .chunk, chunked + "5 5\r\nhello\r\n0\r\n\r\n"),
    refused("size of 17 digits", .chunk, chunked + "00000000000000005\r\nhello\r\n0\r\n\r\n"),
    refused("size of 2^63", .chunk, chunked + "8000000000000000\r\n"),
    refused("size that wraps round", .chunk, chunked + "ffffffffffffffff\r\n"),
    refused("chunk longer than said", .chunk, chunked + "4\r\nhello\r\n0\r\n\r\n"),
    refused("CR alone behind a chunk", .chunk, chunked + "5\r\nhello\r0\r\n\r\n"),
    refused("chunk cut short", .truncated, chunked + "5\r\nhell"),
    refused("chunks without end", .truncated, chunked + "5\r\nhello\r\n"),
    refused("trailer without end", .truncated, chunked + "0\r\nX: 1\r\n"),
  ]
}
