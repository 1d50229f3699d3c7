import Model
import Testing

@Suite struct TargetURLTests {
  @Test(
    arguments: [
      ("http://localhost:8080/path", false, "localhost", 8080, "/path"),
      ("https://Example.COM", true, "example.com", 443, "/"),
      ("HTTP://example.com?q=1", false, "example.com", 80, "/?q=1"),
      ("http://h/a?b#c", false, "h", 80, "/a?b"),
      ("http://h#c/d", false, "h", 80, "/"),
      ("http://h:/x", false, "h", 80, "/x"),
      ("http://[::1]:81/", false, "::1", 81, "/"),
      ("https://[2001:DB8::7]", true, "2001:db8::7", 443, "/"),
      ("http://127.0.0.1:65535", false, "127.0.0.1", 65_535, "/"),
      ("http://a_b-c.d./", false, "a_b-c.d.", 80, "/"),
      ("http://h/a@b:c//[d]", false, "h", 80, "/a@b:c//[d]"),
      ("http://h/%20%C3%A4", false, "h", 80, "/%20%C3%A4"),
    ] as [(String, Bool, String, UInt16, String)])
  func reads(_ text: String, _ isTLS: Bool, _ host: String, _ port: UInt16, _ target: String) throws {
    let url = try TargetURL(text: text)
    #expect(url.isTLS == isTLS && url.host == host && url.port == port && url.target == target)
    #expect(try TargetURL(text: url.description) == url)
  }

  @Test(arguments: [
    ("", "a URL such as http://localhost:8080/path"), ("localhost:8080", "a URL such as http://localhost:8080/path"),
    ("ftp://h/", "a URL such as http://localhost:8080/path"), ("http:/h", "a URL such as http://localhost:8080/path"),
    ("http:/\u{301}/h", "a URL such as http://localhost:8080/path"),
    ("http://169.254.169.254./", "an address without a dot behind it"),
    ("http://", "a host name after '//'"), ("http:///path", "a host name after '//'"),
    ("http://:80/", "a host name after '//'"),
    ("http://::1/", "a host name after '//'"),
    ("http://h/a b", "a URL without blanks or control characters (write %20 for a blank)"),
    ("http://h/a\r\nX: y", "a URL without blanks or control characters (write %20 for a blank)"),
    ("http://h\u{0}/", "a URL without blanks or control characters (write %20 for a blank)"),
    ("http://h/\u{7F}", "a URL without blanks or control characters (write %20 for a blank)"),
    ("http://h/ä", "an ASCII URL: other characters percent-encoded, international names in their xn-- form"),
    (
      "http://bücher.example/", "an ASCII URL: other characters percent-encoded, international names in their xn-- form"
    ),
    ("http://u:p@h/", "a URL without user and password (use an Authorization header)"),
    ("http://[::1/", "a ']' after the IPv6 address"), ("http://[::1]x/", "a port or a path after the ']'"),
    ("http://[1.2.3.4]/", "an IPv6 address between the brackets"),
    ("http://[fe80::1%eth0]/", "an IPv6 address between the brackets"),
    ("http://[]/", "an IPv6 address between the brackets"),
    ("http://h\\x/", "a host name of letters, digits, '-', '_' and '.'"),
    ("http://h*/", "a host name of letters, digits, '-', '_' and '.'"),
    ("http://h:0/", "a port from 1 to 65535"), ("http://h:65536/", "a port from 1 to 65535"),
    ("http://h:+80/", "a port from 1 to 65535"), ("http://h:8x/", "a port from 1 to 65535"),
    ("http://h:1:2/", "a port from 1 to 65535"), ("http://[::1]:x/", "a port from 1 to 65535"),
  ])
  func refuses(_ text: String, _ expected: String) {
    let error = #expect(throws: ValueError.self) { try TargetURL(text: text) }
    #expect(error?.found == (text.isEmpty ? "nothing" : "'\(text)'"))
    #expect(error?.expected == expected)
  }

  @Test(arguments: [
    ("http://h/", "h", "http://h"), ("http://h:8080/", "h:8080", "http://h:8080"),
    ("https://h:443/x", "h", "https://h"),
    ("http://h:443/", "h:443", "http://h:443"), ("https://[::1]:8443/", "[::1]:8443", "https://[::1]:8443"),
    ("http://[::1]/", "[::1]", "http://[::1]"),
  ])
  func itsOriginSharesConnections(_ text: String, _ authority: String, _ description: String) throws {
    let origin = try TargetURL(text: text).origin
    #expect(origin.authority == authority)
    #expect(origin.description == description)
    #expect(try TargetURL(text: text + "other").origin == origin)
  }
}
