/// A 128-bit identifier (UUID): names a run, or one life of a worker in a run (its *incarnation*).
public struct Identifier: Sendable, Hashable {
  public let high: UInt64
  public let low: UInt64

  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// A random one (version 4, RFC 9562) from the given source.
  public init(random source: inout some RandomNumberGenerator) {
    high = (source.next() & 0xFFFF_FFFF_FFFF_0FFF) | 0x4000
    low = (source.next() & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000
  }

  /// Reads the 36-character form; nil for anything else.
  public init?(text: String) {
    var value: (UInt64, UInt64) = (0, 0)
    var digits = 0
    for (place, byte) in text.utf8.enumerated() {
      if place == 8 || place == 13 || place == 18 || place == 23 {
        if byte != UInt8(ascii: "-") { return nil }
        continue
      }
      guard let digit = Identifier.digit(byte) else { return nil }
      if digits < 16 { value.0 = value.0 << 4 | digit } else { value.1 = value.1 << 4 | digit }
      digits += 1
    }
    if digits != 32 || text.utf8.count != 36 { return nil }
    self.init(high: value.0, low: value.1)
  }

  private static func digit(_ byte: UInt8) -> UInt64? {
    switch byte {
    case 0x30...0x39: UInt64(byte - 0x30)
    case 0x61...0x66: UInt64(byte - 0x61 + 10)
    case 0x41...0x46: UInt64(byte - 0x41 + 10)
    default: nil
    }
  }
}

extension Identifier: CustomStringConvertible {
  /// The 36-character lower-case form, `8-4-4-4-12`.
  public var description: String {
    var text: [UInt8] = []
    text.reserveCapacity(36)
    for index in 0..<32 {
      if index == 8 || index == 12 || index == 16 || index == 20 { text.append(UInt8(ascii: "-")) }
      let word = index < 16 ? high : low
      let digit = UInt8(truncatingIfNeeded: word >> UInt64(60 - (index % 16) * 4) & 0xF)
      text.append(digit < 10 ? 0x30 + digit : 0x61 + digit - 10)
    }
    return String(decoding: text, as: UTF8.self)
  }
}
