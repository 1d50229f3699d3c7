import CLinux
import Glibc

/// A blocking TCP client on 127.0.0.1 that sends exactly the bytes it is told to. Gives up after `patience`.
public final class RawClient {
  public let descriptor: Int32
  private var isClosed = false

  /// - Parameter patience: seconds that one read or write may take.
  public init(port: UInt16, patience: Int = 10) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var limit = timeval(tv_sec: patience, tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
    }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    if status != 0 {
      let code = errno
      Glibc.close(descriptor)
      throw Failure(text: "connect to port \(port): \(String(cString: strerror(code)))")
    }
  }

  public struct Failure: Error, CustomStringConvertible {
    public let text: String
    public var description: String { text }
  }

  /// Sends all of it; false when the connection broke or the peer did not take it in time.
  @discardableResult
  public func send(_ text: String) -> Bool { send(Array(text.utf8)) }

  @discardableResult
  public func send(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return false }
      sent += count
    }
    return true
  }

  /// How reading ended.
  public enum End: Equatable, Sendable {
    case closed, reset, nothingInTime
  }

  /// The next bytes, at most `most`; nil at an end.
  public func receive(_ most: Int = 65_536) -> (bytes: [UInt8], end: End?) {
    var count = 0
    var code: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: most) { buffer, filled in
      count = recv(descriptor, buffer.baseAddress, most, 0)
      code = errno
      filled = max(0, count)
    }
    if count > 0 { return (bytes, nil) }
    if count == 0 { return ([], .closed) }
    return ([], code == EAGAIN ? .nothingInTime : .reset)
  }

  /// Everything up to the connection's end.
  public func receiveAll() -> (text: String, end: End) {
    var all: [UInt8] = []
    while true {
      let (bytes, end) = receive()
      all += bytes
      if let end { return (String(decoding: all, as: UTF8.self), end) }
    }
  }

  /// Reads until the text has come, or to the connection's end.
  public func receive(until text: String) -> String {
    var all: [UInt8] = []
    while true {
      let (bytes, end) = receive()
      all += bytes
      let sofar = String(decoding: all, as: UTF8.self)
      if end != nil || sofar.contains(text) { return sofar }
    }
  }

  /// Sends our end and goes on reading.
  public func finishSending() { _ = shutdown(descriptor, Int32(SHUT_WR)) }

  /// Closes; the peer sees a reset.
  public func reset() {
    var linger = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
    close()
  }

  public func close() {
    if !isClosed { Glibc.close(descriptor) }
    isClosed = true
  }

  deinit { close() }
}
