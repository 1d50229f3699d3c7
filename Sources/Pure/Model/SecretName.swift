/// Names that tell of a secret.
public enum SecretName {
  /// What is shown and stored in a secret's place.
  public static let mask = "***"

  /// Whether a header, field, query parameter or variable of that name holds a secret. Case, `-`, `_` and `.` count for
  /// nothing.
  public static func matches(_ name: some StringProtocol) -> Bool {
    let plain = name.lowercased().filter { $0 != "-" && $0 != "_" && $0 != "." }
    if exact.contains(plain) { return true }
    // Counts of a language model's tokens are no secret.
    if plain.hasSuffix("tokens") { return false }
    return parts.contains { plain.contains($0) }
  }

  private static let exact: Set<String> = ["pass", "pwd", "auth", "jwt", "sig"]
  private static let parts = [
    "authorization", "cookie", "token", "password", "passwd", "passphrase", "secret", "apikey", "privatekey",
    "secretkey", "accesskey", "credential", "sessionid", "jwtkey",
    "signature",
  ]
}
