public import EventLoop
public import Model

/// One line for an access log: a request and what became of it.
public struct Access: Sendable {
  public let peer: SocketAddress
  /// As it was sent; empty when no request line could be read.
  public let method: String
  /// Path and query as they were sent; empty when no request line could be read.
  public let target: String
  /// 0 when the connection was gone before the reply was complete.
  public let status: Int
  /// Of the body, as far as it was queued.
  public let bytes: Int
  /// From the request's first byte until the reply was queued.
  public let time: TimeSpan
}
