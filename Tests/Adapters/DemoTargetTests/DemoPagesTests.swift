import JSONScan
import Model
import TestSupport
import Testing

@testable import DemoTarget

@Suite struct DemoPagesTests {
  typealias Live = DemoServerTests.Live

  private static func body(_ reply: String) throws -> Node {
    let head = try #require(reply.firstRange(of: "\r\n\r\n"))
    return try JSONReader.document(Array(reply[head.upperBound...].utf8)).root
  }

  @Test func aTokenOpensWhatIsPrivate() throws {
    let live = try Live()
    let reply = try live.ask("/login", method: "POST", "Content-Length: 16\r\n\r\n{\"user\":\"alice\"}").text
    let token = try #require(try Self.body(reply)["token"]?.text)
    #expect(try Self.body(reply)["user"]?.text == "alice")
    #expect(reply.contains("\r\nSet-Cookie: session=\(token); Path=/; HttpOnly\r\n"))
    #expect(try live.ask("/private", "Authorization: Bearer \(token)\r\n\r\n").text.hasPrefix("HTTP/1.1 200 "))
    #expect(try live.ask("/private", "Cookie: a=b; session=\(token)\r\n\r\n").text.hasPrefix("HTTP/1.1 200 "))
    for header in ["", "Authorization: Bearer x\r\n", "Cookie: session=\(token.reversed())\r\n"] {
      #expect(try live.ask("/private", header + "\r\n").text.hasPrefix("HTTP/1.1 401 "))
    }
    #expect(try live.ask("/login?user=bob&password=wrong").text.hasPrefix("HTTP/1.1 401 "))
    let form = "username=bob&password=x"
    let other = try live.ask("/login", method: "POST", "Content-Length: \(form.utf8.count)\r\n\r\n\(form)").text
    #expect(try Self.body(other)["user"]?.text == "bob" && Self.body(other)["token"]?.text != token)
  }

  @Test func itemsHaveNumbers() throws {
    let live = try Live()
    let list = try Self.body(live.ask("/items?count=3&page=2").text)
    #expect(list["items"]?.items?.compactMap { $0["id"]?.int } == [4, 5, 6])
    #expect(list["next"]?.text == "/items?page=3&count=3")
    #expect(try Self.body(live.ask("/items/17").text)["name"]?.text == "item 17")
    let made = try live.ask("/items", method: "POST", "Content-Length: 2\r\n\r\n{}").text
    let id = try #require(try Self.body(made)["id"]?.int)
    #expect(made.hasPrefix("HTTP/1.1 201 ") && made.contains("\r\nLocation: /items/\(id)\r\n"))
    #expect(try live.ask("/items/\(id)", method: "DELETE").text.hasPrefix("HTTP/1.1 204 "))
    for path in ["/items/0", "/items/x", "/items/1000001", "/items?count=1001", "/items?page=+1"] {
      #expect(try live.ask(path).text.hasPrefix("HTTP/1.1 400 "), "\(path)")
    }
  }

  @Test func redirectsLeadOnAndNotAway() throws {
    let live = try Live()
    #expect(try live.ask("/redirect/2?code=307").text.contains("\r\nLocation: /redirect/1?code=307\r\n"))
    #expect(try live.ask("/redirect/1").text.contains("\r\nLocation: /\r\n"))
    #expect(try live.ask("/redirect/0").text.hasPrefix("HTTP/1.1 200 "))
    let other = try live.ask("/redirect/1?to=http://127.0.0.1:81/x").text
    #expect(other.hasPrefix("HTTP/1.1 302 ") && other.contains("\r\nLocation: http://127.0.0.1:81/x\r\n"))
    for query in ["to=http://example.org/", "to=//example.org/", "to=/%5cexample.org", "to=nonsense", "code=200"] {
      #expect(try live.ask("/redirect/1?\(query)").text.hasPrefix("HTTP/1.1 400 "), "\(query)")
    }
    #expect(try live.ask("/redirect/101").text.hasPrefix("HTTP/1.1 400 "))
  }

