import Digests

@testable import Identity

/// Tokens put together by hand, from RFC 7515 and 2104 alone: also such as no signer makes.
struct MadeToken {
  static let now: Int64 = 1_800_000_000
  static let key = Hexadecimal.text(SecureRandom.bytes(32))

  /// JSON texts of the head's members and the claims.
  var head: [String: String]
  var claims: [String: String]

  init(key: SigningKey) {
    head = ["alg": "\"HS256\"", "typ": "\"JWT\"", "kid": "\"\(key.id)\""]
    let now = Self.now
    claims = [
      "iss": "\"stampede\"", "aud": "\"stampede-api\"", "sub": "\"ada\"", "role": "\"operator\"", "gen": "1",
      "iat": "\(now)", "nbf": "\(now)", "exp": "\(now + 3_600)", "jti": "\"1\"",
    ]
  }

  private static func json(_ members: [String: String]) -> [UInt8] {
    Array(("{" + members.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") + "}").utf8)
  }

  func signed(_ key: SigningKey) -> String { Self.sign(Self.json(head), Self.json(claims), key.bytes) }

  static func sign(_ head: [UInt8], _ claims: [UInt8], _ key: [UInt8]) -> String {
    let text = base64(head) + "." + base64(claims)
    return text + "." + base64(hmac(Array(text.utf8), key))
  }

  static func hmac(_ text: [UInt8], _ key: [UInt8]) -> [UInt8] {
    var block = key.count > 64 ? SHA256.digest(key) : key
    block += Array(repeating: 0, count: 64 - block.count)
    return SHA256.digest(block.map { $0 ^ 0x5C } + SHA256.digest(block.map { $0 ^ 0x36 } + text))
  }

  static func base64(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    var text = ""
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let three = bytes[start..<min(start + 3, bytes.count)]
      let word = three.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - three.count))
      for digit in 0...three.count { text.append(alphabet[word >> (18 - 6 * digit) & 63]) }
    }
    return text
  }
}
