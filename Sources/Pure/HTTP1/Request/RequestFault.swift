/// Why bytes are no request that is served. Nothing after it on the connection can be trusted: answer and close.
public enum RequestFault: UInt8, Error, Sendable, CaseIterable {
  /// Not `METHOD TARGET HTTP/1.1` with one blank between each.
  case requestLine = 1
  /// The method is no token.
  case method = 2
  /// A target that is neither a path, nor an http URL, nor `*` with OPTIONS.
  case target = 3
  /// A target longer than its limit, or a first line longer than the head's.
  case targetTooLong = 4
  /// Neither HTTP/1.1 nor HTTP/1.0.
  case version = 5
  /// CONNECT: this is no proxy.
  case connect = 6
  /// More bytes in the head, or in the trailer, than their limit.
  case headTooLarge = 7
  /// More header lines than their limit.
  case tooManyHeaders = 8
  /// A line that ends in LF without CR.
  case bareLineFeed = 9
  /// NUL, CR or another control character within a line.
  case controlCharacter = 10
  /// A header line without a name that is a token, or without a colon.
  case headerName = 11
  /// A blank between a header's name and its colon.
  case blankBeforeColon = 12
  /// A header line that begins with a blank, as if it went on with the one above.
  case folded = 13
  /// HTTP/1.1 without Host.
  case noHost = 14
  /// Host more than once.
  case twoHosts = 15
  /// A Host that is no name or address, or no port after its colon.
  case host = 16
  /// A Content-Length that is no decimal number below 2^63.
  case contentLength = 17
  /// Content-Length more than once, equal or not.
  case twoLengths = 18
  /// Content-Length and Transfer-Encoding.
  case lengthBesideChunks = 19
  /// Transfer-Encoding more than once, empty, or in HTTP/1.0.
  case transferEncoding = 20
  /// A Transfer-Encoding other than `chunked`.
  case unknownCoding = 21
  /// An Expect other than `100-continue`.
  case expectation = 22
  /// A chunk's size that is no plain hexadecimal number, its line too long, or no line end after its bytes.
  case chunk = 23
  /// A body larger than its limit.
  case bodyTooLarge = 24
  /// The connection ended within the request.
  case truncated = 25
  /// A trailer that names what only a head may say: Content-Length, Transfer-Encoding or Host.
  case trailer = 26

  /// The status to answer with.
  public var status: Int {
    switch self {
    case .requestLine, .method, .target, .bareLineFeed, .controlCharacter, .headerName, .blankBeforeColon, .folded,
      .noHost, .twoHosts, .host, .contentLength, .twoLengths, .lengthBesideChunks, .transferEncoding, .chunk,
      .truncated, .trailer:
      400
    case .bodyTooLarge: 413
    case .targetTooLong: 414
    case .expectation: 417
    case .headTooLarge, .tooManyHeaders: 431
    case .connect, .unknownCoding: 501
    case .version: 505
    }
  }
}

extension RequestFault: CustomStringConvertible {
  /// What was found and what was expected, for the client's author.
  public var description: String {
    switch self {
    case .requestLine: "the first line is not of the form 'GET /path HTTP/1.1'"
    case .method: "the method is no word of letters, digits and signs such as '-'"
    case .target: "the request's target is neither a path, nor an http URL, nor '*' with OPTIONS"
    case .targetTooLong: "the request's target is too long"
    case .version: "the version is neither HTTP/1.1 nor HTTP/1.0"
    case .connect: "CONNECT is for proxies; this is none"
    case .headTooLarge: "the header lines are too long in all"
    case .tooManyHeaders: "there are too many header lines"
    case .bareLineFeed: "a line ends in LF alone, expected CR LF"
    case .controlCharacter: "a line holds a control character"
    case .headerName: "a header line is not of the form 'Name: value'"
    case .blankBeforeColon: "there is a blank between a header's name and its colon"
    case .folded: "a header line begins with a blank; values must not go on in the next line"
    case .noHost: "there is no Host, which HTTP/1.1 requires"
    case .twoHosts: "there is more than one Host"
    case .host: "Host is no name or address with an optional port"
    case .contentLength: "Content-Length is no decimal number, or too great"
    case .twoLengths: "there is more than one Content-Length"
    case .lengthBesideChunks: "there are both Content-Length and Transfer-Encoding"
    case .transferEncoding: "Transfer-Encoding is empty, repeated, or sent with HTTP/1.0"
    case .unknownCoding: "the only Transfer-Encoding served is 'chunked'"
    case .expectation: "the only expectation served is '100-continue'"
    case .chunk: "a chunk has no plain hexadecimal size in a line of its own, or no line end after its bytes"
    case .bodyTooLarge: "the body is too large"
    case .truncated: "the connection ended within the request"
    case .trailer: "the trailer holds Content-Length, Transfer-Encoding or Host, which only a head may hold"
    }
  }
}
