import Digests
import JSONScan

/// Checks tokens: their form, head, signature, and every claim. Nothing in a token is believed before its signature is.
public struct TokenVerifier: Sendable {
  static let mostBytes = 4_096
  /// How far the clocks of two masters may differ, in seconds.
  static let leeway: Int64 = 5
  /// No token is believed for longer than that, in seconds.
  static let longestLife: Int64 = 86_400

  private let keys: SigningKeys

  public init(keys: SigningKeys) { self.keys = keys }

  /// What the token says, if it counts.
  ///
  /// - Parameter now: seconds since 1970.
  public func verify(_ token: String, now: Int64) throws(TokenFault) -> Claims {
    let bytes = Array(token.utf8)
    if bytes.count > Self.mostBytes { throw .malformed }
    let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 3, let head = Base64URL.decode(parts[0]), Base64URL.decode(parts[1]) != nil,
      Base64URL.decode(parts[2])?.count == 32
    else { throw .malformed }
    let key = try key(of: head)
    guard let jwt = JWTHandle(token, key: key) else { throw .forged }
    guard let text = jwt.claims, let members = Self.object(Array(text.utf8)) else { throw .malformed }
    return try Self.claims(members, now: now)
  }

  /// The key that the head names, which also says what the algorithm must be: the token has no choice.
  private func key(of head: [UInt8]) throws(TokenFault) -> SigningKey {
    guard let members = Self.object(head) else { throw .malformed }
    guard members.count == 3, members["alg"]?.text == "HS256", members["typ"]?.text == "JWT",
      let id = members["kid"]?.text, let key = keys.key(id: id)
    else { throw .foreign }
    return key
  }

  private static func object(_ bytes: [UInt8]) -> [String: Node]? {
    var limits = JSONReader.Limits()
    (limits.depth, limits.values) = (4, 100)
    guard let (root, duplicates) = try? JSONReader.document(bytes, limits: limits), duplicates.isEmpty,
      let members = root.members
    else { return nil }
    return Dictionary(members.map { ($0.key, $0.node) }) { first, _ in first }
  }

  private static func claims(_ members: [String: Node], now: Int64) throws(TokenFault) -> Claims {
    func text(_ name: String) throws(TokenFault) -> String {
      guard let text = members[name]?.text, !text.isEmpty else { throw .claim(name) }
      return text
    }
    // A time with a fraction is none: libjwt reads it as 0.
    func number(_ name: String, from least: Int64) throws(TokenFault) -> Int64 {
      guard let number = members[name]?.int, number >= least, number <= 1 << 40 else { throw .claim(name) }
      return Int64(number)
    }
    if try text("iss") != Claims.issuer { throw .claim("iss") }
    if try text("aud") != Claims.audience { throw .claim("aud") }
    guard UserName.isPossible(try text("sub")) else { throw .claim("sub") }
    guard let role = Role(rawValue: try text("role")) else { throw .claim("role") }
    guard try text("jti").utf8.count <= 64 else { throw .claim("jti") }
    let claims = Claims(
      subject: try text("sub"), role: role, generation: try number("gen", from: 0), issued: try number("iat", from: 1),
      expires: try number("exp", from: 1), id: try text("jti"))
    let from = try number("nbf", from: 1)
    if claims.expires <= claims.issued || claims.expires - claims.issued > longestLife { throw .claim("exp") }
    if claims.expires <= now - leeway { throw .expired }
    if claims.issued > now + leeway || from > now + leeway { throw .early }
    return claims
  }
}
