import Digests
import Testing

@testable import Identity

@Suite struct SigningKeyTests {
  private func fault(_ text: String) -> KeyError? {
    do throws(KeyError) {
      _ = try SigningKey(text)
      return nil
    } catch { return error }
  }

  @Test func randomKeysAreTaken() throws {
    for _ in 0..<1_000 {
      #expect(fault(Hexadecimal.text(SecureRandom.bytes(16))) == nil)
      #expect(fault(Hexadecimal.text(SecureRandom.bytes(32))) == nil)
    }
    #expect(fault("correct horse battery staple and nine more words") == nil)
  }

  @Test func shortLongAndMissingOnesAreNot() {
    #expect(fault("") == .missing)
    #expect(fault("s3cr3t") == .short(bytes: 6))
    #expect(fault(Hexadecimal.text(SecureRandom.bytes(16)).dropLast().description) == .short(bytes: 31))
    #expect(fault(Hexadecimal.text(SecureRandom.bytes(512))) == nil)
    #expect(fault(Hexadecimal.text(SecureRandom.bytes(512)) + "a") == .long(bytes: 1_025))
    #expect(
      "\(KeyError.short(bytes: 6))" == "the key has 6 bytes, expected at least 32; make one with: openssl rand -hex 32")
  }

  @Test func samplesAndWhatCanBeGuessedAreNot() {
    for sample in [
      "my-secure-jwt-key-for-auth", "My-Secure-JWT-Key-For-Auth-0123456789", "a-string-secret-at-least-256-bits-long",
      "your-super-secret-jwt-token-with-at-least-32-characters-long", "please-changeme-please-please-please",
    ] {
      #expect(fault(sample) == .sample, "\(sample)")
    }
    for weak in [
      String(repeating: "a", count: 64), String(repeating: "Tr0ub4dor&3", count: 4),
      "abcdefghijklmnopqrstuvwxyz0123456789",
      "0123456789abcdef0123456789abcdef", "passwordpasswordpasswordpassword", String(repeating: " ", count: 40),
      "q8Rm3vZx1LpT9wKsQ2nE7bYq8Rm3vZx1LpT",
    ] {
      #expect(fault(weak) == .guessable, "\(weak)")
    }
  }

  @Test func aFileHasTheNewestKeyFirst() throws {
    let (new, old) = (Hexadecimal.text(SecureRandom.bytes(32)), Hexadecimal.text(SecureRandom.bytes(32)))
    let keys = try SigningKeys(file: "\n  \(new)\r\n\n\(old) \t\n")
    #expect(try keys.first == SigningKey(new))
    #expect(try keys.all == [SigningKey(new), SigningKey(old)])
    #expect(keys.key(id: keys.all[1].id) == keys.all[1])
    #expect(keys.all[0].id.count == 16 && keys.all[0].id != keys.all[1].id)
    #expect(throws: KeyError.missing) { try SigningKeys(file: " \n\n") }
    #expect(throws: KeyError.missing) { try SigningKeys([]) }
    #expect(throws: KeyError.repeated) { try SigningKeys([new, new]) }
    #expect(throws: KeyError.short(bytes: 5)) { try SigningKeys([new, "short"]) }
    let many = (0..<9).map { _ in Hexadecimal.text(SecureRandom.bytes(16)) }
    #expect(throws: KeyError.tooMany(9)) { try SigningKeys(many) }
  }
}
