/// What a new password must be. Old ones are only compared.
public enum PasswordRule {
  static let leastCharacters = 12
  static let mostBytes = 256

  /// What is wrong with a new password, for whoever chose it; nil where nothing is. Never repeats it.
  public static func complaint(_ password: String, name: String) -> String? {
    if password.count < leastCharacters {
      return "the password has \(password.count) characters, expected at least \(leastCharacters)"
    }
    if password.utf8.count > mostBytes { return "the password has more than \(mostBytes) bytes" }
    if password.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
      return "the password has a control character in it (a line end?)"
    }
    let small = password.lowercased()
    let worn = [name.lowercased(), "password", "admin", "stampede", "changeme", "change-me", "secret"]
    var rest = small
    for word in worn where !word.isEmpty { rest = rest.split(separator: word).joined() }
    if Set(small).count < 5 || rest.count < 4 { return "the password can be guessed: use other characters" }
    return nil
  }
}
