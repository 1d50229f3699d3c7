/// Where a proxy is and how it is spoken to: `http://host:3128`, `socks5://user:password@host:1080`.
public struct ProxyURL: Sendable, Hashable {
  public enum Scheme: String, Sendable, Hashable, CaseIterable {
    case http, https
    case socks4, socks4a, socks5
    /// The proxy looks names up.
    case socks5h

    /// Whether the proxy is told names; else it is told addresses, and names are looked up here.
    public var looksUpNames: Bool {
      switch self {
      case .http, .https, .socks4a, .socks5h: true
      case .socks4, .socks5: false
      }
    }
  }

  public let scheme: Scheme
  /// Name or address; IPv6 without brackets.
  public let host: String
  public let port: UInt16
  /// As it was given, with the password.
  public let text: String

  /// - Throws: `ValueError` that does not quote the password.
  public init(text: String) throws(ValueError) {
    let wrong = ValueError(
      found: ProxyURL.shown(text), expected: "a proxy with its port, such as http://host:3128 or socks5://host:1080")
    // A scheme left out is http, as curl has it.
    let (name, rest) =
      text.range(ofScheme: "://").map { (text[..<$0.lowerBound].lowercased(), text[$0.upperBound...]) }
      ?? ("http", text[...])
    guard let scheme = Scheme(rawValue: name), text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { throw wrong }
    let place = rest.lastIndex(of: "@").map { rest[rest.index(after: $0)...] } ?? rest
    let authority = place.last == "/" ? place.dropLast() : place
    guard let url = try? TargetURL(text: "http://\(authority)/"), url.target == "/",
      url.port != 80 || authority.hasSuffix(":80")
    else { throw wrong }
    self.scheme = scheme
    host = url.host
    port = url.port
    self.text = text.contains("://") ? text : "http://" + text
  }

  /// Without what may be a password, in quotes.
  private static func shown(_ text: String) -> String {
    guard let at = text.lastIndex(of: "@") else { return "'\(text)'" }
    return "'…\(text[at...])'"
  }
}

extension String {
  fileprivate func range(ofScheme mark: String) -> Range<String.Index>? {
    guard let first = firstIndex(of: ":") else { return nil }
    let tail = self[first...]
    guard tail.hasPrefix(mark) else { return nil }
    return first..<index(first, offsetBy: mark.count)
  }
}
