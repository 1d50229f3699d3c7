import Testing

@testable import Digests

@Suite struct SecretsTests {
  @Test func comparisonLooksAtEveryByte() {
    let secret = SecureRandom.bytes(64)
    #expect(ConstantTime.equal(secret, secret))
    #expect(ConstantTime.equal("".utf8, "".utf8))
    #expect(!ConstantTime.equal(secret, secret.dropLast()))
    #expect(!ConstantTime.equal(secret, secret + [0]))
    #expect(!ConstantTime.equal("".utf8, "a".utf8))
    for place in secret.indices {
      var other = secret
      other[place] ^= 1
      #expect(!ConstantTime.equal(secret, other), "place \(place)")
    }
  }

  @Test func randomBytesAreNotRepeated() {
    #expect(SecureRandom.bytes(0).isEmpty)
    let drawn = Set((0..<1_000).map { _ in SecureRandom.bytes(16) })
    #expect(drawn.count == 1_000)
    // 100,000 bytes, each value 390 times on average: 7 standard deviations either side.
    var counts = Array(repeating: 0, count: 256)
    for byte in SecureRandom.bytes(100_000) { counts[Int(byte)] += 1 }
    #expect(counts.allSatisfy { (250...530).contains($0) }, "\(counts)")
    var generator = SecureRandom()
    #expect(generator.next() != generator.next())
  }

  @Test func readableSecretsHave140Bits() {
    let secrets = (0..<100).map { _ in SecureRandom.readableSecret() }
    #expect(Set(secrets).count == 100)
    for secret in secrets {
      let groups = secret.split(separator: "-")
      #expect(groups.count == 7)
      #expect(groups.allSatisfy { $0.count == 4 && $0.allSatisfy { "abcdefghijkmnpqrstuvwxyz23456789".contains($0) } })
    }
    #expect(Set(secrets.joined()).count == 33)
  }

  @Test func hexadecimalBothWays() {
    #expect(Hexadecimal.text([0, 0x0F, 0xA0, 0xFF]) == "000fa0ff")
    #expect(Hexadecimal.bytes("000fA0Ff") == [0, 0x0F, 0xA0, 0xFF])
    for wrong in ["0", "0g", "0x12", " 12", "é", "12 "] { #expect(Hexadecimal.bytes(wrong) == nil, "\(wrong)") }
  }
}
