/// What a token says.
public struct Claims: Sendable, Equatable {
  public static let issuer = "stampede"
  public static let audience = "stampede-api"

  /// The user's name (`sub`).
  public let subject: String
  public let role: Role
  /// How often the user's password, role or right to sign in had changed when the token was made (`gen`): what was made
  /// before the latest change is void.
  public let generation: Int64
  /// When it was made, and from when on it holds (`iat`, `nbf`); seconds since 1970.
  public let issued: Int64
  /// From when on it is void (`exp`); seconds since 1970.
  public let expires: Int64
  /// Names this one token (`jti`).
  public let id: String
}
