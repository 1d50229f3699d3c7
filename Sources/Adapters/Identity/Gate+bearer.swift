extension Gate {
  /// Why a request is not served.
  public enum Denial: Error, Equatable, Sendable {
    /// 401: no token, or one that does not count.
    ///
    /// - challenge: for the header WWW-Authenticate (RFC 6750, 3).
    case unauthenticated(challenge: String, detail: String)
    /// 403: the user may not do that.
    case forbidden(detail: String)
    /// 503: who may do what has not been read yet.
    case unready

    /// The reply's status.
    public var status: Int {
      switch self {
      case .unauthenticated: 401
      case .forbidden: 403
      case .unready: 503
      }
    }

    /// What to tell the client.
    public var detail: String {
      switch self {
      case .unauthenticated(_, let detail), .forbidden(let detail): detail
      case .unready: "the users have not been read from PostgreSQL yet; try again"
      }
    }
  }

  /// Who asks, by the request's Authorization header.
  ///
  /// - Parameters:
  ///   - authorization: the header's value; nil where there is none.
  ///   - least: the least role that may do what is asked.
  public func authorize(_ authorization: String?, least: Role = .viewer) throws(Denial) -> Principal {
    guard let authorization else {
      throw .unauthenticated(
        challenge: Self.realm, detail: "sign in first: POST /auth/login, then send 'Authorization: Bearer TOKEN'")
    }
    let parts = authorization.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else {
      throw .unauthenticated(
        challenge: Self.realm, detail: "found an Authorization header of another kind, expected 'Bearer TOKEN'")
    }
    let claims: Claims
    do { claims = try verifier.verify(String(parts[1]), now: clock.wall()) } catch { throw Self.void("\(error)") }
    guard let roster = roster.withLock({ $0 }) else { throw .unready }
    guard let principal = roster.principal(of: claims) else {
      throw Self.void("the user was changed after the token was made; sign in again")
    }
    if principal.role < least {
      throw .forbidden(detail: "\(principal.name) is \(principal.role.rawValue), this needs \(least.rawValue)")
    }
    return principal
  }

  private static let realm = "Bearer realm=\"stampede\""

  private static func void(_ reason: String) -> Denial {
    .unauthenticated(
      challenge: realm + ", error=\"invalid_token\", error_description=\"\(reason.replacing("\"", with: "'"))\"",
      detail: reason)
  }
}
