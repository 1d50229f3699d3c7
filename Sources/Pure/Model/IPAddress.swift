/// An IPv4 or IPv6 address, without a port or a zone.
public enum IPAddress: Sendable, Hashable {
  /// The 32 bits, first octet highest.
  case v4(UInt32)
  /// The 128 bits in two halves, first octet highest.
  case v6(UInt64, UInt64)

  /// The IPv4 address that an IPv6 one stands for, else itself: mapped (`::ffff:a.b.c.d`), compatible (`::a.b.c.d`,
  /// deprecated by RFC 4291; `::` and `::1` are none), or reached through a translator (`64:ff9b::a.b.c.d`, RFC 6052).
  public var unmapped: IPAddress {
    switch self {
    case .v6(0, let low) where low >> 32 == 0xFFFF: .v4(UInt32(truncatingIfNeeded: low))
    case .v6(0, let low) where low >> 32 == 0 && low >> 24 != 0: .v4(UInt32(truncatingIfNeeded: low))
    case .v6(0x64_FF9B_0000_0000, let low) where low >> 32 == 0: .v4(UInt32(truncatingIfNeeded: low))
    case .v4, .v6: self
    }
  }

  /// 127.0.0.0/8 or ::1.
  public var isLoopback: Bool {
    switch unmapped {
    case .v4(let bits): bits >> 24 == 127
    case .v6(let high, let low): high == 0 && low == 1
    }
  }

  /// 169.254.0.0/16 or fe80::/10.
  public var isLinkLocal: Bool {
    switch unmapped {
    case .v4(let bits): bits >> 16 == 0xA9FE
    case .v6(let high, _): high >> 54 == 0x3FA
    }
  }

  /// The addresses at which cloud hosts answer with their metadata and credentials:
  /// 169.254.169.254, 100.100.100.200, 192.0.0.192, fd00:ec2::254, fd20:ce::254.
  public var isMetadata: Bool {
    switch unmapped {
    case .v4(let bits): bits == 0xA9FE_A9FE || bits == 0x6464_64C8 || bits == 0xC000_00C0
    case .v6(let high, let low):
      (high == 0xFD00_0EC2_0000_0000 || high == 0xFD20_00CE_0000_0000) && low == 0x254
    }
  }
}

extension IPAddress {
  /// Reads `127.0.0.1`, `::1`, `2001:db8::7`, `::ffff:1.2.3.4` (brackets allowed around IPv6); nil for anything else.
  public init?(text: String) {
    if let four = IPAddress.fourOctets(Substring(text)) {
      self = .v4(four)
      return
    }
    var body = Substring(text)
    if body.first == "[", body.last == "]" { body = body.dropFirst().dropLast() }
    guard let groups = IPAddress.groups(of: body) else { return nil }
    let halves = [groups[0..<4], groups[4..<8]].map { $0.reduce(UInt64(0)) { $0 << 16 | UInt64($1) } }
    self = .v6(halves[0], halves[1])
  }

  private static func fourOctets(_ text: Substring) -> UInt32? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var bits: UInt32 = 0
    for part in parts {
      guard !part.isEmpty, part.count <= 3, part.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
      guard part.count == 1 || part.first != "0", let octet = UInt8(part) else { return nil }
      bits = bits << 8 | UInt32(octet)
    }
    return bits
  }

  /// The eight groups of an IPv6 text form (RFC 4291, 2.2); nil where it is none.
  private static func groups(of text: Substring) -> [UInt16]? {
    var text = text
    var tail: [UInt16] = []
    if text.contains("."), let colon = text.lastIndex(of: ":") {
      guard let four = fourOctets(text[text.index(after: colon)...]) else { return nil }
      tail = [UInt16(four >> 16), UInt16(four & 0xFFFF)]
      text = text[...colon]
      if !text.hasSuffix("::") { text = text.dropLast() }
    }
    func read(_ part: Substring) -> [UInt16]? {
      if part.isEmpty { return [] }
      var groups: [UInt16] = []
      for piece in part.split(separator: ":", omittingEmptySubsequences: false) {
        guard !piece.isEmpty, piece.count <= 4, piece.allSatisfy(\.isHexDigit),
          let group = UInt16(piece, radix: 16)
        else { return nil }
        groups.append(group)
      }
      return groups
    }
    guard let gap = text.firstDoubleColon else {
      guard let groups = read(text), groups.count + tail.count == 8 else { return nil }
      return groups + tail
    }
    let after = text[text.index(gap, offsetBy: 2)...]
    guard after.firstDoubleColon == nil, let front = read(text[..<gap]), let back = read(after) else { return nil }
    let missing = 8 - front.count - back.count - tail.count
    return missing < 1 ? nil : front + Array(repeating: 0, count: missing) + back + tail
  }
}

extension Substring {
  fileprivate var firstDoubleColon: Index? {
    guard count > 1 else { return nil }
    return zip(indices, indices.dropFirst()).first { self[$0] == ":" && self[$1] == ":" }?.0
  }
}

extension IPAddress: CustomStringConvertible {
  /// The canonical text (RFC 5952): lower case, the first longest run of two or more zero groups as `::`.
  public var description: String {
    switch self {
    case .v4(let bits):
      return [24, 16, 8, 0].map { "\(bits >> UInt32($0) & 0xFF)" }.joined(separator: ".")
    case .v6(let high, let low):
      let groups = [high, low].flatMap { word in [48, 32, 16, 0].map { UInt16(truncatingIfNeeded: word >> UInt64($0)) }
      }
      var best = 0..<0
      var start = 0
      while start < 8 {
        let end = groups[start...].firstIndex { $0 != 0 } ?? 8
        if end - start > max(best.count, 1) { best = start..<end }
        start = max(end, start + 1)
      }
      func hex(_ part: ArraySlice<UInt16>) -> String { part.map { String($0, radix: 16) }.joined(separator: ":") }
      if best.isEmpty { return hex(groups[...]) }
      return hex(groups[..<best.lowerBound]) + "::" + hex(groups[best.upperBound...])
    }
  }
}
