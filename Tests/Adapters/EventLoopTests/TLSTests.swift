import CLinux
import EventLoop
import Glibc
import TestSupport
import Testing

@Suite struct TLSTests {
  static let certificates = Result { try TestCertificates() }

  /// Two sessions on a socket pair, driven in turn on one thread.
  final class Pair {
    let client: TLSSession
    let server: TLSSession
    let descriptors: (client: Int32, server: Int32)

    init(client context: TLSContext, host: String) throws {
      let files = try TLSTests.certificates.get()
      let serverContext = try TLSContext(serverCertificates: files.certificate, key: files.key)
      descriptors = try TLSTests.socketPair()
      client = try TLSSession(clientOf: context, descriptor: descriptors.client, host: host)
      server = try TLSSession(serverOf: serverContext, descriptor: descriptors.server)
    }

    /// Drives both handshakes until neither moves; what each said last.
    func handshake() -> (client: TLSSession.Handshake, server: TLSSession.Handshake) {
      var last = (client.handshake(), server.handshake())
      for _ in 0..<10 {
        if case .failed = last.0 {} else { last.0 = client.handshake() }
        if case .failed = last.1 {} else { last.1 = server.handshake() }
      }
      return last
    }

    deinit {
      client.free()
      server.free()
      Socket.close(descriptors.client)
      Socket.close(descriptors.server)
    }
  }

  static func socketPair() throws -> (Int32, Int32) {
    var pair: [Int32] = [0, 0]
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    if socketpair(AF_UNIX, kind, 0, &pair) != 0 { throw SystemError("socketpair", code: errno) }
    return (pair[0], pair[1])
  }

  static func write(_ text: String, to session: TLSSession) -> TLSSession.Transfer {
    Array(text.utf8).withUnsafeBytes { session.write($0) }
  }

  static func read(_ session: TLSSession) -> (TLSSession.Transfer, String) {
    withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 1) { buffer in
      let outcome = session.read(into: buffer)
      guard case .bytes(let count) = outcome else { return (outcome, "") }
      return (outcome, String(decoding: buffer[..<count], as: UTF8.self))
    }
  }

  @Test(arguments: ["localhost", "127.0.0.1", "::1", "[::1]"])
  func aTrustedCertificateIsAcceptedForItsNames(_ host: String) throws {
    let pair = try Pair(client: TLSContext(clientTrusting: TLSTests.certificates.get().authority), host: host)
    let ends = pair.handshake()
    #expect(ends.client == .done && ends.server == .done)
    #expect(pair.client.version == "TLSv1.3")
    #expect(TLSTests.write("ping", to: pair.client) == .bytes(4))
    #expect(TLSTests.read(pair.server) == (.bytes(4), "ping"))
    #expect(TLSTests.read(pair.server) == (.wantsRead, ""))
  }

  @Test(arguments: [
    ("example.org", "certificate verify failed: hostname mismatch"),
    ("127.0.0.2", "certificate verify failed: IP address mismatch"),
  ])
  func anotherNameIsRefused(_ host: String, _ text: String) throws {
    let pair = try Pair(client: TLSContext(clientTrusting: TLSTests.certificates.get().authority), host: host)
    let ends = pair.handshake()
    #expect(ends.client == .failed(TLSFault(.certificate, text)))
    guard case .failed = ends.server else {
      Issue.record("the server must hear of the refusal, not \(ends.server)")
      return
    }
  }

  @Test func theSystemsAuthoritiesDoNotKnowOurs() throws {
    let pair = try Pair(client: TLSContext(), host: "localhost")
    let fault = TLSFault(.certificate, "certificate verify failed: unable to get local issuer certificate")
    #expect(pair.handshake().client == .failed(fault))
  }

  @Test func theInsecureSwitchAcceptsAnything() throws {
    let pair = try Pair(client: TLSContext(verifies: false), host: "example.org")
    #expect(pair.handshake() == (.done, .done))
  }

  @Test func manyRecordsAreReadWithoutReadiness() throws {
    let pair = try Pair(client: TLSContext(verifies: false), host: "localhost")
    #expect(pair.handshake() == (.done, .done))
    for _ in 0..<3 { #expect(TLSTests.write("abc", to: pair.client) == .bytes(3)) }
    #expect(TLSTests.read(pair.server).1 == "abc")
    // The other records were read from the socket with the first one, so no poller would tell of them.
    #expect(pair.server.hasPending)
    #expect(TLSTests.read(pair.server).1 == "abc")
    #expect(TLSTests.read(pair.server).1 == "abc")
    #expect(!pair.server.hasPending)
  }

  @Test func aFullSocketWantsWriteAndTakesTheSameBytesFromElsewhere() throws {
    let pair = try Pair(client: TLSContext(verifies: false), host: "localhost")
    #expect(pair.handshake() == (.done, .done))
    let text = String(repeating: "x", count: 16_384)
    var sent = 0
    while case .bytes(let count) = TLSTests.write(text, to: pair.client) { sent += count }
    #expect(TLSTests.write(text, to: pair.client) == .wantsWrite)
    var received = 0
    while received < sent {
      let (outcome, part) = TLSTests.read(pair.server)
      if outcome == .wantsRead { break }
      received += part.utf8.count
    }
    #expect(TLSTests.write(text, to: pair.client) == .bytes(16_384))
  }

  @Test func endsAreToldApart() throws {
    let proper = try Pair(client: TLSContext(verifies: false), host: "localhost")
    #expect(proper.handshake() == (.done, .done))
    #expect(proper.client.shutdown())
    #expect(TLSTests.read(proper.server).0 == .closed)

    let cut = try Pair(client: TLSContext(verifies: false), host: "localhost")
    #expect(cut.handshake() == (.done, .done))
    Socket.shutdownWriting(cut.descriptors.client)
    #expect(TLSTests.read(cut.server).0 == .truncated)
  }

  @Test func plaintextIsRefused() throws {
    let pair = try Pair(client: TLSContext(verifies: false), host: "localhost")
    let hello = Array("GET / HTTP/1.1\r\n\r\n".utf8)
    #expect(hello.withUnsafeBytes { Socket.send(pair.descriptors.client, $0.baseAddress!, $0.count) } == 18)
    #expect(pair.server.handshake() == .failed(TLSFault(.handshake, "http request")))
  }

  @Test func settingsSayWhichFileAndWhy() throws {
    let files = try TLSTests.certificates.get()
    #expect(
      throws: TLSFault(
        .settings, "/nonexistent.pem: expected a certificate chain in PEM form: No such file or directory")
    ) {
      try TLSContext(serverCertificates: "/nonexistent.pem", key: files.key)
    }
    #expect(throws: TLSFault(.settings, "\(files.key): expected a certificate chain in PEM form: no start line")) {
      try TLSContext(serverCertificates: files.key, key: files.key)
    }
    let other = files.folder + "/ca.key"
    #expect(throws: TLSFault.self) { try TLSContext(serverCertificates: files.certificate, key: other) }
    #expect(throws: TLSFault.self) { try TLSContext(clientTrusting: "/nonexistent.pem") }
    #expect(throws: TLSFault.self) {
      try TLSSession(clientOf: TLSContext(), descriptor: 0, host: "")
    }
  }
}
