/// Appends numbers and runs of bytes to an array; the counterpart of `ByteReader`. Numbers are little-endian.
public struct ByteWriter: Sendable {
  public private(set) var bytes: [UInt8] = []

  public init() {}

  public mutating func write(_ run: some Collection<UInt8>) {
    bytes.append(contentsOf: run)
  }

  public mutating func writeInteger<T: FixedWidthInteger>(_ value: T) {
    for place in 0..<MemoryLayout<T>.size { bytes.append(UInt8(truncatingIfNeeded: value >> T(place * 8))) }
  }

  /// Writes an unsigned LEB128 number.
  public mutating func writeVarint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  /// Overwrites what an earlier `writeInteger` of the same width put at `offset` (a length known only later).
  public mutating func patch<T: FixedWidthInteger>(_ value: T, at offset: Int) {
    for place in 0..<MemoryLayout<T>.size { bytes[offset + place] = UInt8(truncatingIfNeeded: value >> T(place * 8)) }
  }
}
