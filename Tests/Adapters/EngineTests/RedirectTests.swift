import EventLoop
import Glibc
import Measuring
import Model
import TestSupport
import Testing
import Threads

@testable import Engine

/// Redirects: each of their requests is counted, the chain is one response.
@Suite(.timeLimit(.minutes(10))) struct RedirectTests {
  /// Requests in the order in which they came: their lines, and what stood with them.
  final class Log: Sendable {
    private let requests = Monitor([Peer.Request]())

    func add(_ request: Peer.Request) { requests.change { $0.append(request) } }
    var all: [Peer.Request] { requests.read { $0 } }
    var lines: [String] { all.map(\.line) }
  }

  static func found(_ location: String, status: Int = 302, close: Bool = false) -> String {
    "HTTP/1.1 \(status) Found\r\nLocation: \(location)\r\nContent-Length: 3\r\n"
      + (close ? "Connection: close\r\n" : "") + "\r\ngo!"
  }

  static func server(
    _ log: Log = Log(), tls: TLSContext? = nil, _ reply: @escaping @Sendable (String) -> String
  ) throws -> RawServer {
    try RawServer(tls: tls) { peer, server in
      while let request = server.request(peer) {
        log.add(request)
        let reply = reply(request.target)
        if !peer.write(reply) || reply.contains("Connection: close") { return }
      }
    }
  }

  /// A model, and who carries the requests.
  enum Way: CaseIterable {
    case open, closed, shared, openByCurl, closedByCurl, sharedByCurl

    var engine: TransportOptions.Engine {
      switch self {
      case .open, .closed, .shared: .native
      case .openByCurl, .closedByCurl, .sharedByCurl: .curl
      }
    }

    /// The closed model by each engine.
    static let ofUsers = [Way.closed, .closedByCurl]
  }

  /// A plan of requests to one target in any of the models.
  static func plan(
    _ way: Way, _ targets: [Target], requests: UInt64 = 20, _ change: (inout AttackOptions) -> Void = { _ in }
  ) -> Plan {
    let change: (inout AttackOptions) -> Void = {
      $0.transport.engine = way.engine
      if way == .shared || way == .sharedByCurl { $0.sharedConnections = true }
      change(&$0)
    }
    switch way {
    case .open, .openByCurl: return .open(targets, rate: 500, requests: requests, change)
    case .closed, .shared, .closedByCurl, .sharedByCurl:
      return .closed(targets, users: 3, requests: requests, change)
    }
  }

  @Test(arguments: Way.allCases, [true, false]) func aChainIsOneResponse(_ way: Way, closes: Bool) throws {
    let server = try Self.server { path in
      switch path {
      case "/start": Self.found("a/../next?x", close: closes)
      case "/next?x": Self.found("?y#z", status: 301)
      default: RawServer.ok
      }
    }
    let run = try Run(Self.plan(way, [.local(server.port, "/start")]))
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.requests.accepted == 20 && run.requests.redirected == 40 && counts.requests == 60, "\(run.causes)")
    #expect(run.statuses == [302: 20, 301: 20, 200: 20] && run.histograms.response.count == 20)
    // On the same connection where that stays open.
    if way == .closed { #expect(counts.connections == (closes ? 23 : 3)) }
  }

  /// Response and service time are of the whole chain.
  @Test(arguments: Way.allCases) func timesAreOfTheChain(_ way: Way) throws {
    let server = try RawServer { peer, server in
      while let request = server.request(peer) {
        if request.target == "/start" { usleep(30_000) }
        if !peer.write(request.target == "/start" ? Self.found("/end") : RawServer.ok) { return }
      }
    }
    let run = try Run(Self.plan(way, [.local(server.port, "/start")], requests: 6))
    run.check(target: server.stop().requests)
    let (response, service) = (run.histograms.response, run.histograms.service)
    #expect(response.count == 6 && response.min >= 29_000 && service.min >= 29_000)
    // The first byte is of each reply: those of the chains' ends came at once.
    #expect(run.histograms.firstByte.count == 12 && run.histograms.firstByte.min < 29_000)
  }

  @Test(arguments: Way.ofUsers) func methodsAndBodies(_ way: Way) throws {
    let log = Log()
    let server = try Self.server(log) { path in
      switch path {
      case "/see": Self.found("/303", status: 303)
      case "/post": Self.found("/302", status: 302)
      case "/keep": Self.found("/307", status: 307)
      default: RawServer.ok
      }
    }
    let plan = Plan.closed(
      [
        try .local(server.port, "/see", method: "PUT", body: [0x61]),
        try .local(server.port, "/post", method: "POST", body: [0x62]),
        try .local(server.port, "/keep", method: "POST", body: [0x63]),
      ], requests: 3
    ) { $0.transport.engine = way.engine }
    let run = try Run(plan)
    run.check(target: server.stop().requests)
    let ends = log.all.filter { $0.target.hasPrefix("/3") }.sorted { $0.target < $1.target }
    #expect(
      ends.map(\.line) == ["GET /302 HTTP/1.1", "GET /303 HTTP/1.1", "POST /307 HTTP/1.1"]
        && run.requests.redirected == 3)
    #expect(ends.map(\.body) == [[], [], [0x63]] && !ends[0].head.contains("Content-Length"))
  }

  @Test(arguments: Way.allCases) func noEnd(_ way: Way) throws {
    let server = try Self.server { _ in Self.found("/again") }
    let run = try Run(Self.plan(way, [.local(server.port)], requests: 4) { $0.redirects = 3 })
    run.check(target: server.stop().requests)
    #expect(run.requests.redirected == 12 && run.errors == [.redirect: 4])
    #expect(run.causes[.redirect]?.contains("more than 3 redirects") == true, "\(run.causes)")
  }

  @Test(
    arguments: Way.ofUsers,
    [
      ("ftp://x/", "no http or https URL"), ("http://a<b/", "without a host"), ("http://u:p@x/", "a user's name"),
      ("/a\u{1}b", "control characters"),
    ]) func nowhere(_ way: Way, _ place: (location: String, why: String)) throws
  {
    let location = place.location
    let server = try Self.server { _ in Self.found(location) }
    let run = try Run(Self.plan(way, [.local(server.port)], requests: 4))
    run.check(target: server.stop().requests)
    #expect(run.requests.redirected == 0 && run.errors == [.redirect: 4])
    #expect(run.causes[.redirect]?.contains(place.why) == true, "\(run.causes)")
  }

  @Test func withoutLocation() throws {
    let server = try Self.server { _ in "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n" }
    let run = try Run(Self.plan(.open, [.local(server.port)], requests: 4))
    run.check(target: server.stop().requests)
    #expect(run.errors == [.redirect: 4])
  }

  /// Not followed: where nobody wants it, where the target expects it, and statuses that are no redirects.
  @Test func theRedirectAsTheReply() throws {
    let server = try Self.server { $0 == "/300" ? Self.found("/x", status: 300) : Self.found("/x") }
    let off = try Run(Self.plan(.closed, [.local(server.port)], requests: 4) { $0.redirects = 0 })
    off.check()
    #expect(off.requests.accepted == 4 && off.requests.redirected == 0)
    var target = try Target.local(server.port)
    target.expectedStatus = 302...302
    let expected = try Run(Self.plan(.closed, [target], requests: 4))
    expected.check()
    #expect(expected.requests.accepted == 4 && expected.requests.redirected == 0)
    let other = try Run(Self.plan(.closed, [.local(server.port, "/300")], requests: 4))
    other.check()
    #expect(other.requests.accepted == 4 && other.requests.redirected == 0)
    server.stop()
  }

  /// To a host that the plan does not name: without the plan's credentials, over TLS if it says so.
  @Test(arguments: Way.allCases, [false, true]) func anotherOrigin(_ way: Way, isTLS: Bool) throws {
    let log = Log()
    let files = try TLSAttackTests.certificates.get()
    let context = isTLS ? try TLSContext(serverCertificates: files.certificate, key: files.key) : nil
    let other = try Self.server(log, tls: context) { _ in RawServer.ok }
    let location = "http\(isTLS ? "s" : "")://127.0.0.1:\(other.port)/there?x=1"
    let server = try Self.server { _ in Self.found(location) }
    var target = try Target.local(server.port)
    target.headers = [Header("Authorization", "secret"), Header("Cookie", "sid=secret"), Header("X-Own", "1")]
    let run = try Run(Self.plan(way, [target]) { $0.insecureTLS = true })
    server.stop()
    other.stop()
    run.check()
    #expect(run.requests.accepted == 20 && run.requests.redirected == 20, "\(run.errors) \(run.causes)")
    #expect(Set(log.lines) == ["GET /there?x=1 HTTP/1.1"] && log.all.count == 20)
    let head = try #require(log.all.first).head
    #expect(head.contains("Host: 127.0.0.1:\(other.port)\r\n") && head.contains("X-Own: 1") && !head.contains("secret"))
  }

  /// A new host's name is looked up while others go on; one that can't be is an error of its kind.
  @Test(arguments: Way.allCases) func aNameMetOnTheWay(_ way: Way) throws {
    let other = try Self.server { _ in RawServer.ok }
    let port = other.port
    let server = try Self.server { Self.found("http://\($0 == "/good" ? "late" : "lost").test:\(port)/") }
    let run = try Run(
      Self.plan(way, [.local(server.port, "/good"), .local(server.port, "/bad")]),
      resolve: { origin in
        switch origin.host {
        case "late.test":
          usleep(50_000)
          return .addresses([SocketAddress(IPAddress(text: "127.0.0.1") ?? .v4(0), port: origin.port)])
        case "lost.test": return .fault("no such name")
        default: return AddressBook.look(origin)
        }
      })
    server.stop()
    other.stop()
    run.check()
    let (accepted, lost) = (run.requests.accepted, run.errors(.dns))
    #expect(run.requests.redirected == 20 && accepted + lost == 20, "\(run.errors) \(run.causes)")
    #expect(accepted > 0 && lost > 0 && run.errors.count == 1)
  }

  /// A denied address stays denied, whoever leads there.
  @Test(arguments: Way.allCases) func thePolicyHoldsForRedirects(_ way: Way) throws {
    // Over a hop that is allowed: each is asked for.
    let server = try Self.server {
      Self.found($0 == "/hop" ? "http://169.254.169.254/latest/meta-data" : "/hop")
    }
    let run = try Run(Self.plan(way, [.local(server.port)], requests: 3))
    run.check(target: server.stop().requests)
    #expect(run.requests.redirected == 6 && run.errors == [.denied: 3], "\(run.errors)")
  }

  /// Also a name that leads to such an address.
  @Test(arguments: Way.ofUsers) func aNameOfADeniedAddress(_ way: Way) throws {
    let server = try Self.server { _ in Self.found("http://innocent.test/") }
    let run = try Run(
      Self.plan(way, [.local(server.port)], requests: 3),
      resolve: {
        $0.host == "innocent.test"
          ? .addresses([SocketAddress(IPAddress(text: "169.254.169.254") ?? .v4(0), port: $0.port)])
          : AddressBook.look($0)
      })
    run.check(target: server.stop().requests)
    #expect(run.requests.redirected == 3 && run.errors == [.denied: 3], "\(run.errors)")
  }

  @Test(arguments: RetryTests.engines) func aChainIsCutOffAtTheEnd(engine: TransportOptions.Engine) throws {
    let server = try RawServer { peer, server in
      while let request = server.request(peer) {
        if request.target != "/" {
          peer.read()
          return
        }
        if !peer.write(Self.found("/hangs")) { return }
      }
    }
    let plan = Plan.open([try .local(server.port)], rate: 50, requests: 5) {
      $0.grace = .milliseconds(200)
      $0.timeout = .seconds(20)
      $0.transport.engine = engine
    }
    let run = try Run(plan)
    server.stop()
    run.check()
    #expect(run.requests.redirected == 5 && run.errors == [.cutOff: 5])
  }
}
