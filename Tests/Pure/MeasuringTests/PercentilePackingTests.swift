import Bytes
import Measuring
import Testing

@Suite struct PercentilePackingTests {
  static func curve(_ generator: inout SeededGenerator) -> PercentileCurve {
    PercentileCurve(
      accepted: Histogram(values: generator.times(atMost: 200)),
      censored: Histogram(values: generator.times(atMost: Bool.random(using: &generator) ? 20 : 0)))
  }

  @Test(arguments: seeds)
  func whatIsPackedIsReadBack(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let curves = [PercentileCurve()] + (0..<5).map { _ in Self.curve(&generator) }
    var writer = ByteWriter()
    for curve in curves { curve.pack(into: &writer) }
    var reader = ByteReader(writer.bytes)
    for curve in curves { #expect(PercentileCurve(packed: &reader) == curve, "seed \(seed)") }
    #expect(reader.remaining == 0)
    #expect(PercentileCurve(packed: &reader) == nil)
  }

  @Test func aNameWithTenRepliesIsSmall() {
    var writer = ByteWriter()
    PercentileCurve(accepted: Histogram(values: (1...10).map { $0 * 7_919 })).pack(into: &writer)
    #expect(writer.bytes.count <= 50, "\(writer.bytes.count) bytes")
  }

  @Test(arguments: seeds)
  func aSumIsTheMergeOfAll(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let curves = (0..<8).map { _ in Self.curve(&generator) }
    var merged = PercentileCurve()
    for curve in curves { merged.merge(curve) }
    #expect(PercentileCurve.sum(of: curves) == merged, "seed \(seed)")
    #expect(PercentileCurve.sum(of: []) == PercentileCurve())
  }

  @Test(arguments: seeds)
  func rubbishIsNilOrACurveNeverATrap(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<200 {
      var writer = ByteWriter()
      Self.curve(&generator).pack(into: &writer)
      var bytes = writer.bytes
      for _ in 0..<3 {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      }
      bytes.removeLast(Int.random(in: 0...min(4, bytes.count), using: &generator))
      var reader = ByteReader(bytes)
      guard var read = PercentileCurve(packed: &reader) else { continue }
      for p in percents { _ = read.reading(p) }
      read.merge(read)
    }
  }
}
