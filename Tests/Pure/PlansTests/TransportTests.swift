import JSONScan
import Model
import Testing

@testable import Plans

/// How a plan, flags and both together say what carries the requests.
@Suite struct TransportTests {
  private func read(_ words: String, _ flags: PlanOverrides = PlanOverrides()) throws -> TransportOptions {
    let text = #"{"scenarios": [{"url": "http://h/"}], "users": 1, "# + words + "}"
    let root = try JSONReader.document(Array(text.utf8)).root
    return try PlanReader.read(root, format: .json, file: "plan.json", name: "-", environment: ["P": "secret"])
      .resolved(with: flags).plan.options.transport
  }

  private func error(_ words: String, _ flags: PlanOverrides = PlanOverrides()) -> String {
    do {
      _ = try read(words, flags)
      return "accepted"
    } catch { return "\(error)" }
  }

  @Test func theChoiceIsAutomatic() throws {
    #expect(try read(#""http_version": "1.1""#).engineText == "native 1.1")
    #expect(try read(#""http_version": 2"#).engineText == "curl h2")
    #expect(try read(#""http2": true"#).engineText == "curl h2")
    #expect(try read(#""h2c": true"#).engineText == "curl h2c")
    #expect(try read(#""http_version": "2-prior-knowledge""#).engineText == "curl h2c")
    #expect(try read(#""proxy": "http://me:${P}@p:3128""#).proxy == "http://me:secret@p:3128")
    #expect(try read(#""proxy": "p:3128""#).carrier == .curl)
    #expect(try read(#""unix_socket": "/s""#).carrier == .curl)
    #expect(try read(#""cert": "c", "key": "k", "ca": "a""#).carrier == .native)
    #expect(try read(#""engine": "curl""#).engineText == "curl 1.1")
  }

  @Test func flagsWin() throws {
    var flags = PlanOverrides()
    flags.transport.version = .http1
    flags.transport.clientCertificate = "other"
    let read = try read(#""http2": true, "cert": "c", "key": "k""#, flags)
    #expect(read.carrier == .native && read.clientCertificate == "other" && read.clientKey == nil)
  }

  @Test(arguments: [
    (
      #""engine": "native", "http2": true"#,
      "the native engine speaks HTTP/1.1 straight to the target, and --http2 asks"
    ),
    (#""engine": "native", "proxy": "http://p:1""#, "and --proxy asks for more: leave --engine native away"),
    (#""engine": "native", "unix_socket": "s""#, "and --unix-socket asks"),
    (#""proxy": "http://p:1", "unix_socket": "s""#, "--proxy and --unix-socket can't be combined"),
    (#""key": "k""#, "--key is the key of a client certificate, and there is none: give --cert too"),
    (#""engine": "wget""#, "engine: found 'wget', expected auto, native or curl"),
    (#""http_version": "3""#, "http_version: found '3', expected 1.1, 2 or 2-prior-knowledge"),
    (#""http2": true, "h2c": true"#, "h2c: it says the same as http2; expected one of them"),
    (#""proxy": "p""#, "proxy: found 'p', expected a proxy with its port, such as http://host:3128"),
    (#""proxy": "ftp://p:1""#, "proxy: found 'ftp://p:1', expected a proxy"),
    (#""proxy": "http://me:word@p""#, "proxy: found '…@p', expected a proxy"),
    (#""ca": """#, "ca: found '', expected a path"),
    (#""cert": 5"#, "cert: found 5, expected a path"),
  ]) func whatCanNotBeIsSaid(words: String, expected: String) {
    let text = error(words)
    #expect(text.contains(expected), "\(text)")
  }

  @Test(
    arguments: [
      ("http://h:80", "h", 80), ("h:3128", "h", 3128), ("socks5h://u:p@[::1]:1080/", "::1", 1080),
      ("HTTPS://H:1", "h", 1),
      ("http://u:p@q@h:5", "h", 5),
    ] as [(String, String, UInt16)]) func proxies(text: String, host: String, port: UInt16) throws
  {
    let proxy = try ProxyURL(text: text)
    #expect(proxy.host == host && proxy.port == port)
    #expect(try ProxyURL(text: proxy.text) == proxy)
  }

  @Test(arguments: ["", "http://", "http://h", "h", "://h:1", "http://h:0", "http://h:1/path", "http://h:1?x", "a b:1"])
  func noProxies(text: String) {
    #expect(throws: ValueError.self) { try ProxyURL(text: text) }
  }
}
