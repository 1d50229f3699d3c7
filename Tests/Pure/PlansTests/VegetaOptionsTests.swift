import Model
import Plans
import Testing

@Suite struct VegetaOptionsTests {
  private func read(_ text: String) throws(PlanError) -> VegetaOptions {
    try VegetaOptions.read(Array(text.utf8), file: "--vegeta-options")
  }

  @Test func whatCanBeHonoured() throws {
    let options = try read(
      #"""
      {"timeout": 5, "duration": "1m", "rate": "100/m", "keepalive": false, "insecure": true, "http2": false,
       "redirects": -1, "max-connections": 30, "max-workers": 20, "name": "n", "header": {"A": ["1", "2"]},
       "lazy": false, "h2c": false, "chunked": false, "session-tickets": false, "max-body": -1}
      """#)
    var expected = PlanOverrides()
    expected.timeout = .seconds(5)
    expected.load = LoadChoice(rate: try Rate(text: "100/m"), duration: .seconds(60))
    expected.keepAlive = false
    expected.insecureTLS = true
    expected.connections = 20
    expected.name = "n"
    expected.redirects = 0
    expected.headers = [Header("A", "1"), Header("A", "2")]
    #expect(options.overrides == expected)
    #expect(options.warnings == [])
    #expect(try read("{}").overrides == PlanOverrides())
  }

  @Test func secondsWhereNoUnitIsGiven() throws {
    #expect(try read(#"{"timeout": 1.5}"#).overrides.timeout == .milliseconds(1500))
    #expect(try read(#"{"timeout": "5"}"#).overrides.timeout == .seconds(5))
    #expect(try read(#"{"timeout": "250ms"}"#).overrides.timeout == .milliseconds(250))
  }

  @Test func theLastOfTwo() throws {
    let options = try read(#"{"timeout": "bad", "keepalive": true, "timeout": 3}"#)
    #expect(options.overrides.timeout == .seconds(3))
    #expect(
      options.warnings.map(\.description)
        == ["--vegeta-options:1:39: warning: timeout: given twice; the last one counts"])
  }

  @Test func asFastAsWorkersAllow() throws {
    #expect(try read(#"{"rate": 0, "max-workers": 8}"#).overrides.load == LoadChoice(users: 8))
  }

  @Test func taken() throws {
    let options = try read(#"{"connections": 100, "workers": 10, "max-connections": 0}"#)
    #expect(options.overrides.connections == 100)
    #expect(
      options.warnings.map(\.message) == [
        "taken as the most connections in all, not only as the most idle ones",
        "not needed here: requests do not wait for workers",
      ])
  }

  @Test(arguments: [
    ("[]", #"1:1: found an empty list, expected an object such as {"timeout": "5s"}"#),
    ("{", "1:2: found the end of the text, expected a key in quotes or '}'"),
    (#"{"timeout": 0}"#, "1:13: timeout: found 0, expected more than zero"),
    (#"{"timeout": "soon"}"#, "1:13: timeout: found 'soon', expected a duration such as 10s, 250ms, 2m or 1h30m"),
    (#"{"timeout": -5}"#, "1:13: timeout: found -5, expected a duration such as 10s, 250ms, 2m or 1h30m"),
    (#"{"keepalive": "no"}"#, "1:15: keepalive: found 'no', expected true or false"),
    (#"{"http2": 1}"#, "1:11: http2: found 1, expected true or false"),
    (#"{"redirects": -2}"#, "1:15: redirects: found -2, expected a whole number of at least 0"),
    (#"{"max-body": 100}"#, "1:14: max-body: found 100, expected -1: replies are read to their end, and not kept"),
    (#"{"lazy": true}"#, "1:10: lazy: found true, expected false: targets are read before the run"),
    (#"{"rate": 0}"#, "1:10: rate: found 0, expected max-workers beside it (or a rate above zero)"),
    (#"{"max-workers": 0}"#, "1:17: max-workers: found 0, expected a whole number of at least 1"),
    (#"{"laddr": "::1"}"#, "1:2: laddr: this option is not in this version"),
    (#"{"time-out": 5}"#, "1:2: time-out: unknown option; did you mean 'timeout'?"),
    (#"{"maxWorkers": 5}"#, "1:2: maxWorkers: unknown option; did you mean 'max-workers'?"),
    (#"{"name": "a/b"}"#, "1:10: name: found 'a/b', expected 1 to 100 characters without '/' and control characters"),
    (#"{"header": ["A"]}"#, "1:13: header[0]: found no header name, expected a header such as 'Accept: text/html'"),
  ])
  func refused(text: String, expected: String) {
    #expect(message { () throws(PlanError) in _ = try read(text) } == "--vegeta-options:" + expected)
  }

  @Test func howRequestsAreCarried() throws {
    var wanted = TransportOverrides()
    wanted.version = .http2
    wanted.clientCertificate = "c.pem"
    wanted.clientKey = "k.pem"
    wanted.authorities = "ca.pem"
    wanted.unixSocket = "/s"
    let read = try read(
      #"{"http2": true, "cert": "c.pem", "key": "k.pem", "root-certs": "ca.pem", "unix-socket": "/s", "h2c": false}"#)
    #expect(read.overrides.transport == wanted)
    wanted = TransportOverrides()
    wanted.version = .http2PriorKnowledge
    #expect(try self.read(#"{"h2c": true, "http2": false}"#).overrides.transport == wanted)
  }

  @Test func everyOptionOfVegetaIsAnswered() {
    let all = [
      "body", "cert", "chunked", "connections", "duration", "format", "h2c", "header", "http2", "insecure", "keepalive",
      "key",
      "laddr", "lazy", "max-body", "max-connections", "max-workers", "name", "output", "rate", "redirects",
      "root-certs",
      "targets", "timeout", "unix-socket", "workers", "connect-to", "dns-ttl", "resolvers", "proxy-header",
      "prometheus-addr", "session-tickets",
    ]
    for option in all {
      let text = message { () throws(PlanError) in _ = try read(#"{"\#(option)": {}}"#) }
      #expect(!text.contains("unknown"), "\(text)")
    }
  }
}
