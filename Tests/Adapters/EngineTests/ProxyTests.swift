import EventLoop
import Glibc
import Measuring
import Model
import TestSupport
import Testing

@testable import Engine

/// Through proxies of each kind, plain and TLS: counts, credentials, names, and the target policy.
@Suite(.timeLimit(.minutes(10))) struct ProxyTests {
  static let redirected = "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: "

  private static func nginx(tls: Bool) throws -> Nginx {
    let files = try TransportServersTests.certificates.get()
    return try Nginx(
      listen: tls ? "ssl" : "",
      server: tls ? "ssl_certificate \(files.certificate); ssl_certificate_key \(files.key);" : "")
  }

  private static func options(_ proxy: Proxy, _ user: String? = nil) throws -> (inout AttackOptions) -> Void {
    let authority = try TransportServersTests.certificates.get().authority
    return {
      $0.transport.proxy = proxy.url(user)
      $0.transport.authorities = authority
    }
  }

  @Test(arguments: Proxy.Kind.allCases, [false, true]) func aProxyIsGoneThrough(kind: Proxy.Kind, tls: Bool) throws {
    let isUsed = kind != .socks4a
    let proxy = try Proxy(kind, isUsed ? ["--user", "me:secret"] : [])
    let nginx = try Self.nginx(tls: tls)
    let options = try Self.options(proxy, isUsed ? "me:secret" : "me")
    let target = try Target.local(nginx.port, "/x?y=1", host: "localhost", tls: tls)
    let run = try Run(.closed([target], users: 2, requests: 30, options))
    let log = try nginx.finish()
    let (asked, _) = try proxy.stop()
    run.check(target: log.entries.count)
    #expect(run.requests.accepted == 30 && log.countsByPath == ["/x": 30], "\(run.errors) \(run.causes)")
    let isWhole = !tls && (kind == .http || kind == .https)
    let place = kind.looksUp ? "localhost" : "127.0.0.1"
    let wanted =
      isWhole ? "GET http://localhost:\(nginx.port)/x?y=1" : "\(kind.word) \(place):\(nginx.port)"
    let user = isUsed ? "me:secret" : "me"
    // An address of a name is either family's.
    let other = "\(kind.word) 0000:0000:0000:0000:0000:0000:0000:0001:\(nginx.port)"
    #expect(!asked.isEmpty && asked.allSatisfy { $0 == "\(wanted) \(user)" || $0 == "\(other) \(user)" }, "\(asked)")
    // Requests share what was opened.
    if !isWhole { #expect(asked.count == run.opened && run.opened == 2) }
    #expect(run.histograms.connect.count == UInt64(run.opened))
  }

  /// HTTP/2 inside a tunnel.
  @Test(arguments: [Proxy.Kind.http, .socks5h]) func http2ThroughAProxy(kind: Proxy.Kind) throws {
    let proxy = try Proxy(kind)
    let nginx = try Nginx(
      locations: "location / { if ($server_protocol != \"HTTP/2.0\") { return 418; } return 200 \"ok\"; }",
      listen: "http2")
    let run = try Run(
      .closed([.local(nginx.port)], users: 4, requests: 40) {
        $0.transport.version = .http2PriorKnowledge
        $0.transport.proxy = proxy.url()
      })
    let log = try nginx.finish()
    _ = try proxy.stop()
    run.check(target: log.entries.count)
    #expect(run.requests.accepted == 40, "\(run.statuses) \(run.causes)")
  }

  /// One user asks for both by turns: each request is what it is, whatever its handle was used for before.
  @Test func plainAndTunnelledByTurns() throws {
    let proxy = try Proxy(.http)
    let (plain, sealed) = (try Self.nginx(tls: false), try Self.nginx(tls: true))
    var plan = Plan.closed(
      [try .local(plain.port, "/plain"), try .local(sealed.port, "/sealed", host: "localhost", tls: true)],
      requests: nil, duration: .seconds(30), try Self.options(proxy))
    plan.load.iterations = 10
    plan.scenarios = [Scenario(name: "both", steps: [Step(target: 0), Step(target: 1)])]
    // One place for an exchange: its handle carries both.
    let run = try Run(plan, connections: 1)
    let logs = (try plain.finish(), try sealed.finish())
    let (asked, _) = try proxy.stop()
    run.check(target: logs.0.entries.count + logs.1.entries.count)
    #expect(logs.0.countsByPath == ["/plain": 10] && logs.1.countsByPath == ["/sealed": 10], "\(run.causes)")
    #expect(asked.filter { $0 == "GET http://127.0.0.1:\(plain.port)/plain -" }.count == 10, "\(asked)")
  }

  /// The proxy's user is the proxy's alone, and a host that a redirect leads to gets nothing of the plan's credentials.
  @Test(arguments: [Proxy.Kind.http, .socks5h]) func credentialsStayWhereTheyBelong(kind: Proxy.Kind) throws {
    let proxy = try Proxy(kind, ["--user", "me:secret", "--know", "hidden.test=127.0.0.1"])
    let log = RedirectTests.Log()
    let other = try RedirectTests.server(log) { _ in RawServer.ok }
    // A name that nobody but the proxy knows.
    let location = "http://hidden.test:\(other.port)/there"
    let server = try RedirectTests.server(log) { path in
      path == "/" ? Self.redirected + "/next\r\n\r\n" : Self.redirected + location + "\r\n\r\n"
    }
    var target = try Target.local(server.port)
    target.headers = [Header("Authorization", "of-the-plan"), Header("Cookie", "a=of-the-plan"), Header("X-Own", "1")]
    let run = try Run(.closed([target], requests: 5, try Self.options(proxy, "me:secret")))
    run.check(target: server.stop().requests + other.stop().requests)
    _ = try proxy.stop()
    #expect(run.requests.accepted == 5 && run.requests.redirected == 10, "\(run.errors) \(run.causes)")
    #expect(log.all.count == 15 && log.all.allSatisfy { $0.head.contains("X-Own: 1") })
    for request in log.all {
      #expect(!request.head.lowercased().contains("proxy-"), "\(request.head)")
      let isHome = request.target != "/there"
      #expect(request.head.contains("Authorization: of-the-plan") == isHome)
      #expect(request.head.contains("Cookie: a=of-the-plan") == isHome)
    }
  }

  /// A proxy connects for us: where the address is known here, the policy is asked all the same, at each hop.
  @Test(arguments: Proxy.Kind.allCases) func theTargetPolicyHolds(kind: Proxy.Kind) throws {
    let proxy = try Proxy(kind)
    let server = try RedirectTests.server { path in
      Self.redirected + (path == "/" ? "/next" : "http://169.254.169.254/latest") + "\r\n\r\n"
    }
    let run = try Run(.closed([.local(server.port)], requests: 3, try Self.options(proxy)))
    run.check(target: server.stop().requests)
    #expect(run.requests.redirected == 6 && run.errors == [.denied: 3], "\(run.errors) \(run.causes)")
    #expect(try !proxy.stop().asked.contains { $0.contains("169.254") })
  }

  /// The policy is asked of whatever is connected to.
  @Test(arguments: Proxy.Kind.allCases) func aProxyThatIsNotAllowedIsNotConnectedTo(kind: Proxy.Kind) throws {
    let proxy = try Proxy(kind)
    let block = try TargetPolicy.Block(text: "127.0.0.1:\(proxy.port)")
    let options = try Self.options(proxy)
    let run = try Run(
      .closed([.local(80, host: "127.0.0.9")], requests: 3) {
        options(&$0)
        $0.policy.denied = [block]
      })
    run.check(target: 0)
    #expect(try run.errors == [.denied: 3] && proxy.stop().counts["connections"] == 0, "\(run.causes)")
  }
}

/// What goes wrong with a proxy: each is an error of its kind, none a crash, none hangs.
@Suite(.timeLimit(.minutes(10))) struct ProxyFaultTests {
  private static func run(
    _ url: String, tls: Bool = true, port: UInt16 = 1, requests: UInt64 = 3, _ change: (inout Plan) -> Void = { _ in }
  ) throws -> Run {
    let authority = try TransportServersTests.certificates.get().authority
    var plan = Plan.closed([try .local(port, host: "localhost", tls: tls)], requests: requests) {
      $0.transport.proxy = url
      $0.transport.authorities = authority
    }
    // All at once: a run that never reaches anything ends after a second.
    if requests == 3 { plan.load.model = .users(3) }
    change(&plan)
    return try Run(plan)
  }

  @Test(arguments: Proxy.Kind.allCases) func nobodyThere(kind: Proxy.Kind) throws {
    let closed = try Listening(backlog: nil)
    let run = try Self.run("\(kind.rawValue)://127.0.0.1:\(closed.port)")
    run.check(target: 0)
    #expect(run.errors == [.connect: 3], "\(run.causes)")
    #expect(run.causes[.connect]?.contains("through the proxy 127.0.0.1:\(closed.port)") == true, "\(run.causes)")
  }

  @Test(arguments: Proxy.Kind.allCases) func whoeverMayNotUseIt(kind: Proxy.Kind) throws {
    if kind == .socks4a { return }
    let proxy = try Proxy(kind, ["--user", "me:secret"])
    for user in [nil, "me:wrong"] {
      let run = try Self.run(proxy.url(user))
      run.check(target: 0)
      #expect(run.errors == [.connect: 3], "\(run.causes)")
      let isHTTP = kind == .http || kind == .https
      if isHTTP { #expect(run.causes[.connect]?.contains("407") == true, "\(run.causes)") }
      #expect(run.causes[.connect]?.contains("secret") == false && run.causes[.connect]?.contains("wrong") == false)
    }
    let counts = try proxy.stop().counts
    #expect(counts.sum("refused") >= 6 && counts["tunnels"] == 0)
  }

  /// What is not tunnelled is answered by the proxy in the target's place: a status like any other.
  @Test func aStatusOfTheProxy() throws {
    let proxy = try Proxy(.http, ["--user", "me:secret"])
    let run = try Self.run(proxy.url(), tls: false)
    run.check()
    #expect(run.errors == [.status: 3] && run.statuses == [407: 3], "\(run.causes)")
    _ = try proxy.stop()
  }

  @Test(arguments: Proxy.Kind.allCases) func aProxyThatSaysNo(kind: Proxy.Kind) throws {
    let proxy = try Proxy(kind, ["--answer", "403 No"])
    let run = try Self.run(proxy.url())
    run.check(target: 0)
    #expect(run.errors == [.connect: 3], "\(run.causes)")
    if kind == .http || kind == .https { #expect(run.causes[.connect]?.contains("403") == true) }
    _ = try proxy.stop()
  }

  /// A certificate that nobody vouches for: that of the proxy is verified, whatever is said of targets.
  @Test func anHTTPSProxyIsVerified() throws {
    let proxy = try Proxy(.https)
    let run = try Self.run(proxy.url()) {
      $0.options.transport.authorities = nil
      $0.options.insecureTLS = true
    }
    run.check(target: 0)
    #expect(run.errors == [.tls: 3], "\(run.causes)")
    // What does not speak TLS at all.
    let plain = try Nginx()
    let other = try Self.run("https://127.0.0.1:\(plain.port)")
    other.check(target: 0)
    #expect(other.errors == [.tls: 3], "\(other.causes)")
    _ = try proxy.stop()
    _ = try plain.finish()
  }

  @Test func aNameThatNobodyKnows() throws {
    #expect(throws: EngineError.self) {
      do { _ = try Self.run("http://no-such-proxy.invalid:3128") } catch {
        #expect("\(error)".contains("proxy no-such-proxy.invalid:3128: cannot resolve"), "\(error)")
        throw error
      }
    }
    // Where the proxy looks names up, it says that it can't; where it is told addresses, we do.
    for (kind, wanted) in [(Proxy.Kind.socks5h, ErrorKind.connect), (.http, .connect), (.socks5, .dns)] {
      let proxy = try Proxy(kind)
      let run = try Self.run(proxy.url()) {
        $0.targets = (try? [.local(1, host: "no-such-host.invalid", tls: true)]) ?? []
      }
      run.check(target: 0)
      #expect(run.errors == [wanted: 3], "\(kind): \(run.causes)")
      _ = try proxy.stop()
    }
  }

  /// Instead of an answer to what it is asked.
  @Test(
    arguments: Proxy.Kind.allCases,
    [("close", ErrorKind.connect), ("reset", .connect), ("hang", .connectTimeout), ("garble", .connect)])
  func aProxyThatBreaksOff(kind: Proxy.Kind, fault: (how: String, kind: ErrorKind)) throws {
    let proxy = try Proxy(kind, ["--fault", fault.how])
    let run = try Self.run(proxy.url()) {
      if fault.how == "hang" { $0.options.connectTimeout = .milliseconds(300) }
    }
    run.check(target: 0)
    #expect(run.errors == [fault.kind: 3], "\(run.errors) \(run.causes)")
    _ = try proxy.stop()
  }

  /// An answer that comes byte by byte is an answer.
  @Test(arguments: [Proxy.Kind.http, .socks5h]) func aSlowProxy(kind: Proxy.Kind) throws {
    let proxy = try Proxy(kind, ["--fault", "drip"])
    let server = try RawServer(always: RawServer.ok)
    let run = try Self.run(proxy.url(), tls: false, port: server.port) {
      $0.options.connectTimeout = .seconds(20)
      $0.options.timeout = .seconds(20)
    }
    run.check(target: server.stop().requests)
    #expect(run.requests.accepted == 3, "\(run.errors) \(run.causes)")
    _ = try proxy.stop()
  }

  /// Tunnels that are cut within the replies; every second connection goes through, so that each request has its reply
  /// at its second try.
  @Test func cutTunnelsAreTriedAgain() throws {
    let proxy = try Proxy(.socks5h, ["--cut", "50", "--every", "2"])
    let server = try RawServer(
      always: "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + String(repeating: "x", count: 100))
    let run = try Self.run(proxy.url(), tls: false, port: server.port, requests: 1) {
      $0.load = Load(model: .users(1), duration: .seconds(30), requests: nil)
      $0.load.iterations = 6
      $0.options.keepAlive = false
      $0.options.retries = RetryPolicy(most: 2, pause: .milliseconds(1))
    }
    run.check(target: server.stop().requests)
    #expect(run.requests.accepted == 6 && run.requests.retried == 6 && run.errors.isEmpty, "\(run.errors)")
    #expect(try proxy.stop().counts["cuts"] == 6)
  }

  /// Resets of all connections, then the proxy's death, in the midst of a run.
  @Test(arguments: [Proxy.Kind.http, .socks5h, .https]) func aProxyThatDies(kind: Proxy.Kind) throws {
    let proxy = try Proxy(kind)
    let server = try RawServer(always: RawServer.ok)
    let authority = try TransportServersTests.certificates.get().authority
    let run = try Run(
      .open([.local(server.port)], rate: 40, duration: .seconds(4)) {
        $0.transport.proxy = proxy.url()
        $0.transport.authorities = authority
        $0.timeout = .seconds(3)
        $0.connectTimeout = .seconds(3)
        $0.grace = .seconds(4)
      },
      onSecond: { _, interval in
        if interval.second == 0 { kill(proxy.pid, SIGUSR1) }
        if interval.second == 1 { kill(proxy.pid, SIGKILL) }
      })
    run.check(target: server.stop().requests)
    #expect(run.schedule.started == 160 && run.requests.accepted > 10, "\(run.errors)")
    // Of the dead one's port nothing but refusals come.
    #expect(run.errors(.connect) > 10 && run.length < .seconds(30), "\(run.errors) \(run.causes)")
    #expect(
      run.errors.keys.allSatisfy { [.connect, .reset, .timeout, .connectTimeout, .tls].contains($0) },
      "\(run.errors) \(run.causes)")
  }
}
