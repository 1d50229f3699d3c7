import Testing

@testable import Digests

@Suite struct PasswordHashTests {
  private let cheap = PasswordHash.Cost(logarithm: 4, blocks: 1, passes: 1)

  /// The vectors of RFC 7914, section 12, which Python's hashlib.scrypt gives as well.
  @Test func knownAnswers() throws {
    let empty = try PasswordHash(of: "", cost: cheap, salt: [], length: 64)
    #expect(
      empty.stored.hasSuffix(
        "$77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
          + "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"))
    let salted = try PasswordHash(
      of: "password", cost: PasswordHash.Cost(logarithm: 10, blocks: 8, passes: 16), salt: Array("NaCl".utf8),
      length: 64)
    #expect(
      salted.stored.hasSuffix(
        "$fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
          + "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"))
  }

  @Test func matchesItsPasswordOnly() throws {
    let hash = try PasswordHash(of: "correct horse", cost: cheap)
    #expect(try hash.matches("correct horse"))
    for other in ["", "correct horse ", "Correct horse", "correct hors"] {
      #expect(try !hash.matches(other), "\(other)")
    }
    #expect(try PasswordHash(of: "correct horse", cost: cheap) != hash, "each has a salt of its own")
    #expect(try !PasswordHash.unmatchable(cost: cheap).matches("correct horse"))
  }

  @Test func storedFormIsReadBack() throws {
    let hash = try PasswordHash(of: "ünïcode", cost: cheap)
    #expect(hash.stored.hasPrefix("scrypt$ln=4,r=1,p=1$"))
    let again = try #require(PasswordHash(stored: hash.stored))
    #expect(again == hash)
    #expect(try again.matches("ünïcode"))
    let standard = try PasswordHash(of: "x")
    #expect(standard.stored.hasPrefix("scrypt$ln=15,r=8,p=3$"))
    #expect(try #require(PasswordHash(stored: standard.stored)).matches("x"))
  }

  @Test func rubbishIsNoStoredForm() {
    let salt = String(repeating: "a", count: 32)
    let key = String(repeating: "b", count: 64)
    #expect(PasswordHash(stored: "scrypt$ln=15,r=8,p=3$\(salt)$\(key)") != nil)
    for wrong in [
      "", "$", "$$$", "password", "bcrypt$ln=15,r=8,p=3$\(salt)$\(key)", "scrypt$ln=15,r=8$\(salt)$\(key)",
      "scrypt$r=8,ln=15,p=3$\(salt)$\(key)", "scrypt$ln=15,r=8,p=3$\(salt)", "scrypt$ln=15,r=8,p=3$\(salt)$",
      "scrypt$ln=15,r=8,p=3$$\(key)", "scrypt$ln=15,r=8,p=3$\(salt)$xyz", "scrypt$ln=-1,r=8,p=3$\(salt)$\(key)",
      "scrypt$ln=0,r=8,p=3$\(salt)$\(key)", "scrypt$ln=15,r=8,p=0$\(salt)$\(key)",
      "scrypt$ln=15,r=8,p=3$\(salt)$\(key)$",
      // What would take gigabytes, hours or an overflow.
      "scrypt$ln=20,r=8,p=1$\(salt)$\(key)", "scrypt$ln=63,r=8,p=1$\(salt)$\(key)",
      "scrypt$ln=15,r=99,p=1$\(salt)$\(key)",
      "scrypt$ln=15,r=8,p=99$\(salt)$\(key)", "scrypt$ln=18446744073709551615,r=8,p=1$\(salt)$\(key)",
    ] {
      #expect(PasswordHash(stored: wrong) == nil, "\(wrong)")
    }
  }

  @Test func unbearableCostIsRefused() {
    #expect(throws: DigestError.self) {
      try PasswordHash(of: "x", cost: PasswordHash.Cost(logarithm: 40, blocks: 8, passes: 1))
    }
  }
}
