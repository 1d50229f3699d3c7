import CLinux
import Glibc
public import Model

extension Channel {
  /// False while so much waits to be sent that the writer should stop until `channelDrained`.
  public var hasRoom: Bool { output.count < Channel.highWater }

  /// Bytes that are waiting to be sent.
  public var unsent: Int { output.count }

  /// Takes bytes to send at the end of the batch. Always takes them: ask `hasRoom` before the next ones.
  public func write(_ bytes: UnsafeRawBufferPointer) {
    if phase != .open { return }
    output.append(bytes, from: &loop.blocks)
    if !hasRoom { wasFull = true }
    flushSoon()
  }

  public func write(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { write($0) }
  }

  /// Fills room for at most `count` bytes in place; `body` returns how many it filled.
  public func write(atMost count: Int, _ body: (UnsafeMutableRawBufferPointer) -> Int) {
    if phase != .open { return }
    let room = output.reserve(count, from: &loop.blocks)
    output.advance(body(UnsafeMutableRawBufferPointer(start: room, count: count)))
    if !hasRoom { wasFull = true }
    flushSoon()
  }

  /// Sends what is left, then our end, waits for the peer's end and closes; nothing is delivered any more.
  ///
  /// Whoever has not taken the rest by `deadline` sees a reset; after that the peer has `closingTime` to close.
  ///
  /// - Parameter deadline: nil grants `closingTime`.
  public func close(by deadline: Instant? = nil) {
    if phase == .handshaking { return abort() }
    if phase != .open { return }
    phase = .flushing
    setTimer(deadline ?? loop.now + closingTime)
    flushSoon()
  }

  func flushSoon() {
    if isFlushDue { return }
    isFlushDue = true
    loop.flushLater(self)
  }

  /// The end of the batch: sends, reads what a resumed TLS session holds, closes.
  func flushBatch() {
    isFlushDue = false
    if !isWriteBlocked { flush() }
    if isReadDue {
      isReadDue = false
      if phase == .open, isReading { receive() }
    }
    adjustInterest()
  }

  func flush() {
    while !output.isEmpty, phase == .open || phase == .flushing {
      let bytes = output.bytes
      let count: Int
      if let session {
        crossed.writeWantsRead = false
        switch session.write(bytes) {
        case .bytes(let written): count = written
        case .wantsWrite: return isWriteBlocked = true
        case .wantsRead: return crossed.writeWantsRead = true
        case .closed, .truncated: return fail(EPIPE)
        case .failed(let fault):
          if case .connection(let code) = fault.kind { return fail(code) }
          return finish(.refused(fault), byReset: false)
        }
      } else {
        guard let base = bytes.baseAddress else { return }
        count = Socket.send(descriptor, base, bytes.count)
        if count == -Int(EAGAIN) { return isWriteBlocked = true }
        if count < 0 { return fail(Int32(-count)) }
      }
      let isPartial = session == nil && count < bytes.count
      sent &+= UInt64(truncatingIfNeeded: count)
      output.consume(count, into: &loop.blocks)
      if wasFull, output.count <= Channel.lowWater {
        wasFull = false
        if phase == .open { delegate?.channelDrained(self) }
      }
      if isPartial { return isWriteBlocked = true }
    }
    if phase == .flushing { sendEnd() }
  }

  private func sendEnd() {
    if let session, !session.shutdown() {
      isWriteBlocked = true
      return
    }
    Socket.shutdownWriting(descriptor)
    phase = .lingering
    if peerLeft.isDelivered { return finish(.closed, byReset: false) }
    setTimer(loop.now + closingTime)
  }
}
