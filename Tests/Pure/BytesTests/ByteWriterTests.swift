import Bytes
import Testing

@Suite struct ByteWriterTests {
  @Test func runsAndIntegersFollowEachOther() {
    var writer = ByteWriter()
    writer.writeInteger(UInt16(0x0102))
    writer.write([7, 8, 9][1...])
    writer.write("ä".utf8)
    writer.writeInteger(Int32(-2))
    #expect(writer.bytes == [2, 1, 8, 9, 0xC3, 0xA4, 0xFE, 0xFF, 0xFF, 0xFF])
  }

  /// A length that is known only when what it counts has been written.
  @Test func aPlaceIsFilledLater() {
    var writer = ByteWriter()
    writer.writeInteger(UInt8(1))
    writer.writeInteger(UInt32(0))
    writer.write([5, 6])
    writer.patch(UInt32(2), at: 1)
    #expect(writer.bytes == [1, 2, 0, 0, 0, 5, 6])
  }
}
