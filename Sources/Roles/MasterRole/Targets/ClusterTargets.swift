import CLinux
import EventLoop
import Glibc
import Model
import PostgresIO

/// What workers may connect to: everything but loopback, link-local and metadata addresses and the cluster's own ports,
/// and of those what the admin names.
enum ClusterTargets {
  /// Looks up the cluster's own addresses; blocks. What can't be looked up now is left out.
  ///
  /// - Parameter own: where the master listens, with the ports it really has.
  static func policy(_ settings: MasterSettings, own: [SocketAddress]) -> TargetPolicy {
    var denied = loopback
    for address in own { denied += blocks(address) }
    for (host, port) in servers(settings.kafka, port: 9_092) { denied += blocks(host, port) }
    for (host, port) in settings.database.servers { denied += blocks(host, port) }
    var seen: Set<TargetPolicy.Block> = []
    denied = denied.filter { seen.insert($0).inserted }
    return TargetPolicy(allowed: settings.allowedTargets, denied: Array(denied.prefix(most)))
  }

  /// An assignment holds no more.
  private static let most = 256

  /// `0.0.0.0/8` and `::` reach the machine itself, too.
  private static let loopback = ["127.0.0.0/8", "::1", "0.0.0.0/8", "::"].compactMap {
    try? TargetPolicy.Block(text: $0)
  }

  /// A port that is listened on; on all of the machine's addresses where it listens on all of them.
  private static func blocks(_ address: SocketAddress) -> [TargetPolicy.Block] {
    switch address.address {
    case .v4(0), .v6(0, 0):
      return OwnAddresses.all.map { TargetPolicy.Block($0, port: address.port) }
    case .v4, .v6: return [TargetPolicy.Block(address.address, port: address.port)]
    }
  }

  private static func blocks(_ host: String, _ port: UInt16) -> [TargetPolicy.Block] {
    let found = (try? Resolver.addresses(of: host, port: port)) ?? []
    return found.map { TargetPolicy.Block($0.address, port: port) }
  }

  /// `host:port,[::1]:port,host`.
  static func servers(_ text: String, port: UInt16) -> [(host: String, port: UInt16)] {
    text.split(separator: ",").compactMap { part in
      let name = part.split(separator: "/").last.map(String.init) ?? String(part)
      guard let colon = name.lastIndex(of: ":"), name.last != "]" else { return (bare(name), port) }
      guard let number = UInt16(name[name.index(after: colon)...]) else { return nil }
      return (bare(String(name[..<colon])), number)
    }
  }

  private static func bare(_ host: String) -> String {
    String(host.drop { $0 == " " || $0 == "[" }.prefix { $0 != "]" && $0 != " " })
  }
}

/// The addresses of this machine's interfaces.
enum OwnAddresses {
  static var all: [IPAddress] {
    var list: UnsafeMutablePointer<ifaddrs>?
    guard getifaddrs(&list) == 0 else { return [] }
    defer { freeifaddrs(list) }
    var found: [IPAddress] = []
    var next = list
    while let entry = next {
      if let pointer = entry.pointee.ifa_addr, let address = SocketAddress(pointer)?.address, !found.contains(address) {
        found.append(address)
      }
      next = entry.pointee.ifa_next
    }
    return found
  }
}
