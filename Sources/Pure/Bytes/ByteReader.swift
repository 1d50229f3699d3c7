/// Reads numbers and runs of bytes from the front of a byte array, never beyond its end.
///
/// Numbers are little-endian. A read that does not fit throws and leaves the reader where it was.
public struct ByteReader: Sendable {
  private let bytes: ArraySlice<UInt8>
  /// Where the next read begins, counted from the first byte given.
  public private(set) var offset = 0

  public init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
  }

  public init(_ bytes: [UInt8]) {
    self.init(bytes[...])
  }

  /// More bytes were asked for than are left.
  public struct Truncated: Error, Equatable, Sendable, CustomStringConvertible {
    public let offset: Int
    public let wanted: Int
    public let left: Int

    public var description: String { "\(wanted) bytes expected at offset \(offset), \(left) left" }
  }

  public var remaining: Int { bytes.count - offset }

  public mutating func read(_ count: Int) throws(Truncated) -> ArraySlice<UInt8> {
    guard count >= 0, count <= remaining else { throw Truncated(offset: offset, wanted: count, left: remaining) }
    let start = bytes.startIndex + offset
    offset += count
    return bytes[start..<start + count]
  }

  public mutating func readInteger<T: FixedWidthInteger>(_ type: T.Type = T.self) throws(Truncated) -> T {
    var value: T = 0
    for (place, byte) in try read(MemoryLayout<T>.size).enumerated() {
      value |= T(truncatingIfNeeded: byte) << T(place * 8)
    }
    return value
  }

  /// An unsigned LEB128 number: 7 bits a byte, lowest first, at most 10 bytes, in its shortest form.
  ///
  /// Nil for one beyond 64 bits and for a longer form than needed; the reader then stays where it was.
  public mutating func readVarint() throws(Truncated) -> UInt64? {
    let start = bytes.startIndex + offset
    var value: UInt64 = 0
    for place in 0..<10 {
      guard place < remaining else { throw Truncated(offset: offset, wanted: place + 1, left: remaining) }
      let byte = bytes[start + place]
      if place == 9, byte > 1 { return nil }
      value |= UInt64(byte & 0x7F) << UInt64(place * 7)
      if byte < 0x80 {
        if byte == 0, place > 0 { return nil }
        offset += place + 1
        return value
      }
    }
    return nil
  }
}
