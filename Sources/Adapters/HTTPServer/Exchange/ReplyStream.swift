public import EventLoop

/// The body of a reply that is written piece by piece. Confined to its loop's thread.
///
/// Let go before `finish`, or finished short of the length that was said, it breaks the connection off, so that the
/// client can't take a part for the whole.
public final class ReplyStream {
  private weak let connection: Connection?
  private let number: UInt64
  private let isChunked: Bool
  /// What may still be written; nil where no length was said.
  private var left: Int?
  private var isOver = false

  public let loop: Loop

  init(_ connection: Connection, number: UInt64, length: Int?, isChunked: Bool, loop: Loop) {
    self.connection = connection
    self.number = number
    self.isChunked = isChunked
    left = length
    self.loop = loop
  }

  /// False while the client is slow to take what was written, or gone: wait for `whenDrained`.
  public var hasRoom: Bool { !isOver && connection?.streamHasRoom(number) == true }

  /// Adds to the body; beyond the length that was said the rest is dropped.
  public func write(_ bytes: some Collection<UInt8>) {
    if bytes.isEmpty || isOver { return }
    let handled: Void? = bytes.withContiguousStorageIfAvailable { write(UnsafeRawBufferPointer($0)) }
    if handled == nil { Array(bytes).withUnsafeBytes { write($0) } }
  }

  private func write(_ bytes: UnsafeRawBufferPointer) {
    var bytes = bytes
    if let left {
      bytes = UnsafeRawBufferPointer(rebasing: bytes.prefix(left))
      self.left = left - bytes.count
    }
    connection?.writeStream(bytes, isChunked: isChunked, number)
  }

  /// Calls once when there is room again after `hasRoom` was false.
  public func whenDrained(_ action: @escaping () -> Void) {
    connection?.whenDrained(number, action)
  }

  /// Calls once if the client goes away, or ends its side, before the end; at once if it has already.
  public func whenPeerLeaves(_ action: @escaping () -> Void) {
    guard let connection else { return action() }
    connection.whenPeerLeaves(number, action)
  }

  /// Calls once when the server begins a graceful stop, at once if it has already: a stream without an end of its own is
  /// then to be finished.
  public func whenStopping(_ action: @escaping () -> Void) {
    connection?.whenStopping(number, action)
  }

  /// The body is complete.
  public func finish() {
    if isOver { return }
    isOver = true
    connection?.finishStream(isWhole: left == nil || left == 0, isChunked: isChunked, number)
  }

  deinit {
    if !isOver { connection?.finishStream(isWhole: false, isChunked: isChunked, number) }
  }
}
