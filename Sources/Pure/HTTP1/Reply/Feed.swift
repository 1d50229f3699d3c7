/// What became of the bytes fed to a decoder.
public struct Feed: Sendable, Equatable {
  /// So many bytes from the front are done with. The caller keeps the others and gives them again, in front of the
  /// next ones.
  public let consumed: Int
  public let event: Event

  @inlinable
  public init(consumed: Int, event: Event) {
    self.consumed = consumed
    self.event = event
  }

  public enum Event: Sendable, Equatable {
    /// The reply is not over.
    case needMore
    /// The reply is over; bytes beyond `consumed` are not part of it.
    case complete
    /// This is no reply, and the connection is of no more use.
    case failed(ReplyFault)
  }
}
