import Bytes
import Testing

@testable import Wire

@Suite struct FrameTests {
  private let frames = [
    Frame(type: 1, fields: []), Frame(type: 0x0203, request: 0x0102_0304_0506_0708, fields: [1, 2, 3]),
    Frame(type: 0xFFFF, request: .max, fields: ArraySlice(repeating: 7, count: 300)),
  ]

  @Test func itsBytesAreAsTheSchemaSays() {
    #expect(
      frames[1].encoded() == [15, 0, 0, 0, 3, 2, 0, 0, 8, 7, 6, 5, 4, 3, 2, 1, 1, 2, 3])
  }

  /// However a stream comes in pieces, the same frames come out.
  @Test(arguments: [1, 2, 3, 5, 16, 17, 64, 1_000])
  func piecesOfAnySizeGiveTheSameFrames(_ size: Int) throws {
    let stream = frames.flatMap { $0.encoded() }
    var decoder = FrameDecoder()
    var found: [Frame] = []
    for start in stride(from: 0, to: stream.count, by: size) {
      decoder.append(stream[start..<min(start + size, stream.count)])
      while let frame = try decoder.next() { found.append(frame) }
    }
    #expect(found == frames)
    #expect(decoder.rest.isEmpty)
  }

  @Test func aPartLeavesTheReaderUnmoved() throws {
    let bytes = [9] + frames[1].encoded()
    for length in 1..<bytes.count {
      var reader = ByteReader(bytes[..<length])
      _ = try reader.read(1)
      #expect(try Frame.next(in: &reader) == nil)
      #expect(reader.offset == 1)
    }
    var reader = ByteReader(bytes)
    _ = try reader.read(1)
    #expect(try Frame.next(in: &reader) == frames[1])
    #expect(reader.remaining == 0)
  }

  /// The length is judged by its four bytes alone, before more is awaited.
  @Test(arguments: [
    (0, [0, 0, 0, 0]), (11, [11, 0, 0, 0]), (4_194_305, [1, 0, 0x40, 0]), (-1, [255, 255, 255, 255]),
  ])
  func lengthsOutOfBoundsAreRefusedAtOnce(_ length: Int, _ bytes: [UInt8]) {
    var decoder = FrameDecoder()
    decoder.append(bytes)
    let error = #expect(throws: WireError.self) { try decoder.next() }
    #expect(error?.place == "frame")
    #expect(error?.found == "a length of \(UInt32(truncatingIfNeeded: length))")
    #expect(error?.expected == "12 to 4194304")
    #expect(decoder.rest.count == 4)
    decoder.append(frames[0].encoded())
    #expect(throws: WireError.self) { try decoder.next() }
  }

  @Test func theGreatestLengthMayBeLowered() throws {
    var decoder = FrameDecoder(longest: 14)
    decoder.append(frames[0].encoded() + frames[1].encoded())
    #expect(try decoder.next() == frames[0])
    let error = #expect(throws: WireError.self) { try decoder.next() }
    #expect(error?.description == "frame: found a length of 15, expected 12 to 14")
  }

  @Test func unknownFlagsAreRefused() {
    var reader = ByteReader(Frame(type: 1, flags: 4, fields: []).encoded())
    let error = #expect(throws: WireError.self) { try Frame.next(in: &reader) }
    #expect(error?.description == "frame: found flags 4, expected 0 (written by a newer version?)")
    #expect(reader.offset == 0)
  }
}
