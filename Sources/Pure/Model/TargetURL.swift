/// An absolute http or https URL, taken apart once: what to connect to, and what to ask for.
public struct TargetURL: Sendable, Hashable {
  public let isTLS: Bool
  /// Host name or address; IPv6 without brackets, names in lower case.
  public let host: String
  public let port: UInt16
  /// Path and query as they go into the request line; begins with `/`.
  public let target: String

  /// Reads `http://host[:port][/path][?query][#fragment]`; the fragment is dropped, as no server sees it.
  ///
  /// - Throws: `ValueError` for another scheme, no host, user names in the URL, a bad port, blanks or control
  ///   characters (they would end the request line) and anything outside ASCII (it must be percent-encoded).
  public init(text: String) throws(ValueError) {
    let expected = "a URL such as http://localhost:8080/path"
    func wrong(_ expected: String) -> ValueError {
      ValueError(found: text.isEmpty ? "nothing" : "'\(text)'", expected: expected)
    }
    guard let scheme = text.firstRange(ofScheme: ["http://", "https://"]) else { throw wrong(expected) }
    isTLS = scheme.count == 8
    var rest = text.dropFirst(scheme.count)
    if let hash = rest.firstIndex(of: "#") { rest = rest[..<hash] }
    if rest.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) {
      throw wrong("a URL without blanks or control characters (write %20 for a blank)")
    }
    if rest.utf8.contains(where: { $0 >= 0x80 }) {
      throw wrong("an ASCII URL: other characters percent-encoded, international names in their xn-- form")
    }
    let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
    let authority = rest[..<end]
    if authority.contains("@") { throw wrong("a URL without user and password (use an Authorization header)") }
    let (host, port) = try TargetURL.hostAndPort(authority, wrong)
    self.host = host
    if let port {
      self.port = port
    } else {
      self.port = isTLS ? 443 : 80
    }
    let tail = rest[end...]
    target = tail.first == "/" ? String(tail) : "/" + tail
  }

  private static func hostAndPort(
    _ authority: Substring, _ wrong: (String) -> ValueError
  ) throws(ValueError) -> (String, UInt16?) {
    var host = authority
    var portText: Substring?
    if authority.first == "[" {
      guard let close = authority.firstIndex(of: "]") else { throw wrong("a ']' after the IPv6 address") }
      host = authority[..<authority.index(after: close)]
      let after = authority[authority.index(after: close)...]
      guard after.isEmpty || after.first == ":" else { throw wrong("a port or a path after the ']'") }
      portText = after.isEmpty ? nil : after.dropFirst()
      guard case .v6? = IPAddress(text: String(host)) else { throw wrong("an IPv6 address between the brackets") }
      host = host.dropFirst().dropLast()
    } else if let colon = authority.firstIndex(of: ":") {
      host = authority[..<colon]
      portText = authority[authority.index(after: colon)...]
    }
    if host.isEmpty { throw wrong("a host name after '//'") }
    let allowed = host.utf8.allSatisfy {
      (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) || [0x2D, 0x2E, 0x5F, 0x3A].contains($0)
    }
    if !allowed { throw wrong("a host name of letters, digits, '-', '_' and '.'") }
    // Some resolvers take it for the address, others for a name.
    if host.last == ".", IPAddress(text: String(host.dropLast())) != nil {
      throw wrong("an address without a dot behind it")
    }
    guard let portText, !portText.isEmpty else { return (host.lowercased(), nil) }
    guard portText.allSatisfy({ $0.isASCII && $0.isNumber }), let port = UInt16(portText), port > 0 else {
      throw wrong("a port from 1 to 65535")
    }
    return (host.lowercased(), port)
  }

  /// Scheme, host and port: requests to the same origin may share connections.
  public var origin: Origin { Origin(isTLS: isTLS, host: host, port: port) }
}

extension TargetURL: CustomStringConvertible {
  public var description: String { origin.description + target }
}

/// What a connection is made to.
public struct Origin: Sendable, Hashable, CustomStringConvertible {
  public let isTLS: Bool
  public let host: String
  public let port: UInt16

  public init(isTLS: Bool, host: String, port: UInt16) {
    self.isTLS = isTLS
    self.host = host
    self.port = port
  }

  /// Host and, unless it is the scheme's own, port: the value of a Host header.
  public var authority: String {
    let name = host.contains(":") ? "[\(host)]" : host
    return port == (isTLS ? 443 : 80) ? name : "\(name):\(port)"
  }

  public var description: String { (isTLS ? "https://" : "http://") + authority }
}

extension String {
  /// The first of the schemes that the text begins with, in any case of letters.
  fileprivate func firstRange(ofScheme schemes: [String]) -> String? {
    let start = prefix(8).lowercased()
    return schemes.first { start.hasPrefix($0) }
  }
}
