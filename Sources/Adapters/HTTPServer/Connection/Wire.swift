import EventLoop
import Model

/// What a connection needs of the channel below it, so that tests can do without sockets.
protocol Wire: AnyObject {
  var loop: Loop { get }
  var now: Instant { get }
  /// Bytes sent since the start, and bytes that wait to be.
  var sent: UInt64 { get }
  var unsent: Int { get }
  var hasRoom: Bool { get }
  func write(_ bytes: UnsafeRawBufferPointer)
  func write(atMost count: Int, _ body: (UnsafeMutableRawBufferPointer) -> Int)
  func pauseReading()
  func resumeReading()
  func setDeadline(_ moment: Instant?)
  /// Sends what is queued, then closes; breaks off if the client has not taken it by the deadline.
  func close(by deadline: Instant?)
  func abort()
}

extension Wire {
  func write(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { write($0) }
  }

  /// Bytes queued since the start.
  var queued: UInt64 { sent + UInt64(unsent) }
}

extension Channel: Wire {
  var now: Instant { loop.now }
}
