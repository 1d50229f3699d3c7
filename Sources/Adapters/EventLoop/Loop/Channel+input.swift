import CLinux
import Glibc

extension Channel {
  /// Stops reading: what the peer sends stays with it once the kernel's buffers are full.
  public func pauseReading() {
    isReading = false
    if phase == .open { adjustInterest() }
  }

  /// Reads again; bytes that are here already are delivered in this turn of the loop, after the caller returned.
  public func resumeReading() {
    if isReading { return }
    isReading = true
    guard phase == .open else { return }
    adjustInterest()
    // The poller knows nothing of what OpenSSL holds.
    if session?.hasPending == true {
      isReadDue = true
      flushSoon()
    }
  }

  func receive() {
    crossed.readWantsWrite = false
    guard let session else {
      receivePlain()
      return
    }
    repeat {
      switch session.read(into: loop.readBuffer) {
      case .bytes(let count): delegate?.channel(self, received: .init(rebasing: loop.readBuffer[..<count]))
      case .wantsRead: return
      case .wantsWrite:
        crossed.readWantsWrite = true
        return
      case .closed, .truncated:
        end()
        return
      case .failed(let fault):
        if case .connection(let code) = fault.kind { fail(code) } else { finish(.refused(fault), byReset: false) }
        return
      }
    } while phase == .open && isReading && session.hasPending
  }

  private func receivePlain() {
    guard let base = loop.readBuffer.baseAddress else { return }
    let count = Socket.receive(descriptor, base, loop.readBuffer.count)
    if count > 0 {
      delegate?.channel(self, received: UnsafeRawBufferPointer(start: base, count: count))
    } else if count == 0 {
      end()
    } else if count != -Int(EAGAIN) {
      fail(Int32(-count))
    }
  }

  private func end() {
    sayPeerLeft()
    guard phase == .open, !peerLeft.isDelivered else { return }
    peerLeft.isDelivered = true
    delegate?.channelEnded(self)
  }

  func sayPeerLeft() {
    if peerLeft.isKnown { return }
    peerLeft.isKnown = true
    delegate?.channelPeerLeft(self)
  }

  /// While closing: throws away what still comes, and closes once the peer's end is there.
  func discard() {
    let most = 1_048_576
    var left = most
    while left > 0 {
      let count = Socket.discard(descriptor, left)
      if count > 0 {
        left -= count
      } else if count == -Int(EAGAIN) {
        return
      } else {
        peerLeft = (true, true)
        if phase == .lingering {
          finish(.closed, byReset: false)
        } else if count < 0 {
          fail(Int32(-count))
        }
        return
      }
    }
  }
}
