/// Why bytes are no HTTP/1.1 reply, or one beyond the limits. The connection is of no more use.
public enum ReplyFault: UInt8, Sendable, CaseIterable {
  /// No `HTTP/1.0` or `HTTP/1.1`, or no status from 100 to 999 after it.
  case statusLine = 1
  /// A fold of a line that frames the body or where no line is above it, or a blank before such a line's colon.
  case headerLine = 2
  /// A head, or the trailer, of more than `ReplyDecoder.maxHead` bytes or `ReplyDecoder.maxLines` lines.
  case headTooLarge = 3
  /// A line of more than `ReplyDecoder.maxLine` bytes, or a chunk's of more than `ReplyDecoder.maxChunkLine`.
  case lineTooLong = 4
  /// A Content-Length that is no number below 2^63, or two that differ.
  case contentLength = 5
  /// A Transfer-Encoding that does not end in `chunked`, or names it twice.
  case transferEncoding = 6
  /// A chunk's size that is no hexadecimal number, or no line end after its bytes.
  case chunk = 7
  /// The connection ended within the reply.
  case truncated = 8
  /// Status 101, which nobody asked for.
  case switchingProtocols = 9
  /// More than `ReplyDecoder.maxInterim` replies of status 1xx before the final one.
  case tooManyInterim = 10
}

extension ReplyFault: CustomStringConvertible {
  /// What was found and what was expected, for a person.
  public var description: String {
    switch self {
    case .statusLine: "the reply does not begin with a line such as 'HTTP/1.1 200 OK'"
    case .headerLine:
      "the reply's first header, or one that tells its length, is folded or has a blank before its colon"
    case .headTooLarge:
      "the reply's head has more than \(ReplyDecoder.maxHead) bytes or \(ReplyDecoder.maxLines) lines"
    case .lineTooLong:
      "a line of the reply's head is longer than \(ReplyDecoder.maxLine) bytes "
        + "(of a chunk: \(ReplyDecoder.maxChunkLine))"
    case .contentLength: "the reply's Content-Length is no number, too great, or there are two that differ"
    case .transferEncoding: "the reply's Transfer-Encoding does not end in 'chunked', or names it twice"
    case .chunk: "a chunk of the reply has no hexadecimal size, or no line end after its bytes"
    case .truncated: "the connection ended within the reply"
    case .switchingProtocols: "the reply has status 101, but no other protocol was asked for"
    case .tooManyInterim: "more than \(ReplyDecoder.maxInterim) replies of status 1xx before the final one"
    }
  }
}
