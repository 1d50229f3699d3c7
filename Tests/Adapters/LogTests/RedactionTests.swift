import Log
import Testing

@Suite struct RedactionTests {
  @Test(arguments: [
    ("Authorization: Bearer abc.def-1", "Authorization: ***"),
    ("GET / with authorization: Basic dXNlcjpwYXNz\r\nHost: x", "GET / with authorization: ***\r\nHost: x"),
    ("Proxy-Authorization: Digest a, b", "Proxy-Authorization: ***"),
    ("Set-Cookie: sid=1; Path=/\nnext", "Set-Cookie: ***\nnext"),
    ("cookie=abc; rest", "cookie=***; rest"),
    ("sent Bearer abc.def again", "sent Bearer *** again"),
    ("http://user:pa55@host/path?q=1", "http://***@host/path?q=1"),
    ("https://only@host", "https://***@host"),
    ("http://host/a@b", "http://host/a@b"),
    ("GET /x?token=abc&page=2", "GET /x?token=***&page=2"),
    ("access_token=abc refresh-token=def", "access_token=*** refresh-token=***"),
    (#"{"password":"p\"w","user":"u"}"#, #"{"password":"***","user":"u"}"#),
    (#"{"api_key" : "k1", "n": 1}"#, #"{"api_key" : "***", "n": 1}"#),
    ("X-Amz-Signature=abc", "X-Amz-Signature=***"),
    ("password=", "password="),
    ("the password is wrong", "the password is wrong"),
    ("prompt_tokens=17 tokens: 4", "prompt_tokens=17 tokens: 4"),
    ("basic arithmetic", "basic ***"),
    ("plain", "plain"),
    ("", ""),
    ("://", "://"),
    ("ключ token=x", "ключ token=***"),
  ]) func masks(_ text: String, _ expected: String) {
    #expect(Redaction.masked(text) == expected)
  }

  @Test func fieldsOfSecretNamesAreMaskedWhole() {
    #expect(Redaction.masked(value: "a b c", of: "jwt-secret-key") == "***")
    #expect(Redaction.masked(value: "8080", of: "port") == "8080")
    #expect(Redaction.masked(value: "", of: "password") == "")
    #expect(Redaction.masked(value: "http://u:p@h/", of: "url") == "http://***@h/")
  }

  @Test func noRandomTextMakesItFailOrShowsThePassword() {
    let seed = UInt64.random(in: .min ... .max)
    var source = SplitMix(state: seed)
    let pieces = [
      "password", "=", ":", "\"", "'", " ", "\\", "://", "@", "Bearer", "cookie", "\r\n", "x", "é", "\u{2028}", "&",
    ]
    for _ in 0..<20_000 {
      let text = (0..<Int.random(in: 0...12, using: &source)).map { _ in
        pieces.randomElement(using: &source) ?? ""
      }.joined()
      let masked = Redaction.masked(text + "\npassword=hunter2")
      #expect(!masked.contains("password=hunter2") || text.contains("\"") || text.contains("'"), "seed \(seed)")
    }
  }
}

struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}
