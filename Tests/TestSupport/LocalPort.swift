import Glibc

/// Ports of 127.0.0.1.
public enum LocalPort {
  /// A port that nobody listens on now. Somebody else may take it: whoever uses it must be ready to try another.
  public static func free() throws -> UInt16 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw TestError("socket: errno \(errno)") }
    defer { close(descriptor) }
    var address = loopback(0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let code = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 ? getsockname(descriptor, $0, &length) : -1
      }
    }
    guard code == 0 else { throw TestError("bind: errno \(errno)") }
    return UInt16(bigEndian: address.sin_port)
  }

  /// Whether somebody accepts connections on the port now.
  public static func isOpen(_ port: UInt16) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var address = loopback(port)
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }

  /// Tries every 2 ms until somebody accepts connections; false when the time is over or `isHopeless` says so.
  public static func wait(
    for port: UInt16, within span: Duration = .seconds(60), isHopeless: () -> Bool = { false }
  ) -> Bool {
    let deadline = ContinuousClock.now + span
    while !isOpen(port) {
      if isHopeless() || ContinuousClock.now >= deadline { return false }
      usleep(2_000)
    }
    return true
  }

  private static func loopback(_ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }
}
