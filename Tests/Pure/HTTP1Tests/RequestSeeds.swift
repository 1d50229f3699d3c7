import HTTP1

/// Requests of every form that must be taken, or refused by a fault of its own.
struct RequestSeed: Sendable, CustomStringConvertible {
  let name: String
  let bytes: [UInt8]
  let fault: RequestFault?
  /// How many whole requests there are before the end or the fault.
  let whole: Int

  var description: String { name }

  private static func taken(_ name: String, _ text: String, whole: Int = 1) -> RequestSeed {
    RequestSeed(name: name, bytes: Array(text.utf8), fault: nil, whole: whole)
  }

  private static func refused(_ name: String, _ fault: RequestFault, _ text: String, whole: Int = 0) -> RequestSeed {
    RequestSeed(name: name, bytes: Array(text.utf8), fault: fault, whole: whole)
  }

  private static let get = "GET / HTTP/1.1\r\nHost: a\r\n"
  private static let post = "POST /x HTTP/1.1\r\nHost: a\r\n"
  private static let chunked = post + "Transfer-Encoding: chunked\r\n\r\n"

  static let all: [RequestSeed] =
    takenLines + takenBodies + refusedLines + refusedHeaders + refusedFraming + refusedChunks

  private static let takenLines = [
    taken("plain", get + "\r\n"),
    taken(
      "many headers",
      get + "Accept: */*\r\nUser-Agent: x/1\r\nAccept-Encoding: gzip, br\r\nX-A:\r\nx-b: \t 1 2\t\r\n\r\n"),
    taken("two in a row", get + "\r\n" + get + "\r\n", whole: 2),
    taken("an empty line in front", "\r\n" + get + "\r\n"),
    taken("path and query", "GET /a/b%20c?d=e?f&g=|{} HTTP/1.1\r\nHost: a:8080\r\n\r\n"),
    taken("absolute form", "GET http://b.example:81/p?q HTTP/1.1\r\nHost: a\r\n\r\n"),
    taken("absolute form without path", "GET HTTP://b.example HTTP/1.1\r\nHost: b.example\r\n\r\n"),
    taken("absolute form, query alone", "GET https://b?x=1 HTTP/1.1\r\nHost: b\r\n\r\n"),
    taken("asterisk", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"),
    taken("host in brackets", "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n"),
    taken("empty host", "GET / HTTP/1.1\r\nHost:\r\n\r\n"),
    taken("old version", "GET / HTTP/1.0\r\n\r\n"),
    taken("old version kept", "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"),
    taken("close among others", get + "Connection: foo , Close\r\n\r\n"),
    taken("method of one's own", "X-PURGE!~ / HTTP/1.1\r\nHost: a\r\n\r\n"),
    taken("bytes beyond ASCII in a value", get + "X: caf\u{E9} \u{1F600}\r\n\r\n"),
    taken("framing names in small letters", "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\n\r\nx"),
  ]

  private static let takenBodies = [
    taken("length", post + "Content-Length: 5\r\n\r\nhello"),
    taken("length 0", post + "Content-Length: 0\r\n\r\n" + get + "\r\n", whole: 2),
    taken("length with zeros", post + "Content-Length: 0005\r\n\r\nhello"),
    taken("body of a GET", get + "Content-Length: 2\r\n\r\nab"),
    taken("length, then another", post + "Content-Length: 3\r\n\r\nabc" + get + "\r\n", whole: 2),
    taken("expects 100", post + "Expect: 100-Continue\r\nContent-Length: 2\r\n\r\nab"),
    taken("expects 100 without body", get + "Expect: 100-continue\r\n\r\n"),
    taken("chunks", chunked + "5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n"),
    taken("chunks in hexadecimal", chunked + "00a\r\n0123456789\r\nB\r\n0123456789a\r\n0\r\n\r\n"),
    taken("no chunk", chunked + "0\r\n\r\n" + get + "\r\n", whole: 2),
    taken("chunk extensions", chunked + "1;a=b;c=\"d e\"\r\nx\r\n0;last\r\n\r\n"),
    taken("trailer", chunked + "1\r\nx\r\n0\r\nX-Sum: 1\r\nHosts: b\r\n\r\n" + get + "\r\n", whole: 2),
    taken("coding in capitals", post + "Transfer-Encoding: CHUNKED\r\n\r\n2\r\n\r\n\r\n0\r\n\r\n"),
  ]

  private static let refusedLines = [
    refused("no version", .requestLine, "GET /\r\n\r\n"),
    refused("two blanks", .requestLine, "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"),
    refused("blank in the target", .requestLine, "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"),
    refused("blank at the end", .requestLine, "GET / HTTP/1.1 \r\nHost: a\r\n\r\n"),
    refused("version in small letters", .requestLine, "GET / http/1.1\r\nHost: a\r\n\r\n"),
    refused("two empty lines in front", .requestLine, "\r\n\r\n" + get + "\r\n"),
    refused("blank in front", .requestLine, " GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
    refused("tab for a blank", .requestLine, "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n"),
    refused("TLS", .requestLine, "\u{16}\u{3}\u{1}\u{2}"),
    refused("method with a colon", .method, "GET: / HTTP/1.1\r\nHost: a\r\n\r\n"),
    refused("method in brackets", .method, "G(E)T / HTTP/1.1\r\nHost: a\r\n\r\n"),
    refused("HTTP/2", .version, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    refused("HTTP/1.2", .version, "GET / HTTP/1.2\r\nHost: a\r\n\r\n"),
    refused("HTTP/0.9", .version, "GET / HTTP/0.9\r\n\r\n"),
    refused("version with two digits", .requestLine, "GET / HTTP/1.10\r\nHost: a\r\n\r\n"),
    refused("CONNECT", .connect, "CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n"),
    refused("target without a slash", .target, "GET a HTTP/1.1\r\nHost: a\r\n\r\n"),
    refused("asterisk with GET", .target, "GET * HTTP/1.1\r\nHost: a\r\n\r\n"),
    refused("fragment", .target, "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n"),
    refused("target beyond ASCII", .target, "GET /\u{E9} HTTP/1.1\r\nHost: a\r\n\r\n"),
    refused("another scheme", .target, "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
    refused("URL without host", .target, "GET http:///a HTTP/1.1\r\nHost: a\r\n\r\n"),
    refused("URL with a user", .target, "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
    refused("URL cut short", .target, "GET http:// HTTP/1.1\r\nHost: a\r\n\r\n"),
    refused("NUL in the first line", .controlCharacter, "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n"),
    refused("bare CR in the first line", .controlCharacter, "GET /\r HTTP/1.1\r\nHost: a\r\n\r\n"),
    refused("bare LF after the first line", .bareLineFeed, "GET / HTTP/1.1\nHost: a\r\n\r\n"),
    refused("LF alone in front", .bareLineFeed, "\n" + get + "\r\n"),
  ]

  private static let refusedHeaders = [
    refused("no Host", .noHost, "GET / HTTP/1.1\r\n\r\n"),
    refused("no Host beside a URL", .noHost, "GET http://a/ HTTP/1.1\r\n\r\n"),
    refused("two Hosts", .twoHosts, get + "Host: a\r\n\r\n"),
    refused("two Hosts in HTTP/1.0", .twoHosts, "GET / HTTP/1.0\r\nHost: a\r\nHOST: b\r\n\r\n"),
    refused("two names in Host", .host, "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"),
    refused("path in Host", .host, "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
    refused("user in Host", .host, "GET / HTTP/1.1\r\nHost: u@b\r\n\r\n"),
    refused("port that is none", .host, "GET / HTTP/1.1\r\nHost: a:http\r\n\r\n"),
    refused("bracket left open", .host, "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n"),
    refused("bare LF after a header", .bareLineFeed, get + "X: 1\n\r\n"),
    refused("bare LF at the head's end", .bareLineFeed, get + "\n"),
    refused("bare LF for all", .bareLineFeed, "GET / HTTP/1.1\nHost: a\n\n"),
    refused("NUL in a value", .controlCharacter, get + "X: a\0b\r\n\r\n"),
    refused("NUL in a name", .controlCharacter, get + "X\0: a\r\n\r\n"),
    refused("bare CR in a value", .controlCharacter, get + "X: a\rContent-Length: 5\r\n\r\n"),
    refused("CR twice", .controlCharacter, get + "X: a\r\r\n\r\n"),
    refused("DEL in a value", .controlCharacter, get + "X: a\u{7F}\r\n\r\n"),
    refused("blank before the colon", .blankBeforeColon, post + "Content-Length : 5\r\n\r\nhello"),
    refused("tab before the colon", .blankBeforeColon, post + "Transfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n"),
    refused("fold", .folded, get + "X: a\r\n b\r\n\r\n"),
    refused("fold by tab", .folded, get + "X: a\r\n\tb\r\n\r\n"),
    refused("fold of the first line", .folded, "GET / HTTP/1.1\r\n Host: a\r\n\r\n"),
    refused("fold glued to a name", .headerName, get + "Content-Len\r\n gth: 5\r\n\r\nhello"),
    refused("fold glued behind a colon", .folded, get + "Content-Len:\r\n gth: 5\r\n\r\nhello"),
    refused("no colon", .headerName, get + "Something\r\n\r\n"),
    refused("no name", .headerName, get + ": a\r\n\r\n"),
    refused("blank in a name", .headerName, get + "X Y: a\r\n\r\n"),
    refused("sign in a name", .headerName, get + "X(Y): a\r\n\r\n"),
    refused("another expectation", .expectation, get + "Expect: 200-ok\r\n\r\n"),
  ]

  private static let refusedFraming = [
    refused("two lengths", .twoLengths, post + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello"),
    refused("differing lengths", .twoLengths, post + "Content-Length: 5\r\ncontent-length: 6\r\n\r\nhello"),
    refused("lengths in a list", .contentLength, post + "Content-Length: 5, 5\r\n\r\nhello"),
    refused("length with a sign", .contentLength, post + "Content-Length: +5\r\n\r\nhello"),
    refused("length below zero", .contentLength, post + "Content-Length: -5\r\n\r\nhello"),
    refused("length in hexadecimal", .contentLength, post + "Content-Length: 0x5\r\n\r\nhello"),
    refused("length with a point", .contentLength, post + "Content-Length: 5.0\r\n\r\nhello"),
    refused("empty length", .contentLength, post + "Content-Length:\r\n\r\nhello"),
    refused("length of 2^63", .contentLength, post + "Content-Length: 9223372036854775808\r\n\r\n"),
    refused("length with a blank", .contentLength, post + "Content-Length: 5 5\r\n\r\nhello"),
    refused("length beyond the limit", .bodyTooLarge, post + "Content-Length: 9223372036854775807\r\n\r\n"),
    refused(
      "length beside chunks", .lengthBesideChunks,
      post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    refused(
      "chunks beside length 0", .lengthBesideChunks,
      post + "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n0\r\n\r\n"),
    refused("gzip", .unknownCoding, post + "Transfer-Encoding: gzip\r\n\r\n"),
    refused("gzip and chunks", .unknownCoding, post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
    refused("chunked twice", .unknownCoding, post + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"),
    refused("identity", .unknownCoding, post + "Transfer-Encoding: identity\r\n\r\n"),
    refused("nearly chunked", .unknownCoding, post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
    refused("chunked with a parameter", .unknownCoding, post + "Transfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n"),
    refused(
      "chunked with a vertical tab", .controlCharacter,
      post + "Transfer-Encoding: \u{B}chunked\r\n\r\n0\r\n\r\n"),
    refused(
      "two codings", .transferEncoding,
      post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    refused("empty coding", .transferEncoding, post + "Transfer-Encoding:\r\n\r\n"),
    refused("chunks in HTTP/1.0", .transferEncoding, "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    refused("body cut short", .truncated, post + "Content-Length: 5\r\n\r\nhell"),
    refused("head cut short", .truncated, post + "Content-Length: 5\r\n"),
  ]

  private static let refusedChunks = [
    refused("size with 0x", .chunk, chunked + "0x3\r\nabc\r\n0\r\n\r\n"),
    refused("size with a sign", .chunk, chunked + "+5\r\nhello\r\n0\r\n\r\n"),
    refused("size below zero", .chunk, chunked + "-1\r\nhello\r\n0\r\n\r\n"),
    refused("no size", .chunk, chunked + "\r\nhello\r\n0\r\n\r\n"),
    refused("size that is none", .chunk, chunked + "g\r\nhello\r\n0\r\n\r\n"),
    refused("blank before the size", .chunk, chunked + " 5\r\nhello\r\n0\r\n\r\n"),
    refused("blank after the size", .chunk, chunked + "5 \r\nhello\r\n0\r\n\r\n"),
    refused("blank before extensions", .chunk, chunked + "5 ;a\r\nhello\r\n0\r\n\r\n"),
    refused("size of 17 digits", .chunk, chunked + "00000000000000005\r\nhello\r\n0\r\n\r\n"),
    refused("size of 2^63", .chunk, chunked + "8000000000000000\r\n"),
    refused("size that wraps round", .chunk, chunked + "ffffffffffffffff\r\n"),
    refused("size beyond the limit", .bodyTooLarge, chunked + "7fffffffffffffff\r\n"),
    refused("chunks beyond the limit", .bodyTooLarge, chunked + "1\r\nx\r\n10000\r\n"),
    refused("bare LF after a size", .bareLineFeed, chunked + "5\nhello\r\n0\r\n\r\n"),
    refused("bare LF after a chunk", .chunk, chunked + "5\r\nhello\n0\r\n\r\n"),
    refused("chunk longer than said", .chunk, chunked + "4\r\nhello\r\n0\r\n\r\n"),
    refused("CR in an extension", .controlCharacter, chunked + "5;a\rb\r\nhello\r\n0\r\n\r\n"),
    refused("bare LF in an extension", .bareLineFeed, chunked + "5;a\nb\r\nhello\r\n0\r\n\r\n"),
    refused("length in the trailer", .trailer, chunked + "0\r\nX: a\r\nContent-Length: 7\r\n\r\n"),
    refused("coding in the trailer", .trailer, chunked + "0\r\ntransfer-encoding: chunked\r\n\r\n"),
    refused("Host in the trailer", .trailer, chunked + "0\r\nHOST: b\r\n\r\n"),
    refused("trailer without colon", .headerName, chunked + "0\r\nabc\r\n\r\n"),
    refused("fold in the trailer", .folded, chunked + "0\r\nX: a\r\n b\r\n\r\n"),
    refused("bare LF at the trailer's end", .bareLineFeed, chunked + "0\r\n\n"),
    refused("chunks cut short", .truncated, chunked + "5\r\nhello\r\n0\r\n"),
    refused("second one bad", .noHost, get + "\r\nGET / HTTP/1.1\r\n\r\n", whole: 1),
  ]
}
