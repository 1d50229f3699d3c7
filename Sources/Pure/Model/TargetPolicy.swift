/// Which addresses a run may connect to; asked at each connect with the resolved address.
///
/// A local run allows all but link-local and metadata addresses; those need to be named
/// (`--allow-target 169.254.10.0/24`). The master sends a stricter one with each assignment.
public struct TargetPolicy: Sendable, Hashable {
  /// A block of addresses: those whose first `length` bits equal the prefix's.
  public struct Block: Sendable, Hashable {
    public let prefix: IPAddress
    /// 0…32 for IPv4, 0…128 for IPv6.
    public let length: Int

    /// Reads `10.0.0.0/8`, `fd00::/8`, or one address.
    public init(text: String) throws(ValueError) {
      let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
      let wrong = ValueError(found: "'\(text)'", expected: "an address or a block such as 10.0.0.0/8 or fd00::/8")
      guard let first = parts.first, let prefix = IPAddress(text: String(first)) else { throw wrong }
      var most = 128
      if case .v4 = prefix { most = 32 }
      var length = most
      if parts.count == 2 {
        guard parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let written = Int(parts[1]), written <= most
        else {
          throw wrong
        }
        length = written
      }
      // IPv4-mapped addresses are judged as the IPv4 addresses that they are, so their blocks are too.
      let isMapped = prefix.unmapped != prefix && length >= 96
      self.prefix = isMapped ? prefix.unmapped : prefix
      self.length = isMapped ? length - 96 : length
    }

    public func contains(_ address: IPAddress) -> Bool {
      switch (prefix, address) {
      case (.v4(let a), .v4(let b)):
        return length == 0 || (a ^ b) >> UInt32(32 - length) == 0
      case (.v6(let a, let c), .v6(let b, let d)):
        if length <= 64 { return length == 0 || (a ^ b) >> UInt64(64 - length) == 0 }
        return a == b && (c ^ d) >> UInt64(128 - length) == 0
      case (.v4, .v6), (.v6, .v4):
        return false
      }
    }
  }

  /// Why an address is denied.
  public enum Denial: Sendable, Hashable {
    case linkLocal, metadata
    case blocked(Block)

    /// A clause for a message: `it is a link-local address`.
    public var reason: String {
      switch self {
      case .linkLocal: "it is a link-local address"
      case .metadata: "it is a cloud metadata address"
      case .blocked(let block): "it is inside \(block.prefix)/\(block.length)"
      }
    }
  }

  /// Blocks allowed whatever else says no.
  public var allowed: [Block]
  /// Blocks denied besides link-local and metadata addresses.
  public var denied: [Block]

  public init(allowed: [Block] = [], denied: [Block] = []) {
    self.allowed = allowed
    self.denied = denied
  }

  /// Nil if a connection to the address is allowed, else why not.
  public func denial(of address: IPAddress) -> Denial? {
    let address = address.unmapped
    if allowed.contains(where: { $0.contains(address) }) { return nil }
    if address.isMetadata { return .metadata }
    if address.isLinkLocal { return .linkLocal }
    return denied.first { $0.contains(address) }.map(Denial.blocked)
  }
}