  @Test func whatWasSentIsMirrored() throws {
    let live = try Live()
    let echo = try Self.body(
      live.ask("/echo?a=1&b=x%20y", method: "PUT", "X-Own: q\"z\r\nContent-Length: 3\r\n\r\nabc").text)
    #expect(echo["method"]?.text == "PUT" && echo["body"]?.text == "abc" && echo["query"]?["b"]?.text == "x y")
    #expect(echo["headers"]?["X-Own"]?.text == "q\"z")
    let cookies = try Self.body(live.ask("/cookies", "Cookie: a=1; b=2=3\r\n\r\n").text)
    #expect(cookies["cookies"]?["a"]?.text == "1" && cookies["cookies"]?["b"]?.text == "2=3")
    #expect(try live.ask("/cookies/set?n=v%3b%20Domain=x").text.contains("\r\nSet-Cookie: n=v__Domain_x; Path=/\r\n"))
  }

  // MARK: behaviours

  @Test func bodiesComeInChunksAndSlowly() throws {
    let live = try Live()
    let (chunked, _) = try live.ask("/?chunked=1&size=100")
    #expect(chunked.contains("\r\nTransfer-Encoding: chunked\r\n") && chunked.hasSuffix("\r\n0\r\n\r\n"))
    let (slow, time) = try live.ask("/?slow=10KiB/s&size=2KiB")
    #expect(slow.contains("\r\nContent-Length: 2048\r\n") && time >= 190, "\(time) ms")
    #expect(try live.ask("/items/3?slow=1MiB/s").text.hasSuffix("{\"id\":3,\"name\":\"item 3\",\"price\":22}\n"))
    #expect(try live.ask("/?chunked=1&size=100", method: "HEAD").text.hasSuffix("\r\n\r\n"))
  }

  @Test func connectionsAreReset() throws {
    let live = try Live()
    #expect(try live.ask("/?reset=100%25").text == "")
    let half = try live.ask("/?reset=100%25&size=1000").text
    #expect(half.contains("\r\nContent-Length: 1000\r\n") && half.utf8.count < 900)
    #expect(try live.ask("/items/3?errors=100%25:503").text.hasPrefix("HTTP/1.1 503 "))
  }

  @Test func aScriptRulesAndAQueryGoesOverIt() throws {
    let root = try JSONReader.document(Array(#"{"/a": {"status": 503}, "/items*": {"errors": "100%:500"}}"#.utf8)).root
    let script = try BehaviourScript(root)
    let live = try Live { $0.script = script }
    #expect(try live.ask("/a").text.hasPrefix("HTTP/1.1 503 "))
    #expect(try live.ask("/a?status=201").text.hasPrefix("HTTP/1.1 201 "))
    #expect(try live.ask("/items/5").text.hasPrefix("HTTP/1.1 500 "))
    #expect(try live.ask("/b").text.hasPrefix("HTTP/1.1 200 "))
  }

  /// Each request has its line, with what was planned and what became of it.
  @Test func theLogTellsWhatHappened() throws {
    let folder = try TemporaryFolder("demo")
    let log = try DemoLog(path: folder.file("log.csv"))
    do {
      let live = try Live { $0.log = log }
      _ = try live.ask("/a,b?delay=30ms&size=10")
      _ = try live.ask("/?status=503")
      _ = try live.ask("/x?reset=100%25&size=100")
      _ = try live.ask("/s?slow=1KiB/s&size=100")
      _ = try live.ask("/h?size=100", method: "HEAD")
      let client = try RawClient(port: live.port)
      client.send("GET /left?delay=50s HTTP/1.1\r\nHost: a\r\n\r\n")
      client.reset()
      var text = ""
      for _ in 0..<1000 where !text.contains("stampede_demo_left_total 1\n") { text = try live.ask("/metrics").text }
    }
    #expect(log.close() == nil)
    let lines = try folder.read("log.csv").split(separator: "\n").map(String.init)
    #expect(lines.first.map { $0 + "\n" } == DemoLog.header)
    let rows = lines.dropFirst().map { $0.replacing("\"/a,b\"", with: "/a-b").split(separator: ",").map(String.init) }
    #expect(rows.map { $0[2] } == ["/a-b", "/", "/x", "/s", "/h", "/left"], "\(lines)")
    #expect(rows.map { $0[7] } == ["sent", "sent", "reset", "sent", "sent", "left"], "\(lines)")
    #expect(rows.map { $0[6] } == ["10", "28", "50", "100", "0", "0"], "\(lines)")
    #expect(rows[0][3] == "30000" && Int(rows[0][4]).map { (30_000..<2_000_000).contains($0) } == true)
    #expect(rows[1][5] == "503" && rows[4][1] == "HEAD")
    #expect(Int(rows[3][4]).map { $0 >= 90_000 } == true, "\(lines)")
  }
}
