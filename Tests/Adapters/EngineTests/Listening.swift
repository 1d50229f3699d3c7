import CLinux
import Glibc
import TestSupport

/// A listening socket on a loopback address and a port of the system's choice.
struct Listening {
  let descriptor: Int32
  let port: UInt16

  /// - Parameters:
  ///   - address: four octets as one number; 127.0.0.1 unless told otherwise.
  ///   - backlog: nil holds the port without listening on it.
  ///   - buffer: bytes that the kernel keeps of what is not read yet; nil lets it choose.
  init(address: UInt32 = 0x7F00_0001, port: UInt16 = 0, backlog: Int32? = 1_024, buffer: Int32? = nil) throws {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    if descriptor < 0 { throw TestError("socket: errno \(errno)") }
    var one: Int32 = 1
    _ = setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
    if var buffer { _ = setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &buffer, socklen_t(MemoryLayout<Int32>.size)) }
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_addr.s_addr = address.bigEndian
    name.sin_port = port.bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let failed = withUnsafeMutablePointer(to: &name) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) != 0 || (backlog.map { listen(descriptor, $0) } ?? 0) != 0
          || getsockname(descriptor, $0, &length) != 0
      }
    }
    if failed {
      let code = errno
      close(descriptor)
      throw TestError("listen: errno \(code)")
    }
    self.descriptor = descriptor
    self.port = UInt16(bigEndian: name.sin_port)
  }
}
