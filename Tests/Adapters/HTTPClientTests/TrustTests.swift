import EventLoop
import HTTPClient
import HTTPServer
import Model
import TestSupport
import Testing

/// Certificates are verified, and the environment's proxies are nobody's business.
@Suite struct TrustTests {
  private func withServer(tls: Bool = true, _ body: (UInt16, TestCertificates) throws -> Void) throws {
    let certificates = try TestCertificates()
    var settings = Server.Settings(addresses: [SocketAddress(.v4(0x7F00_0001), port: 0)])
    if tls { settings.tls = Server.Certificate(chain: certificates.certificate, key: certificates.key) }
    var router = Router()
    router.on(.get, "/") { _ in .now(.text("trusted")) }
    let server = Server(name: "tls", settings, router: router)
    let port = try #require(try server.start().first).port
    defer {
      server.abort()
      server.wait()
    }
    try body(port, certificates)
  }

  @Test func onlyTheAuthorityGivenIsTrustedAndOnlyForItsHosts() throws {
    try withServer { port, certificates in
      let call = Call(.get, try TargetURL(text: "https://localhost:\(port)/"))
      let error = try ClientTests.error(call)
      #expect(error.cause == .untrusted)
      let client = ClientTests.client { $0.authorities = certificates.authority }
      #expect(try client.perform(call).body == Array("trusted".utf8))
      let other = try ClientTests.error(Call(.get, try TargetURL(text: "https://127.0.0.2:\(port)/")), client)
      #expect([.untrusted, .notConnected].contains(other.cause))
      let missing = ClientTests.client { $0.authorities = "/no/such.pem" }
      let unreadable = try ClientTests.error(call, missing)
      #expect(unreadable.cause == .unusable)
      #expect(unreadable.text.contains("/no/such.pem"))
    }
  }

  @Test func plainAndTLSAreToldApart() throws {
    try withServer(tls: false) { port, _ in
      let error = try ClientTests.error(Call(.get, try TargetURL(text: "https://127.0.0.1:\(port)/")))
      #expect(error.cause == .tls)
      #expect(error.text.contains("http://"))
    }
    try withServer { port, _ in
      let call = Call(.get, try TargetURL(text: "http://127.0.0.1:\(port)/"))
      #expect([.brokenOff, .malformed].contains(try ClientTests.error(call).cause))
    }
  }
}
