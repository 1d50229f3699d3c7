import Foundation
import Model
import TestSupport
import Testing

@testable import Scripting

@Suite struct CookieJarTests {
  /// A jar with its memory, which grows as it asks for it.
  final class Jar {
    var jar: CookieJar
    private var room: UnsafeMutableRawPointer

    init() {
      room = .allocate(byteCount: CookieJar.smallest, alignment: 8)
      jar = CookieJar(preparing: room, capacity: CookieJar.smallest)
    }

    deinit { room.deallocate() }

    @discardableResult
    func set(_ line: String, host: String = "example.org", path: String = "/", now: Int64 = 0) -> CookieJar.Stored {
      Rendering.withView(line) { line in
        Rendering.withView(host) { host in
          Rendering.withView(path) { path in
            while true {
              let stored = jar.store(line, host: host, path: path, now: now)
              guard case .needs(let bytes) = stored else { return stored }
              let more = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 8)
              jar = jar.moved(to: more, capacity: bytes)
              room.deallocate()
              room = more
            }
          }
        }
      }
    }

    func sent(host: String = "example.org", path: String = "/", isTLS: Bool = false, now: Int64 = 0) -> String {
      Rendering.withView(host) { host in
        Rendering.withView(path) { path in
          Rendering.text(
            Rendering.sunk { jar.write(host: host, path: path, isTLS: isTLS, now: now, into: &$0) }.bytes)
        }
      }
    }
  }

  @Test func domains() {
    let jar = Jar()
    #expect(jar.set("own=1") == .stored)
    #expect(jar.set("all=2; Domain=.Example.ORG") == .stored)
    #expect(jar.set("no=1; Domain=org") == .refused)
    #expect(jar.set("no=1; Domain=other.org") == .refused)
    #expect(jar.set("no=1; Domain=ample.org") == .refused)
    #expect(jar.set("no=1; Domain=a.example.org") == .refused)
    #expect(jar.set("no=1; Domain=0.0.1", host: "127.0.0.1") == .refused)
    #expect(jar.set("ip=1; Domain=127.0.0.1", host: "127.0.0.1") == .stored)
    #expect(jar.set("local=1; Domain=localhost", host: "localhost") == .stored)
    #expect(jar.sent() == "own=1; all=2")
    #expect(jar.sent(host: "a.example.org") == "all=2")
    #expect(jar.sent(host: "badexample.org") == "")
    #expect(jar.sent(host: "127.0.0.1") == "ip=1")
    #expect(jar.sent(host: "1.127.0.0.1") == "")
    #expect(jar.sent(host: "localhost") == "local=1" && jar.sent(host: "a.localhost") == "")
  }

  @Test func pathsAndOrder() {
    let jar = Jar()
    jar.set("first=1; Path=/")
    jar.set("deep=2; Path=/a/b")
    jar.set("second=3", path: "/x")
    jar.set("dir=4", path: "/a/page")
    jar.set("odd=5; Path=relative", path: "/a/")
    #expect(jar.sent() == "first=1; second=3")
    #expect(jar.sent(path: "/a") == "dir=4; odd=5; first=1; second=3")
    #expect(jar.sent(path: "/a/b/c") == "deep=2; dir=4; odd=5; first=1; second=3")
    #expect(jar.sent(path: "/ab") == "first=1; second=3")
    // Set again, it keeps its place.
    jar.set("first=changed; Path=/")
    #expect(jar.sent() == "first=changed; second=3")
  }

  @Test func ages() {
    let jar = Jar()
    jar.set("age=1; Max-Age=10; Expires=Wed, 21 Oct 2015 07:28:00 GMT", now: 1_000)
    jar.set("date=2; expires=Thursday, 01-Jan-70 00:00:05 GMT", now: 1_000)
    jar.set("session=3; Max-Age=x; Expires=nonsense", now: 1_000)
    #expect(jar.sent(now: 4_999) == "age=1; date=2; session=3")
    #expect(jar.sent(now: 5_000) == "age=1; session=3")
    #expect(jar.sent(now: 11_000) == "session=3")
    #expect(jar.set("session=; Max-Age=0", now: 12_000) == .removed)
    #expect(jar.set("never=; Max-Age=-5", now: 12_000) == .removed)
    #expect(jar.set("far=1; Max-Age=99999999999999999999", now: 12_000) == .stored)
    #expect(jar.sent(now: .max - 1) == "far=1")
    jar.jar.clear()
    #expect(jar.sent() == "" && jar.jar.count == 0)
  }

  @Test func forms() {
    let jar = Jar()
    #expect(jar.set("no pair") == .refused && jar.set("=x") == .refused && jar.set("") == .refused)
    #expect(jar.set("c=a\u{1}b") == .refused)
    #expect(jar.set("big=" + String(repeating: "x", count: 4_096)) == .refused)
    #expect(jar.set("long=1; Path=/" + String(repeating: "x", count: 1_024)) == .refused)
    #expect(jar.set(" a = \"b c\" ; Secure ; HttpOnly") == .stored)
    #expect(jar.set("e=") == .stored && jar.set("q=x=y") == .stored)
    #expect(jar.sent() == "e=; q=x=y")
    #expect(jar.sent(isTLS: true) == "a=\"b c\"; e=; q=x=y")
  }

  /// Random lines against a jar of plain Swift values.
  @Test func asAnotherJar() {
    struct Cookie {
      var name, value, domain, path: String
      var isHostOnly: Bool
      var isSecure: Bool
      var sequence: Int
    }
    let seed = Fuzz.seed(for: "CookieJarTests.asAnotherJar")
    var source = SplitMix(seed: seed)
    let hosts = ["example.org", "a.example.org", "b.a.example.org", "other.net"]
    let paths = ["/", "/a", "/a/b", "/ab", "/a/"]
    for _ in 0..<60 {
      let jar = Jar()
      var cookies: [Cookie] = []
      for sequence in 0..<150 {
        let host = hosts.randomElement(using: &source) ?? ""
        let domain = Bool.random(using: &source) ? nil : hosts.randomElement(using: &source)
        let path = paths.randomElement(using: &source) ?? "/"
        let name = ["a", "b", "c"].randomElement(using: &source) ?? ""
        let value = String(repeating: "v", count: Int.random(in: 0...40, using: &source)) + "\(sequence)"
        let isSecure = Int.random(in: 0..<4, using: &source) == 0
        let isGone = Int.random(in: 0..<8, using: &source) == 0
        let line =
          "\(name)=\(value); Path=\(path)" + (domain.map { "; Domain=\($0)" } ?? "") + (isSecure ? "; Secure" : "")
          + (isGone ? "; Max-Age=0" : "")
        let stored = jar.set(line, host: host)
        if let domain, host != domain, !host.hasSuffix("." + domain) {
          #expect(stored == .refused, "seed \(seed): \(line) from \(host)")
          continue
        }
        let key = domain ?? host
        let old = cookies.firstIndex { $0.name == name && $0.domain == key && $0.path == path }
        var order = sequence
        if let old { order = cookies.remove(at: old).sequence }
        if !isGone {
          cookies.append(
            Cookie(
              name: name, value: value, domain: key, path: path, isHostOnly: domain == nil, isSecure: isSecure,
              sequence: order))
        }
        let asked = hosts.randomElement(using: &source) ?? ""
        let at = paths.randomElement(using: &source) ?? "/"
        let isTLS = Bool.random(using: &source)
        let sent = cookies.filter { cookie in
          (cookie.domain == asked || !cookie.isHostOnly && asked.hasSuffix("." + cookie.domain))
            && (isTLS || !cookie.isSecure)
            && (at == cookie.path || at.hasPrefix(cookie.path.hasSuffix("/") ? cookie.path : cookie.path + "/"))
        }.sorted { ($1.path.count, $0.sequence) < ($0.path.count, $1.sequence) }
        #expect(
          jar.sent(host: asked, path: at, isTLS: isTLS)
            == sent.map { "\($0.name)=\($0.value)" }.joined(separator: "; "),
          "seed \(seed)")
      }
    }
  }

  /// However much a server sets, the jar stays within its bounds, and the newest are there.
  @Test func bounds() {
    let jar = Jar()
    for number in 0..<500 {
      #expect(jar.set("c\(number)=" + String(repeating: "x", count: number % 7 * 600)) == .stored)
    }
    #expect(jar.jar.count <= CookieJar.most && jar.jar.capacity <= CookieJar.largest)
    #expect(jar.sent().contains("c499="))
    let many = Jar()
    for number in 0..<100 { many.set("c\(number)=1") }
    #expect(many.jar.count == CookieJar.most)
    #expect(many.sent() == (36..<100).map { "c\($0)=1" }.joined(separator: "; "))
  }

  @Test func dates() throws {
    let seed = Fuzz.seed(for: "CookieJarTests.dates")
    var source = SplitMix(seed: seed)
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(identifier: "GMT"))
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    for _ in 0..<3_000 {
      let second = Int64.random(in: -11_000_000_000...60_000_000_000, using: &source)
      let parts = calendar.dateComponents(
        [.year, .month, .day, .hour, .minute, .second], from: Date(timeIntervalSince1970: Double(second)))
      let (year, month, day) = (try #require(parts.year), try #require(parts.month), try #require(parts.day))
      let (hour, minute, rest) = (try #require(parts.hour), try #require(parts.minute), try #require(parts.second))
      let clock = String(format: "%02d:%02d:%02d", hour, minute, rest)
      let forms = [
        "Xyz, \(day) \(months[month - 1]) \(year) \(clock) GMT",
        "\(day)-\(months[month - 1].lowercased())-\(year) \(clock)",
        "Xyz \(months[month - 1])uary \(day) \(clock) \(year)",
      ]
      for form in forms where year >= 1_700 {
        #expect(Rendering.withView(form) { CookieDate.milliseconds($0) } == second * 1_000, "seed \(seed): \(form)")
      }
    }
    let none = [
      "", "31 Feb 2020 00:00:00", "29 Feb 2021 00:00:00", "1 Jan 1600 00:00:00", "1 Jan 2020", "1 2020 00:00:00",
      "1 Jan 2020 24:00:00", "1 Jan 2020 1:2", "Jan 2020 00:00:00", "32 Jan 2020 00:00:00", "1 Jan 00:00:00",
    ]
    for text in none { #expect(Rendering.withView(text) { CookieDate.milliseconds($0) } == nil, "\(text)") }
    #expect(Rendering.withView("29 Feb 2000 0:0:1") { CookieDate.milliseconds($0) } == 951_782_401_000)
  }

  @Test func fuzz() {
    let seed = Fuzz.seed(for: "CookieJarTests.fuzz")
    var source = SplitMix(seed: seed)
    let texts = ["a=b; Domain=.example.org; Path=/a; Secure; Max-Age=5", "c=d; Expires=Wed, 21 Oct 2015 07:28:00 GMT"]
    let jar = Jar()
    for round in 0..<Fuzz.count(30_000) {
      let text = Array((texts.randomElement(using: &source) ?? "").utf8)
      let bytes = Fuzz.mutated(text, tokens: [";", "=", ".", "Domain=", "99999999999", ":", "-", "é", "\0"], &source)
      jar.set(String(decoding: bytes, as: UTF8.self), path: round % 2 == 0 ? "" : "/a/b", now: Int64(round))
      _ = jar.sent(isTLS: true, now: Int64(round))
    }
    #expect(jar.jar.count <= CookieJar.most)
  }

  /// In a request: a line of its own, or behind the cookies that the plan names; none where there are none.
  @Test func inRequests() throws {
    var plan = try Rendering.plan(path: [.text(Array("/a/".utf8)), .value(.userId, .url)], url: "https://example.org/")
    plan.options.cookies = true
    let user = Rendering.User(try Script(plan, userAgent: nil))
    let jar = Jar()
    #expect(user.script.table.needs(0) == .head && !user.script.table.isFixed(0))
    #expect(user.request(jar: jar.jar) == "GET /a/0 HTTP/1.1\r\nHost: example.org\r\nAccept: */*\r\n\r\n")
    jar.set("s=1; Secure; Path=/a/0")
    jar.set("t=2; Path=/b", now: 0)
    #expect(
      user.request(jar: jar.jar)
        == "GET /a/0 HTTP/1.1\r\nHost: example.org\r\nAccept: */*\r\nCookie: s=1\r\n\r\n")
    plan.targets[0].headers = [Header("cookie", "own=0")]
    plan.targets[0].template?.headers = [Template(fixed: Array("own=0".utf8))]
    let other = Rendering.User(try Script(plan, userAgent: nil))
    #expect(
      other.request(jar: jar.jar)
        == "GET /a/0 HTTP/1.1\r\nHost: example.org\r\ncookie: own=0; s=1\r\nAccept: */*\r\n\r\n")
  }
}
