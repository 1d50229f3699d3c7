import CLinux
import Glibc
public import Model

/// An IP address and port, to connect to or to listen on.
public struct SocketAddress: Sendable, Hashable, CustomStringConvertible {
  public let address: IPAddress
  public let port: UInt16
  /// The interface of a link-local IPv6 address; 0 elsewhere.
  public let scope: UInt32

  public init(_ address: IPAddress, port: UInt16, scope: UInt32 = 0) {
    self.address = address
    self.port = port
    self.scope = scope
  }

  /// `127.0.0.1:80`, `[::1]:80`.
  public var description: String {
    switch address {
    case .v4: "\(address):\(port)"
    case .v6: "[\(address)]:\(port)"
    }
  }

  /// AF_INET or AF_INET6.
  public var family: Int32 {
    switch address {
    case .v4: AF_INET
    case .v6: AF_INET6
    }
  }

  /// Calls with the C form, valid for the call only.
  public func withC<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
    switch address {
    case .v4(let bits):
      var c = sockaddr_in()
      c.sin_family = sa_family_t(AF_INET)
      c.sin_port = port.bigEndian
      c.sin_addr.s_addr = bits.bigEndian
      return withUnsafePointer(to: &c) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
    case .v6(let high, let low):
      var c = sockaddr_in6()
      c.sin6_family = sa_family_t(AF_INET6)
      c.sin6_port = port.bigEndian
      c.sin6_scope_id = scope
      withUnsafeMutableBytes(of: &c.sin6_addr) { bytes in
        bytes.storeBytes(of: high.bigEndian, as: UInt64.self)
        bytes.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
      }
      return withUnsafePointer(to: &c) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          body($0, socklen_t(MemoryLayout<sockaddr_in6>.size))
        }
      }
    }
  }

  /// Read from the C form; nil for families other than IPv4 and IPv6.
  public init?(_ c: UnsafePointer<sockaddr>) {
    switch Int32(c.pointee.sa_family) {
    case AF_INET:
      let four = UnsafeRawPointer(c).loadUnaligned(as: sockaddr_in.self)
      self.init(.v4(UInt32(bigEndian: four.sin_addr.s_addr)), port: UInt16(bigEndian: four.sin_port))
    case AF_INET6:
      let six = UnsafeRawPointer(c).loadUnaligned(as: sockaddr_in6.self)
      let halves = withUnsafeBytes(of: six.sin6_addr) {
        ($0.loadUnaligned(as: UInt64.self), $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
      }
      self.init(
        .v6(UInt64(bigEndian: halves.0), UInt64(bigEndian: halves.1)), port: UInt16(bigEndian: six.sin6_port),
        scope: six.sin6_scope_id)
    default:
      return nil
    }
  }
}
