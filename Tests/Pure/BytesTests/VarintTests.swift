import Testing

@testable import Bytes

@Suite struct VarintTests {
  @Test(
    arguments: [
      (0, [0]), (1, [1]), (127, [0x7F]), (128, [0x80, 1]), (300, [0xAC, 2]), (16_383, [0xFF, 0x7F]),
      (16_384, [0x80, 0x80, 1]),
      (.max, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1]),
      (1 << 63, [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1]),
    ] as [(UInt64, [UInt8])])
  func isWrittenAndRead(_ value: UInt64, _ bytes: [UInt8]) throws {
    var writer = ByteWriter()
    writer.writeVarint(value)
    #expect(writer.bytes == bytes)
    var reader = ByteReader(bytes)
    #expect(try reader.readVarint() == value)
    #expect(reader.remaining == 0)
  }

  @Test func everyLengthComesBack() throws {
    for shift in 0..<64 {
      for value in [UInt64(1) << UInt64(shift), (UInt64(1) << UInt64(shift)) - 1, UInt64.max >> UInt64(shift)] {
        var writer = ByteWriter()
        writer.writeVarint(value)
        var reader = ByteReader(writer.bytes + [0xFF])
        #expect(try reader.readVarint() == value)
        #expect(reader.remaining == 1)
      }
    }
  }

  /// Beyond 64 bits, more than 10 bytes, longer than needed.
  @Test(
    arguments: [
      [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 2], [UInt8](repeating: 0xFF, count: 11),
      [UInt8](repeating: 0x80, count: 10) + [0], [0x80, 0], [0xFF, 0x80, 0],
      [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0],
    ] as [[UInt8]])
  func otherFormsAreNone(_ bytes: [UInt8]) throws {
    var reader = ByteReader(bytes)
    #expect(try reader.readVarint() == nil)
    #expect(reader.offset == 0)
  }

  @Test(arguments: [[], [0x80], [0xFF, 0xFF], [UInt8](repeating: 0x80, count: 9)] as [[UInt8]])
  func aPartLeavesItUnmoved(_ bytes: [UInt8]) {
    var reader = ByteReader(bytes)
    let error = #expect(throws: ByteReader.Truncated.self) { try reader.readVarint() }
    #expect(error == ByteReader.Truncated(offset: 0, wanted: bytes.count + 1, left: bytes.count))
    #expect(reader.offset == 0)
  }
}
