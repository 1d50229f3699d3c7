public import Model

/// What one client may cost the server. Every time is absolute: bytes that trickle in don't extend it.
public struct Limits: Sendable, Equatable {
  /// Connections in all, over all loops; further ones are answered with 503.
  public var connections = 10_000
  /// Connections from one address; further ones are answered with 503.
  public var connectionsPerAddress = 1_000
  /// Bytes of a request's head, up to 1 MiB; more is answered with 431, or 414 when the first line alone is too long.
  public var headBytes = 32_768
  /// Bytes of a request's body where the route sets no other limit; more is answered with 413.
  public var bodyBytes = 65_536
  /// Bytes of bodies and of requests read ahead that all connections together may hold; a request that goes beyond it
  /// is answered with 503, one that was read ahead is dropped with the connection's end.
  public var heldBytes = 67_108_864
  /// Bytes of further requests read ahead while one is being answered; then the client has to wait.
  public var aheadBytes = 65_536
  /// From a request's first byte, or from the connection's start, to the head's end; then 408.
  public var headTime = TimeSpan.seconds(10)
  /// From the head's end to the body's end, and the time that `slowest` grants its announced size; then 408.
  public var bodyTime = TimeSpan.seconds(30)
  /// From a reply's start until the client has taken it, and the time that `slowest` grants its size; at most twice as
  /// long when replies are queued. Then the connection is reset. A stream gets it for each buffer it fills.
  public var replyTime = TimeSpan.seconds(30)
  /// From a reply to the next request's first byte; then the connection is closed.
  public var idleTime = TimeSpan.seconds(75)
  /// How long a client that has taken its last reply gets to close its side too.
  public var closingTime = TimeSpan.seconds(2)
  /// The least rate, in bytes a second, at which a large body must pass.
  public var slowest = 16_384

  public init() {}

  /// The extra time for a body of so many bytes.
  func time(for bytes: Int) -> TimeSpan {
    let seconds = bytes / max(1, slowest)
    return .seconds(Int64(min(seconds, 86_400)))
  }
}
