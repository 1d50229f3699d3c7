public import EventLoop
public import Model

/// Where to listen, as people write it: `:9100`, `9100`, `127.0.0.1:9100`, `[::1]:9100`, `localhost:9100`.
///
/// Without a host it is 127.0.0.1: nothing is open to others unless somebody says so (`0.0.0.0:9100`).
public enum ListenAddress {
  /// Reads any of these.
  public static func read(_ text: String) throws(ValueError) -> SocketAddress {
    let expected = "an address such as :9100, 127.0.0.1:9100 or 0.0.0.0:9100"
    let colon = text.lastIndex(of: ":")
    let host = colon.map { String(text[..<$0]) } ?? ""
    let portText = colon.map { text[text.index(after: $0)...] } ?? text[...]
    guard !portText.isEmpty, portText.allSatisfy({ $0.isASCII && $0.isNumber }), let port = UInt16(portText) else {
      throw ValueError(found: "'\(text)'", expected: expected)
    }
    return SocketAddress(try address(host, text, expected), port: port)
  }

  /// An address without a port; a name other than localhost is refused, as it may mean several.
  ///
  /// - Parameters:
  ///   - text: the whole of what was written, for the message.
  ///   - expected: what would have been right, for the message.
  public static func address(_ host: String, _ text: String, _ expected: String) throws(ValueError) -> IPAddress {
    let local = IPAddress.v4(0x7F00_0001)
    if host.isEmpty || host == "localhost" { return local }
    guard let address = IPAddress(text: host) else { throw ValueError(found: "'\(text)'", expected: expected) }
    return address
  }
}
