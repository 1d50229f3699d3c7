import CLinux
import Glibc
import Model

extension Socket {
  /// A listening socket on the address; port 0 takes a free one (`localAddress` tells which).
  ///
  /// - Parameter sharesPort: several listeners may take the same port, and the kernel spreads connections.
  public static func listen(
    on address: SocketAddress, backlog: Int32 = 4096, sharesPort: Bool = false
  ) throws(SystemError) -> Int32 {
    let descriptor = open(family: address.family)
    if descriptor < 0 { throw SystemError("open a socket", code: -descriptor) }
    set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1)
    if sharesPort { set(descriptor, SOL_SOCKET, SO_REUSEPORT, 1) }
    if address.family == AF_INET6 { set(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, 1) }
    let bound = address.withC { bind(descriptor, $0, $1) }
    if bound != 0 || Glibc.listen(descriptor, backlog) != 0 {
      let code = errno
      close(descriptor)
      throw SystemError("listen on \(address)", code: code)
    }
    return descriptor
  }

  /// The next waiting connection, non-blocking and close-on-exec, or the negated errno.
  public static func accept(_ listener: Int32) -> (descriptor: Int32, peer: SocketAddress?) {
    var storage = sockaddr_storage()
    var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
    return withUnsafeMutablePointer(to: &storage) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        while true {
          let flags = Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
          let descriptor = accept4(listener, address, &size, flags)
          if descriptor >= 0 { return (descriptor, SocketAddress(address)) }
          if errno != EINTR { return (-errno, nil) }
        }
      }
    }
  }

  /// The address a socket is bound to; nil if it is none of IPv4 or IPv6.
  public static func localAddress(_ descriptor: Int32) -> SocketAddress? {
    var storage = sockaddr_storage()
    var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
    return withUnsafeMutablePointer(to: &storage) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        getsockname(descriptor, address, &size) == 0 ? SocketAddress(address) : nil
      }
    }
  }
}
