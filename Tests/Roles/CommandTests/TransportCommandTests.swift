import TestSupport
import Testing

/// Which HTTP was spoken, and by what way, as a person sees it.
@Suite struct TransportCommandTests {
  /// `http_proxy` and its kin are not obeyed: nobody listens where they point.
  @Test(arguments: ["native", "curl"]) func variablesOfProxiesAreNotRead(engine: String) throws {
    let target = try DemoTarget()
    let folder = try TemporaryFolder("proxies")
    let nowhere = "http://127.0.0.1:\(try LocalPort.free())"
    var environment: [String: String] = [:]
    for name in ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
      environment[name] = nowhere
    }
    let done = try Stampede.run(
      ["attack", "--engine", engine, "-n", "10", "--rate", "100/s", target.url], directory: folder.path,
      environment: environment)
    #expect(done.exit == .code(0) && done.text.contains("Totals: 10 requests, 100 % success"), "\(done.text)")
  }

  /// A server that does not agree to HTTP/2 is spoken to by HTTP/1.1, and that is said and counted.
  @Test(arguments: [false, true]) func whatWasSpokenIsSaid(isHTTP2: Bool) throws {
    let files = try TestCertificates()
    let nginx = try Nginx(
      listen: isHTTP2 ? "ssl http2" : "ssl",
      server: "ssl_certificate \(files.certificate); ssl_certificate_key \(files.key);")
    let folder = try TemporaryFolder("spoken")
    let done = try Stampede.run(
      [
        "attack", "--http2", "--cacert", files.authority, "-n", "20", "--rate", "100/s",
        "https://localhost:\(nginx.port)/", "--out", "r.json",
      ], directory: folder.path)
    _ = try nginx.finish()
    #expect(done.exit == .code(0), "\(done.errorText)")
    let wanted =
      isHTTP2 ? "HTTP/2: all 20 replies" : "HTTP/1.1: all 20 replies, for the target did not agree to HTTP/2"
    #expect(done.text.split(separator: "\n").contains { $0 == wanted }, "\(done.text)")
    #expect(try folder.read("r.json").contains("\"http2\": \(isHTTP2 ? 20 : 0)"))
    // From the records alone, too.
    let run = try #require(RunCommandTests.runs(folder).first)
    let again = try Stampede.run(["report", "runs/\(run)"], directory: folder.path)
    #expect(again.text.contains(wanted))
  }

  /// A proxy that has no address is said before anything is sent.
  @Test func aProxyThatIsNowhere() throws {
    let folder = try TemporaryFolder("nowhere")
    let done = try Stampede.run(
      ["attack", "-n", "5", "--proxy", "http://no-such-proxy.invalid:3128", "http://127.0.0.1:1/"],
      directory: folder.path)
    #expect(done.exit != .code(0) && done.errorText.contains("proxy no-such-proxy.invalid:3128: cannot resolve"))
    #expect(!done.text.contains("Totals"), "\(done.text)")
  }
}
