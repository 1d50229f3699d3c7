/// A whole reply, as far as it was kept.
@safe
public struct ReplyView {
  public let status: Int
  /// Raw, with the status line; empty where nobody needs it.
  public let head: ByteView
  /// Without chunk sizes; empty where nobody needs it.
  public let body: ByteView
  /// Bytes of the body, kept or not.
  public let size: Int64
  /// Service time in nanoseconds.
  public let time: Int64

  public init(status: Int, head: ByteView, body: ByteView, size: Int64, time: Int64) {
    self.status = status
    self.head = head
    self.body = body
    self.size = size
    self.time = time
  }
}
