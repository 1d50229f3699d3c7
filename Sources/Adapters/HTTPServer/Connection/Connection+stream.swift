import EventLoop

extension Connection {
  private func isStreaming(_ number: UInt64) -> Bool {
    guard number == conversation.number, conversation.phase == .handling, case .stream = reply else { return false }
    return true
  }

  func streamHasRoom(_ number: UInt64) -> Bool { isStreaming(number) && wire?.hasRoom == true }

  func writeStream(_ bytes: UnsafeRawBufferPointer, isChunked: Bool, _ number: UInt64) {
    guard isStreaming(number), case .stream(let count, let status) = reply, let wire, !bytes.isEmpty else { return }
    reply = .stream(bytes: count + bytes.count, status: status)
    if isChunked {
      wire.write(atMost: 20) { room in
        var cursor = Cursor(room: room)
        cursor.add(hexadecimal: bytes.count)
        cursor.add("\r\n")
        return cursor.count
      }
    }
    wire.write(bytes)
    if isChunked { wire.write(Connection.lineEnd) }
    conversation.queued(sent: wire.sent, queued: wire.queued, following: 0, now: wire.now)
    if !isConsuming { settle() }
  }

  /// - Parameter isWhole: false breaks the connection off, so that a part is not taken for the whole.
  func finishStream(isWhole: Bool, isChunked: Bool, _ number: UInt64) {
    guard isStreaming(number), case .stream(let count, let status) = reply, let wire else { return }
    if !isWhole { return wire.abort() }
    if isChunked { wire.write(Connection.lastChunk) }
    finish(status, bytes: count)
  }

  func whenDrained(_ number: UInt64, _ action: @escaping () -> Void) {
    if isStreaming(number) { drained = action }
  }

  func whenStopping(_ number: UInt64, _ action: @escaping () -> Void) {
    guard isStreaming(number) else { return }
    if conversation.endsWithStop { action() } else { stopping = action }
  }

  private static let lineEnd: [UInt8] = [13, 10]
  private static let lastChunk = Array("0\r\n\r\n".utf8)
}
