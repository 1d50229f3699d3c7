import COpenSSL

/// Random bytes that nobody can foretell, by OpenSSL; also a generator for the standard library's `random` functions.
public struct SecureRandom: RandomNumberGenerator, Sendable {
  public init() {}

  /// So many bytes. Any thread.
  public static func bytes(_ count: Int) -> [UInt8] {
    var result: [UInt8] = Array(repeating: 0, count: max(0, count))
    // Fails only where the system gives no randomness; then no key, salt or token may be made.
    guard RAND_bytes(&result, Int32(clamping: result.count)) == 1 else {
      preconditionFailure("OpenSSL gives no random bytes")
    }
    return result
  }

  public mutating func next() -> UInt64 {
    Self.bytes(8).reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// A secret that can be read out and typed: lower-case letters and digits without 0, 1, l and o, five bits each, in
  /// groups of four: `k7qm-3tzx-…`. 28 characters, 140 bits: for passwords and join tokens.
  public static func readableSecret() -> String {
    let alphabet = Array("abcdefghijkmnpqrstuvwxyz23456789".utf8)
    var text: [UInt8] = []
    for (place, byte) in bytes(28).enumerated() {
      if place > 0, place % 4 == 0 { text.append(UInt8(ascii: "-")) }
      text.append(alphabet[Int(byte & 31)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}
