/// What a handler answers with. The server adds Date, Content-Length or Transfer-Encoding, and Connection.
public struct Response: Sendable {
  /// 200…599; anything else is sent as 500. With 204 and 304 no body is sent.
  public var status: Int
  public var headers: HeaderLines
  public var body: Body

  public enum Body: Sendable {
    case bytes([UInt8])
    /// Written piece by piece. The closure is called once, on the loop's thread, when the head has been written; not
    /// for HEAD.
    ///
    /// - length: what will be written in all; nil when nobody knows (sent in chunks, or up to the connection's end to
    ///   a client of HTTP/1.0).
    case stream(length: Int?, @Sendable (ReplyStream) -> Void)
  }

  public init(status: Int = 200, headers: HeaderLines = HeaderLines(), body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = .bytes(body)
  }

  public init(
    status: Int = 200, headers: HeaderLines, stream length: Int?, _ write: @escaping @Sendable (ReplyStream) -> Void
  ) {
    self.status = status
    self.headers = headers
    body = .stream(length: length, write)
  }

  private static let textType = HeaderLines("Content-Type", "text/plain; charset=utf-8")
  private static let jsonType = HeaderLines("Content-Type", "application/json")

  public static func text(_ text: String, status: Int = 200) -> Response {
    Response(status: status, headers: textType, body: Array(text.utf8))
  }

  /// - Parameter json: bytes that are JSON already.
  public static func json(_ json: [UInt8], status: Int = 200) -> Response {
    Response(status: status, headers: jsonType, body: json)
  }
}

extension Response {
  /// A problem document (RFC 9457), the form of every error the server gives of its own accord.
  ///
  /// - Parameter detail: what was found and expected, for the reader of the reply.
  public static func problem(_ status: Int, _ detail: String) -> Response {
    let title = StatusLine.reason(of: status)
    var body = "{\"type\":\"about:blank\",\"title\":\""
    body += escaped(title) + "\",\"status\":\(status),\"detail\":\"" + escaped(detail) + "\"}\n"
    return Response(status: status, headers: problemType, body: Array(body.utf8))
  }

  private static let problemType = HeaderLines("Content-Type", "application/problem+json")

  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\u{0}"..<"\u{20}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
