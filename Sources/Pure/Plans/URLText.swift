import Model

/// URLs as people write them for a target.
public enum URLText {
  /// Reads a URL; a user name and password in it (`http://user:password@host/`) become a Basic Authorization header
  /// (RFC 7617), as they never go into a request line.
  ///
  /// - Throws: `ValueError` that quotes neither password nor query, as both may be secret.
  public static func read(_ text: String) throws(ValueError) -> (url: TargetURL, authorization: Header?) {
    guard let split = userAndRest(text) else { return (try url(text), nil) }
    let url = try url(split.rest)
    guard let user = percentDecoded(split.user) else {
      throw ValueError(found: "a user name with a bad %", expected: "two hexadecimal digits after each %")
    }
    let pair = user.contains(UInt8(ascii: ":")) ? user : user + [UInt8(ascii: ":")]
    return (url, Header("Authorization", "Basic " + Base64.encode(pair)))
  }

  private static func url(_ text: String) throws(ValueError) -> TargetURL {
    do throws(ValueError) { return try TargetURL(text: text) } catch {
      let shown = text.prefix { $0 != "?" }
      let tail = shown.count < text.count ? "?…" : ""
      let found = shown.isEmpty ? "nothing" : "'\(shown.prefix(80))\(tail)'"
      let bare = !text.contains("://") && !text.hasPrefix("/") && (try? TargetURL(text: "http://" + text)) != nil
      throw ValueError(found: found, expected: bare ? "http:// or https:// before it" : error.expected)
    }
  }

  /// The user information of the authority, and the text without it; nil where there is none.
  private static func userAndRest(_ text: String) -> (user: Substring, rest: String)? {
    let scheme = text.hasPrefix("https://") ? "https://" : "http://"
    guard text.hasPrefix(scheme) else { return nil }
    let rest = text.dropFirst(scheme.count)
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    guard let at = authority.lastIndex(of: "@") else { return nil }
    return (authority[..<at], scheme + rest[rest.index(after: at)...])
  }

  private static func percentDecoded(_ text: Substring) -> [UInt8]? {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      let digits = rest.prefix(2).compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
      guard digits.count == 2 else { return nil }
      bytes.append(UInt8(digits[0] << 4 | digits[1]))
      rest = rest.dropFirst(2)
    }
    return bytes
  }
}
