import EventLoop
import Measuring
import Model
import Processes
import TestSupport
import Testing

/// What only libcurl does, against servers that are not ours.
@Suite(.timeLimit(.minutes(10))) struct TransportServersTests {
  static let certificates = Result { try TestCertificates() }

  /// Answers whatever did not come by HTTP/2 with 418.
  private static let onlyHTTP2 = """
    location / { if ($server_protocol != "HTTP/2.0") { return 418; } return 200 "ok\\n"; }
    location /large { if ($server_protocol != "HTTP/2.0") { return 418; } }
    """

  /// - Parameter port: who gets what asks for `/c`: nginx then reads bodies to their end before it answers.
  private static func nginx(tls: Bool, port: UInt16 = 1) throws -> Nginx {
    let files = try certificates.get()
    let server = "ssl_certificate \(files.certificate); ssl_certificate_key \(files.key);"
    return try Nginx(
      locations: onlyHTTP2 + "location /c { proxy_pass http://127.0.0.1:\(port); }",
      listen: tls ? "ssl http2" : "http2",
      server: tls ? server : "")
  }

  @Test(arguments: [true, false], [true, false]) func streamsShareAConnection(tls: Bool, open: Bool) throws {
    // Users spread evenly over the connections they are given.
    let connections = open ? 200 : 4
    let wanted = open ? 1 : 4
    let body = [UInt8](repeating: 0x62, count: 3_000)
    let behind = try RawServer { peer, server in
      while let request = server.request(peer) {
        peer.write(request.body == body ? RawServer.ok : "HTTP/1.1 400 B\r\nContent-Length: 0\r\n\r\n")
      }
    }
    let nginx = try Self.nginx(tls: tls, port: behind.port)
    let authority = try Self.certificates.get().authority
    let targets = [
      try Target.local(nginx.port, "/a", host: "localhost", tls: tls),
      try Target.local(nginx.port, "/b", method: "HEAD", host: "localhost", tls: tls),
      try Target.local(
        nginx.port, "/c", method: "POST", host: "localhost", tls: tls, body: body),
    ]
    let change: (inout AttackOptions) -> Void = {
      $0.transport.version = tls ? .http2 : .http2PriorKnowledge
      $0.transport.authorities = authority
    }
    let run = try Run(
      // A busy machine must not fill the first connection's 100 streams.
      open ? .open(targets, rate: 150, requests: 300, change) : .closed(targets, users: 8, requests: 300, change),
      connections: connections)
    behind.stop()
    let log = try nginx.finish()
    run.check(target: log.entries.count)
    #expect(run.requests.accepted == 300 && run.requests.resent == 0, "\(run.errors) \(run.causes) \(run.statuses)")
    #expect(log.entries.count == 300 && log.connections == wanted && run.opened == wanted)
    #expect(run.histograms.connect.count == UInt64(wanted) && run.http2 == 300)
  }

  /// The body's bytes are counted, and come whole over one stream or many.
  @Test func largeBodiesOverHTTP2() throws {
    let nginx = try Self.nginx(tls: false)
    let size = 3 << 20
    try nginx.folder.write("www/large", String(repeating: "x", count: size))
    let run = try Run(
      .closed([.local(nginx.port, "/large")], users: 4, requests: 48) {
        $0.transport.version = .http2PriorKnowledge
      })
    let log = try nginx.finish()
    run.check(target: log.entries.count)
    #expect(run.requests.accepted == 48, "\(run.errors) \(run.statuses)")
    #expect(run.requests.bytesIn > UInt64(48 * size) && run.requests.bytesIn < UInt64(48 * size + 48_000))
  }

  /// Where the server does not agree to HTTP/2, HTTP/1.1 is spoken.
  @Test func aServerWithoutHTTP2IsSpokenToAsItIs() throws {
    let files = try Self.certificates.get()
    let nginx = try Nginx(
      listen: "ssl", server: "ssl_certificate \(files.certificate); ssl_certificate_key \(files.key);")
    let run = try Run(
      .closed([.local(nginx.port, host: "localhost", tls: true)], users: 2, requests: 20) {
        $0.transport.version = .http2
        $0.transport.authorities = files.authority
      })
    let log = try nginx.finish()
    run.check(target: log.entries.count)
    #expect(run.requests.accepted == 20 && log.entries.count == 20, "\(run.errors) \(run.causes)")
    #expect(run.http2 == 0, "what was asked for is not what was spoken")
  }

  /// Each reply counts by what it came by: a redirect leads from a server with HTTP/2 to one without.
  @Test func someAgreeToHTTP2() throws {
    let files = try Self.certificates.get()
    let server = "ssl_certificate \(files.certificate); ssl_certificate_key \(files.key);"
    let old = try Nginx(listen: "ssl", server: server)
    let new = try Nginx(
      locations: "location / { return 302 https://localhost:\(old.port)/there; }", listen: "ssl http2", server: server)
    let run = try Run(
      .closed([.local(new.port, host: "localhost", tls: true)], users: 2, requests: 10) {
        $0.transport.version = .http2
        $0.transport.authorities = files.authority
      })
    let count = (try new.finish().entries + old.finish().entries).count
    run.check(target: count)
    #expect(run.requests.accepted == 10 && run.requests.redirected == 10 && run.http2 == 10, "\(run.causes)")
  }

  /// A server that knows only HTTP/1.1 answers the preface of HTTP/2 with something else.
  @Test func priorKnowledgeThatIsWrongIsSaid() throws {
    let nginx = try Nginx()
    let run = try Run(
      .closed([.local(nginx.port)], users: 2, requests: 4) { $0.transport.version = .http2PriorKnowledge })
    run.check()
    #expect(run.errors(.malformed) + run.errors(.reset) == 4, "\(run.errors) \(run.causes)")
    _ = try nginx.finish()
  }

  @Test(arguments: [TransportOptions.Engine.native, .curl]) func authoritiesAndClientCertificates(
    engine: TransportOptions.Engine
  ) throws {
    let files = try Self.certificates.get()
    let own = try ClientCertificate(files)
    let nginx = try Nginx(
      listen: "ssl",
      server: """
        ssl_certificate \(files.certificate); ssl_certificate_key \(files.key);
        ssl_client_certificate \(files.authority); ssl_verify_client on;
        """)
    func run(_ change: (inout AttackOptions) -> Void) throws -> Run {
      try Run(
        .closed([.local(nginx.port, host: "localhost", tls: true)], users: 2, requests: 20) {
          $0.transport.engine = engine
          change(&$0)
        })
    }
    let shown = try run {
      $0.transport.authorities = files.authority
      $0.transport.clientCertificate = own.certificate
      $0.transport.clientKey = own.key
    }
    shown.check()
    #expect(shown.requests.accepted == 20, "\(shown.errors) \(shown.causes) \(shown.statuses)")
    // nginx answers those who show none with 400.
    let none = try run { $0.transport.authorities = files.authority }
    none.check()
    #expect(none.statuses == [400: 20], "\(none.errors) \(none.causes)")
    let unknown = try run { _ in }
    unknown.check()
    #expect(unknown.errors == [.tls: 20], "\(unknown.causes)")
    _ = try nginx.finish()
  }

  @Test(arguments: [TransportOptions.Engine.native, .curl], ["TLSv1.2", "TLSv1.3"]) func eitherVersionOfTLS(
    engine: TransportOptions.Engine, version: String
  ) throws {
    let files = try Self.certificates.get()
    let nginx = try Nginx(
      listen: "ssl",
      server: "ssl_certificate \(files.certificate); ssl_certificate_key \(files.key); ssl_protocols \(version);")
    let run = try Run(
      .closed([.local(nginx.port, host: "localhost", tls: true)], users: 2, requests: 40) {
        $0.transport.engine = engine
        $0.transport.authorities = files.authority
      })
    let log = try nginx.finish()
    run.check(target: log.entries.count)
    #expect(run.requests.accepted == 40 && log.entries.count == 40, "\(run.errors) \(run.causes)")
  }

  @Test(arguments: [TransportOptions.Engine.native, .curl]) func overIPv6(engine: TransportOptions.Engine) throws {
    let port = try LocalPort.free()
    let nginx = try Nginx(server: "listen [::1]:\(port);")
    let run = try Run(
      .open([.local(port, host: "[::1]")], rate: 400, requests: 40) { $0.transport.engine = engine })
    let log = try nginx.finish()
    run.check(target: log.entries.count)
    #expect(run.requests.accepted == 40 && log.entries.count == 40, "\(run.errors) \(run.causes)")
  }

  @Test func filesThatCanNotBeUsedAreSaidBeforeTheStart() throws {
    let files = try Self.certificates.get()
    for change: (inout TransportOptions) -> Void in [
      { $0.authorities = "/nowhere/ca.pem" }, { $0.clientCertificate = files.key },
      {
        $0.clientCertificate = files.certificate
        $0.clientKey = files.folder + "/ca.key"
      },
    ] {
      #expect(throws: EngineErrorNamingAFile.self) {
        do {
          _ = try Run(.closed([.local(1, tls: true)]) { change(&$0.transport) })
        } catch { throw EngineErrorNamingAFile("\(error)") }
      }
    }
  }

  @Test func aUnixSocketStandsForEveryHost() throws {
    let folder = try TemporaryFolder("socket")
    let nginx = try Nginx(server: "listen unix:\(folder.file("s"));")
    let targets = [
      try Target.local(80, "/a", host: "nowhere.invalid"), try Target.local(81, "/b", host: "also.invalid"),
    ]
    let run = try Run(
      .open(targets, rate: 500, requests: 60) { $0.transport.unixSocket = folder.file("s") })
    let log = try nginx.finish()
    run.check(target: log.entries.count)
    #expect(run.requests.accepted == 60 && log.entries.count == 60, "\(run.errors) \(run.causes)")
    let gone = try Run(.closed(targets, requests: 4) { $0.transport.unixSocket = folder.file("none") })
    gone.check()
    #expect(gone.errors == [.connect: 4], "\(gone.causes)")
    #expect(gone.causes[.connect]?.hasSuffix("none: No such file or directory") == true, "\(gone.causes)")
  }
}

private struct EngineErrorNamingAFile: Error {
  init(_ text: String) { #expect(text.contains("TLS: /"), "\(text)") }
}
