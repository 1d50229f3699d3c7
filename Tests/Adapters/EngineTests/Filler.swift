import EventLoop
import Glibc
import Model
import TestSupport

/// A connection begun and left alone, to fill a listener's queue.
struct Filler {
  private let descriptor: Int32

  init(_ port: UInt16) throws {
    descriptor = Socket.open(family: AF_INET)
    let code = Socket.connect(descriptor, to: SocketAddress(.v4(0x7F00_0001), port: port))
    if code != 0, code != -EINPROGRESS { throw TestError("connect: errno \(-code)") }
  }

  func close() { Socket.close(descriptor) }
}
