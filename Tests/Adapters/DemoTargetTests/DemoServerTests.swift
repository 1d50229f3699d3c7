import CLinux
import EventLoop
import Glibc
import Model
import Synchronization
import TestSupport
import Testing

@testable import DemoTarget

@Suite struct DemoServerTests {
  /// A demo target on a free port that ends with the value.
  final class Live: Sendable {
    let server: DemoServer
    let base: String
    let port: UInt16

    init(loops: Int = 1, _ change: (inout DemoServer.Settings) -> Void = { _ in }) throws {
      var settings = DemoServer.Settings()
      settings.loops = loops
      change(&settings)
      server = DemoServer(settings)
      base = try server.start()
      port = try #require(UInt16(base.split(separator: ":").last?.dropLast() ?? ""))
    }

    /// One request's reply, head and body, and the milliseconds it took.
    func ask(_ target: String, method: String = "GET", _ rest: String = "\r\n") throws -> (text: String, time: Double) {
      let client = try RawClient(port: port)
      let clock = ContinuousClock()
      var text = ""
      let time = clock.measure {
        client.send("\(method) \(target) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\(rest)")
        text = client.receiveAll().text
      }
      return (text, Double(time.components.attoseconds) / 1e15 + Double(time.components.seconds) * 1000)
    }

    deinit {
      server.abort()
      try? server.run()
    }
  }

  @Test func itAnswersAsItIsAsked() throws {
    let live = try Live()
    #expect(live.base == "http://127.0.0.1:\(live.port)/")
    #expect(try live.ask("/").text.hasSuffix("Hello from the demo target.\n"))
    #expect(try live.ask("/any/path?cache=1").text.hasPrefix("HTTP/1.1 200 OK\r\n"))
    #expect(try live.ask("/", method: "POST", "Content-Length: 3\r\n\r\nabc").text.hasPrefix("HTTP/1.1 200 OK\r\n"))
    #expect(try live.ask("/status/404").text.hasPrefix("HTTP/1.1 404 Not Found\r\n"))
    #expect(try live.ask("/x?status=503").text.hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
    #expect(try live.ask("/healthz").text.hasSuffix("\r\n\r\nok\n"))
  }

  @Test(arguments: [0, 1, 500, 65_536, 65_537, 3_000_000])
  func bodiesAreAsLargeAsAsked(_ size: Int) throws {
    let text = try Live().ask("/?size=\(size)").text
    let head = try #require(text.firstRange(of: "\r\n\r\n"))
    #expect(text[..<head.lowerBound].contains("Content-Length: \(size)"))
    #expect(text[head.upperBound...].utf8.count == size)
  }

  @Test func delaysAreKept() throws {
    let (text, time) = try Live().ask("/?delay=80ms&status=201")
    #expect(text.hasPrefix("HTTP/1.1 201 Created\r\n") && time >= 80)
  }

  @Test(arguments: [
    ("/?status=abc", "found status=abc, expected a status from 200 to 599"),
    ("/?status=199", "found status=199, expected a status from 200 to 599"),
    ("/status/99", "found /status/99, expected a status from 200 to 599"),
    ("/?delay=61s", "found delay=61s, expected a delay such as 20ms or 1.5s, at most 60s"),
    ("/?delay=-1s", "found delay=-1s, expected a delay such as 20ms or 1.5s, at most 60s"),
    ("/?size=101MiB", "found size=101MiB, expected a size such as 500, 10KiB or 1MiB, at most 100MiB"),
    ("/?size=99999999999999999999", "expected a size such as 500, 10KiB or 1MiB, at most 100MiB"),
  ])
  func whatItCannotDoItSays(_ target: String, _ detail: String) throws {
    let text = try Live().ask(target).text
    #expect(text.hasPrefix("HTTP/1.1 400 ") && text.contains(detail))
  }

  @Test func itCountsWhatItWasAsked() throws {
    let live = try Live(loops: 2)
    for _ in 0..<5 { _ = try live.ask("/") }
    for _ in 0..<3 { _ = try live.ask("/?status=500") }
    _ = try live.ask("/?status=oops")
    let text = try live.ask("/metrics").text
    #expect(text.contains("stampede_demo_requests_total{class=\"2xx\"} 5\n"))
    #expect(text.contains("stampede_demo_requests_total{class=\"5xx\"} 3\n"))
    #expect(text.contains("stampede_demo_requests_total{class=\"4xx\"} 1\n"))
  }

  @Test func itMayOpenAsManyFilesAsTheSystemAllows() throws {
    var limit = rlimit()
    #expect(stampede_getrlimit_files(&limit) == 0)
    limit.rlim_cur = limit.rlim_max - 1
    #expect(stampede_setrlimit_files(&limit) == 0)
    let live = try Live()
    #expect(try live.ask("/").text.hasPrefix("HTTP/1.1 200 OK"))
    #expect(stampede_getrlimit_files(&limit) == 0)
    #expect(limit.rlim_cur == limit.rlim_max)
  }

  /// The listener tells of every rest, ten a second.
  @Test func wantOfDescriptorsIsSaidOnce() {
    let said = Mutex<[String]>([])
    let say = DemoServer.sayingSeldom { line in said.withLock { $0.append(line) } }
    for _ in 0..<20 { say(SystemError("accept on 127.0.0.1:80", code: EMFILE)) }
    #expect(said.withLock { $0 } == ["Too many open files; raise the limit of open files (ulimit -n)"])
  }

  @Test func aBodyIsTakenAndThrownAway() throws {
    let live = try Live()
    let body = String(repeating: "x", count: 3_000_000)
    let (text, _) = try live.ask("/", method: "POST", "Content-Length: 3000000\r\n\r\n" + body)
    #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n"))
    let refused = try live.ask("/", method: "POST", "Content-Length: 16777217\r\n\r\n").text
    #expect(refused.hasPrefix("HTTP/1.1 413 "))
  }

  @Test func aClientThatDoesNotWaitIsCounted() throws {
    let live = try Live()
    let client = try RawClient(port: live.port)
    client.send("GET /?delay=50s HTTP/1.1\r\nHost: a\r\n\r\n")
    client.finishSending()
    client.reset()
    var text = ""
    for _ in 0..<1000 where !text.contains("stampede_demo_left_total 1\n") { text = try live.ask("/metrics").text }
    #expect(text.contains("stampede_demo_left_total 1\n"))
  }
}
