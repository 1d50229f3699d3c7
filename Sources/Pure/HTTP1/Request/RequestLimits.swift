/// What a request may cost before anybody has looked at it; all in bytes where not said otherwise.
public struct RequestLimits: Sendable, Hashable {
  /// The head with its line ends.
  public var head: Int
  /// The target of the first line.
  public var target: Int
  /// Header lines of a head, and of a trailer.
  public var headers: Int
  /// The trailer of a chunked body, with its line ends.
  public var trailer: Int
  /// A body, where `RequestDecoder.bodyLimit` is not set for the request.
  public var body: Int

  public init(
    head: Int = 32 * 1024, target: Int = 8 * 1024, headers: Int = 128, trailer: Int = 8 * 1024, body: Int = 64 * 1024
  ) {
    self.head = head
    self.target = target
    self.headers = headers
    self.trailer = trailer
    self.body = body
  }

  /// The longest line of a chunk's size and extensions, with its end.
  public static let chunkLine = 4 * 1024
}
