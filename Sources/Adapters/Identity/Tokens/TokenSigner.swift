import Digests

/// Makes the tokens that users sign their requests with: JWT (RFC 7519) by HMAC with SHA-256.
public struct TokenSigner: Sendable {
  /// How long a token holds, in seconds.
  public static let lifetime: Int64 = 3_600

  private let key: SigningKey

  public init(keys: SigningKeys) { key = keys.first }

  /// A token for a user from now on.
  ///
  /// - Parameters:
  ///   - generation: of the user's row.
  ///   - now: seconds since 1970.
  /// - Returns: the token and when it expires; nil where the library has no memory for it.
  public func sign(
    subject: String, role: Role, generation: Int64, now: Int64, lifetime: Int64 = TokenSigner.lifetime
  ) -> (token: String, expires: Int64)? {
    let expires = now + lifetime
    guard let jwt = JWTHandle(), jwt.add(header: "kid", key.id),
      jwt.add("iss", Claims.issuer), jwt.add("aud", Claims.audience), jwt.add("sub", subject),
      jwt.add("role", role.rawValue), jwt.add("gen", generation), jwt.add("iat", now), jwt.add("nbf", now),
      jwt.add("exp", expires), jwt.add("jti", Hexadecimal.text(SecureRandom.bytes(16))),
      let token = jwt.signed(key: key), token.utf8.count <= TokenVerifier.mostBytes
    else { return nil }
    return (token, expires)
  }
}
