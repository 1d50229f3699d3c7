import Testing

@testable import Wire

@Suite struct MutationTests {
  /// Damaged bytes are refused, or are a record that has this one encoding (apart from unknown fields, left out).
  @Test func damagedBytesNeverCrash() throws {
    var source = SplitMix(seed: Setting.seed)
    let mutation = Mutation(&source)
    var decoded = 0
    for round in 0..<Setting.count {
      let bytes = mutation.damaged(&source)
      guard let interval = try? IntervalCodec.decode(bytes[...]) else { continue }
      decoded += 1
      let again = IntervalCodec.encode(interval)
      try #require(again == bytes || again.count < bytes.count, "seed \(Setting.seed), round \(round)")
    }
    print("\(Setting.count) damaged records, seed \(Setting.seed): \(decoded) decoded, the rest refused")
    #expect(decoded > 0 && decoded < Setting.count)
  }
}
