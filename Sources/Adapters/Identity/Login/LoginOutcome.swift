/// What came of an attempt to sign in.
public enum LoginOutcome: Sendable, Equatable {
  /// - expires: seconds since 1970.
  case granted(token: String, expires: Int64, Principal)
  /// Wrong name or password, or no right to sign in: nobody is told which.
  case refused
  /// Too many attempts by this address or for this account.
  ///
  /// - seconds: at least 1.
  case throttled(seconds: Int64)
  /// Too many sign in at this moment.
  case busy
  /// The users can't be read, or there is no memory; for the log, not for the client.
  case unavailable(String)
}
