/// Which addresses a run may connect to; asked at each connect with the resolved address.
///
/// A local run allows all but link-local and metadata addresses; those need to be named
/// (`--allow-target 169.254.10.0/24`). The master sends a stricter one with each assignment.
public struct TargetPolicy: Sendable, Hashable {
  /// A block of addresses: those whose first `length` bits equal the prefix's; or one address's port.
  public struct Block: Sendable, Hashable, CustomStringConvertible {
    public let prefix: IPAddress
    /// 0…32 for IPv4, 0…128 for IPv6.
    public let length: Int
    /// Nil: every port.
    public let port: UInt16?

    /// One address's port, or one address.
    public init(_ address: IPAddress, port: UInt16? = nil) {
      var length = 128
      if case .v4 = address.unmapped { length = 32 }
      self.init(prefix: address.unmapped, length: length, port: port)
    }

    /// Reads `10.0.0.0/8`, `fd00::/8`, one address, or one address with a port, `10.0.0.5:8080`, `[fd00::5]:8080`.
    public init(text: String) throws(ValueError) {
      if let (address, port) = Block.endpoint(text) {
        self.init(address, port: port)
        return
      }
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
      self.init(prefix: isMapped ? prefix.unmapped : prefix, length: isMapped ? length - 96 : length, port: nil)
    }

    private init(prefix: IPAddress, length: Int, port: UInt16?) {
      self.prefix = prefix
      self.length = length
      self.port = port
    }

    /// An address with a port, IPv6 in brackets; nil for anything else.
    private static func endpoint(_ text: String) -> (IPAddress, UInt16)? {
      guard let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")) else { return nil }
      let host = String(text[..<colon])
      let digits = text[text.utf8.index(after: colon)...]
      guard host.hasSuffix("]") || !host.utf8.contains(UInt8(ascii: ":")), !digits.isEmpty, digits.utf8.count <= 5,
        digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(digits), port > 0,
        let address = IPAddress(text: host)
      else { return nil }
      return (address, port)
    }

    /// The form that reads back as the same block.
    public var description: String {
      guard let port else { return "\(prefix)/\(length)" }
      if case .v6 = prefix { return "[\(prefix)]:\(port)" }
      return "\(prefix):\(port)"
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
    /// That very port of the address.
    case endpoint(Block)

    /// A clause for a message: `it is a link-local address`.
    public var reason: String {
      switch self {
      case .linkLocal: "it is a link-local address"
      case .metadata: "it is a cloud metadata address"
      case .blocked(let block): "it is inside \(block)"
      case .endpoint(let block): "\(block) belongs to the cluster itself"
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

  /// Nil if a connection to the address's port is allowed, else why not.
  ///
  /// What names the port counts before what names blocks of addresses, and what allows before what denies: a block that
  /// is allowed does not open the cluster's own ports in it.
  public func denial(of address: IPAddress, port: UInt16) -> Denial? {
    let address = address.unmapped
    func first(of blocks: [Block], _ wanted: UInt16?) -> Block? {
      blocks.first { $0.port == wanted && $0.contains(address) }
    }
    if first(of: allowed, port) != nil { return nil }
    if let own = first(of: denied, port) { return .endpoint(own) }
    if first(of: allowed, nil) != nil { return nil }
    if address.isMetadata { return .metadata }
    if address.isLinkLocal { return .linkLocal }
    return first(of: denied, nil).map(Denial.blocked)
  }
}
