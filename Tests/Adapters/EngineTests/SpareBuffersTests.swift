import Testing

@testable import Engine

@Suite struct SpareBuffersTests {
  /// Pieces of any size come back as they were, up to the most that is kept; buffers go round.
  @Test(arguments: [Dice.seed, 7]) func pieces(seed: UInt64) {
    var dice = Dice(seed: seed)
    var spare = SpareBuffers()
    defer { spare.free() }
    for _ in 0..<60 {
      var kept = KeptBytes()
      var twin: [UInt8] = []
      for _ in 0..<Int.random(in: 1...12, using: &dice) {
        let piece = (0..<Int.random(in: 0...dice.pick([10, 5_000, 300_000]), using: &dice)).map { UInt8($0 & 255) }
        piece.withUnsafeBufferPointer { bytes in
          if let start = bytes.baseAddress { spare.append(start, bytes.count, to: &kept) }
        }
        twin += piece
      }
      #expect(kept.count == min(twin.count, SpareBuffers.most) && kept.isCut == (twin.count > SpareBuffers.most))
      let bytes = UnsafeBufferPointer(start: kept.start, count: kept.count)
      #expect(bytes.elementsEqual(twin.prefix(SpareBuffers.most)), "seed \(seed)")
      spare.empty(&kept)
      #expect(kept.start == nil && kept.count == 0)
    }
  }
}
