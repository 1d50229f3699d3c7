import EventLoop
import Model
import Processes
import RPC
import TestSupport
import Testing
import Wire

/// The same over TLS.
@Suite struct TLSLinkTests {
  static let certificates = Result { try TestCertificates() }

  private func hub(
    _ answer: @escaping @Sendable (Hub.Event, Hub) -> Void = { _, _ in }
  ) throws -> HubProbe {
    let files = try TLSLinkTests.certificates.get()
    var settings = HubProbe.settings()
    settings.tls = HubSettings.Certificate(chain: files.certificate, key: files.key)
    return try HubProbe(settings, answer: answer)
  }

  private func link(to probe: HubProbe, _ trust: LinkSettings.Trust?) throws -> LinkProbe {
    var settings = LinkProbe.settings(probe.address.port)
    settings.tls = trust
    return try LinkProbe(settings)
  }

  @Test func longMessagesGoBothWays() throws {
    let probe = try hub { event, hub in
      if case .message(let peer, let message, let request, _) = event { hub.send(message, request: request, to: peer) }
    }
    let link = try link(to: probe, LinkSettings.Trust(authorities: TLSLinkTests.certificates.get().authority))
    try link.welcomed()
    let nobody = Identifier(high: 0, low: 0)
    let record = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
    let message = Message.progress(Progress(run: nobody, incarnation: nobody, record: record))
    for request: UInt64 in 1...3 { #expect(link.link.send(message, request: request)) }
    let back = try link.wait(for: "three") { events -> [UInt64]? in
      let all = events.compactMap { event -> UInt64? in
        guard case .message(message, let request, _) = event else { return nil }
        return request
      }
      return all.count == 3 ? all : nil
    }
    #expect(back == [1, 2, 3])
  }

  @Test func anotherAuthoritysCertificateIsRefused() throws {
    let probe = try hub()
    let other = try TestCertificates()
    let link = try link(to: probe, LinkSettings.Trust(authorities: other.authority))
    #expect(try link.lost().contains("certificate verify failed"))
    #expect(try probe.turnedAway().hasPrefix("TLS: "))
    #expect(!probe.events.contains { if case .joined = $0 { true } else { false } })
  }

  @Test func anotherHostsCertificateIsRefused() throws {
    let probe = try hub()
    let authority = try TLSLinkTests.certificates.get().authority
    let link = try link(to: probe, LinkSettings.Trust(authorities: authority, name: "master.example.org"))
    #expect(try link.lost().hasSuffix("certificate verify failed: hostname mismatch"))
  }

  @Test func plaintextToATLSPortIsTold() throws {
    let probe = try hub()
    let link = try link(to: probe, nil)
    #expect(try link.lost().contains("does it expect TLS? then give --rpc-tls-ca"))
    #expect(try probe.turnedAway().hasPrefix("TLS: "))
  }

  @Test func tlsToAPlaintextPortIsTold() throws {
    let probe = try HubProbe()
    let link = try link(to: probe, LinkSettings.Trust(authorities: TLSLinkTests.certificates.get().authority))
    #expect(try link.lost().contains("wrong version number"))
    #expect(try probe.turnedAway().hasPrefix("malformed: frame: found a length of "))
  }

  @Test func anOlderTLSIsRefused() throws {
    let probe = try hub()
    let script = "openssl s_client -tls1_2 -connect 127.0.0.1:\(probe.address.port) </dev/null 2>&1"
    let finished = try ChildProcess.run(Command("/bin/sh", ["-c", script]), within: .seconds(60))
    #expect(!finished.exit.isSuccess)
    #expect(finished.text.contains("protocol version"))
    #expect(try probe.turnedAway().contains("unsupported protocol"))
  }

  @Test func filesThatCantBeUsedAreNamed() throws {
    var settings = HubProbe.settings()
    settings.tls = HubSettings.Certificate(chain: "/nonexistent.pem", key: "/nonexistent.key")
    do {
      _ = try HubProbe(settings)
      Issue.record("started")
    } catch { #expect("\(error)".hasPrefix("/nonexistent.pem: expected a certificate chain in PEM form")) }
    var asking = LinkProbe.settings(1)
    asking.tls = LinkSettings.Trust(authorities: "/nonexistent.pem")
    do {
      _ = try LinkProbe(asking)
      Issue.record("started")
    } catch { #expect("\(error)".hasPrefix("/nonexistent.pem: ")) }
  }
}
