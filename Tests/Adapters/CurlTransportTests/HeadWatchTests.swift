import Testing

@testable import CurlTransport

@Suite struct HeadWatchTests {
  private func take(_ text: String, _ watch: inout HeadWatch) -> HeadWatch.Fault? {
    var rest = Array(text.utf8)[...]
    while let end = rest.firstIndex(of: 10) {
      let line = rest[...end]
      rest = rest[(end + 1)...]
      if let fault = line.withUnsafeBytes({ watch.take($0) }) { return fault }
    }
    return nil
  }

  @Test(
    arguments: [
      ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\ncontent-length:5\r\n\r\n", nil), ("HTTP/2 204\nA: b\n\n", nil),
      ("HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807 \r\n\r\n", nil),
      ("HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775808\r\n\r\n", .length),
      ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", .length),
      ("HTTP/1.1 200 OK\r\nContent-Length: 1 2\r\n\r\n", .length),
      ("HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\n", .length),
      ("HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n", .length),
      ("HTTP/1.1 101 Switching\r\n\r\n", .upgrade),
      // A trailer says nothing of the length.
      ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nContent-Length: 6\r\n\r\n", nil),
    ] as [(String, HeadWatch.Fault?)]) func headsAreJudged(text: String, fault: HeadWatch.Fault?)
  {
    var watch = HeadWatch()
    #expect(take(text, &watch) == fault)
    #expect(watch.isDone == (fault == nil))
  }

  @Test func limitsAreTheNativeEngines() {
    var watch = HeadWatch()
    #expect(take("HTTP/1.1 200 OK\r\n" + String(repeating: "A: b\r\n", count: 255), &watch) == nil)
    #expect(take("A: b\r\n", &watch) == .manyLines)
    watch = HeadWatch()
    let long = "A: " + String(repeating: "x", count: 9_000) + "\r\n"
    #expect(take("HTTP/1.1 200 OK\r\n" + String(repeating: long, count: 8), &watch) == .longHead)
    watch = HeadWatch()
    #expect(take(String(repeating: "HTTP/1.1 103 Early\r\nA: b\r\n\r\n", count: 16), &watch) == nil)
    #expect(!watch.isDone && watch.status == 103)
    #expect(take("HTTP/1.1 200 OK\r\n\r\n", &watch) == nil && watch.isDone)
    watch = HeadWatch()
    #expect(take(String(repeating: "HTTP/1.1 103 Early\r\n\r\n", count: 18), &watch) == .manyHeads)
    watch = HeadWatch()
    #expect(take("HTTP/1.1 200 OK\r\nA: \(String(repeating: "x", count: 17_000))\r\n", &watch) == .longLine)
  }
}
