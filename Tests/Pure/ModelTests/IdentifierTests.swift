import Model
import Testing

@Suite struct IdentifierTests {
  @Test func readsAndWritesItsText() throws {
    let text = "00112233-4455-4677-8899-aabbccddeeff"
    let identifier = try #require(Identifier(text: text))
    #expect(identifier == Identifier(high: 0x0011_2233_4455_4677, low: 0x8899_AABB_CCDD_EEFF))
    #expect(identifier.description == text)
    #expect(Identifier(text: text.uppercased()) == identifier)
  }

  @Test(arguments: [
    "", "00112233-4455-4677-8899-aabbccddeef", "00112233-4455-4677-8899-aabbccddeeff0",
    "00112233445546778899aabbccddeeff",
    "00112233-4455-4677-8899-aabbccddeefg", "0011223-34455-4677-8899-aabbccddeeff",
    "00112233-4455-4677-8899_aabbccddeeff",
    "{00112233-4455-4677-8899-aabbccddeeff}", "００112233-4455-4677-8899-aabbccddeeff",
    " 0112233-4455-4677-8899-aabbccddeeff",
  ])
  func refuses(_ text: String) { #expect(Identifier(text: text) == nil) }

  /// Version 4, variant 10 (RFC 9562, 5.4), all else drawn.
  @Test func randomOnesAreOfVersionFour() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var source = SplitMix(seed: seed)
    var seen: Set<Identifier> = []
    var (some, all) = ((high: UInt64(0), low: UInt64(0)), (high: UInt64.max, low: UInt64.max))
    for _ in 0..<1_000 {
      let identifier = Identifier(random: &source)
      let text = Array(identifier.description)
      try #require(text.count == 36 && text[14] == "4" && "89ab".contains(text[19]), "seed \(seed)")
      try #require(Identifier(text: identifier.description) == identifier, "seed \(seed)")
      seen.insert(identifier)
      some = (some.high | identifier.high, some.low | identifier.low)
      all = (all.high & identifier.high, all.low & identifier.low)
    }
    #expect(seen.count == 1_000)
    #expect(some == (0xFFFF_FFFF_FFFF_4FFF, 0xBFFF_FFFF_FFFF_FFFF) && all == (0x4000, 0x8000_0000_0000_0000))
  }
}
