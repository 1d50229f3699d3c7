import Model

/// Which values of `Host` name this machine and nothing else.
enum LoopbackHost {
  /// - Parameter host: as it was sent, perhaps with a port: `localhost:9100`, `127.0.0.1`, `[::1]:80`.
  static func names(_ host: String) -> Bool {
    var name = Substring(host)
    if let colon = name.lastIndex(of: ":"), name.last != "]", !name[..<colon].contains(":") || name.first == "[" {
      name = name[..<colon]
    }
    let word = name.lowercased()
    if word == "localhost" || word == "localhost." || word.hasSuffix(".localhost") { return true }
    return IPAddress(text: word)?.isLoopback == true
  }
}
