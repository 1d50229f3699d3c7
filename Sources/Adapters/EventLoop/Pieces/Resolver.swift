import CLinux
import Glibc
import Model

/// Host names to addresses by the system's own rules (getaddrinfo: /etc/hosts, DNS, search domains).
public enum Resolver {
  /// Why a name has no address.
  public struct Fault: Error, Equatable, Sendable, CustomStringConvertible {
    public let host: String
    public let reason: String

    public var description: String { "cannot resolve '\(host)': \(reason)" }
  }

  /// All addresses of the host in the system's order, at least one. Blocks: call it from a thread of its own.
  public static func addresses(of host: String, port: UInt16) throws(Fault) -> [SocketAddress] {
    if let literal = IPAddress(text: host) { return [SocketAddress(literal, port: port)] }
    var hints = addrinfo()
    hints.ai_family = AF_UNSPEC
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(host, nil, &hints, &list)
    defer { if let list { freeaddrinfo(list) } }
    if code != 0 { throw Fault(host: host, reason: String(cString: gai_strerror(code))) }
    var found: [SocketAddress] = []
    var next = list
    while let entry = next {
      if let pointer = entry.pointee.ai_addr, let address = SocketAddress(pointer) {
        let whole = SocketAddress(address.address, port: port, scope: address.scope)
        if !found.contains(whole) { found.append(whole) }
      }
      next = entry.pointee.ai_next
    }
    if found.isEmpty { throw Fault(host: host, reason: "it has no IPv4 or IPv6 address") }
    return found
  }
}
