import Testing

@testable import Bytes

@Suite struct ByteReaderTests {
  @Test func integersAreLittleEndian() throws {
    var reader = ByteReader([1, 2, 3, 4, 5, 6, 7, 8, 9, 0xFF, 0xFE, 0xFF])
    #expect(try reader.readInteger(UInt8.self) == 1)
    #expect(try reader.readInteger(UInt16.self) == 0x0302)
    #expect(try reader.readInteger(UInt32.self) == 0x0706_0504)
    #expect(reader.offset == 7 && reader.remaining == 5)
    #expect(try reader.readInteger(UInt16.self) == 0x0908)
    #expect(try reader.readInteger(Int8.self) == -1)
    #expect(try reader.readInteger(Int16.self) == -2)
    #expect(reader.remaining == 0)
  }

  @Test func theWidestIntegersKeepTheirBits() throws {
    var writer = ByteWriter()
    writer.writeInteger(UInt64.max - 1)
    writer.writeInteger(Int64.min)
    var reader = ByteReader(writer.bytes)
    #expect(try reader.readInteger(UInt64.self) == .max - 1)
    #expect(try reader.readInteger(Int64.self) == .min)
  }

  /// A read that does not fit says so and moves nothing; another that fits still can.
  @Test func whatDoesNotFitLeavesItUnmoved() throws {
    var reader = ByteReader([1, 2, 3])
    _ = try reader.readInteger(UInt8.self)
    var error = #expect(throws: ByteReader.Truncated.self) { try reader.readInteger(UInt32.self) }
    #expect(error == ByteReader.Truncated(offset: 1, wanted: 4, left: 2))
    #expect(error?.description == "4 bytes expected at offset 1, 2 left")
    error = #expect(throws: ByteReader.Truncated.self) { try reader.read(3) }
    #expect(error?.wanted == 3)
    for count in [-1, Int.min, Int.max] { #expect(throws: ByteReader.Truncated.self) { try reader.read(count) } }
    #expect(reader.offset == 1)
    #expect(try reader.read(2) == [2, 3])
    #expect(try reader.read(0).isEmpty)
  }

  @Test func aSliceIsReadFromItsOwnStart() throws {
    let bytes: [UInt8] = [9, 9, 1, 0x80, 0x01, 5, 9]
    var reader = ByteReader(bytes[2..<6])
    #expect(try reader.readInteger(UInt8.self) == 1)
    #expect(try reader.readVarint() == 128)
    #expect(try reader.read(1) == [5])
    #expect(throws: ByteReader.Truncated.self) { try reader.read(1) }
  }
}
