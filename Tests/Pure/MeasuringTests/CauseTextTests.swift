import Measuring
import Testing

@Suite struct CauseTextTests {
  @Test(arguments: [
    ("connect to 10.0.0.7:443 failed after 12 ms", "connect to ADDR failed after N ms"),
    ("[::1]:8080: Connection refused", "ADDR: Connection refused"),
    ("fe80::1ff:fe23:4567:890a is no host", "ADDR is no host"),
    ("found 'GET /a?b=c', expected \"200\"", "found '…', expected \"…\""),
    ("session 8f31c2d9e0 took 1.25s", "session ID took Ns"),
    ("request 0dc0ffee-1234-4567-89ab-0123456789ab lost", "request ID lost"),
    ("error:0A000086:SSL routines::certificate verify failed", "error:ID:SSL routines::certificate verify failed"),
    ("the server can't say it's 42", "the server can't say it's N"),
    ("HTTP/1.1 TLSv1.3 SHA256", "HTTP/N TLSv1.N SHA256"),
    ("http://a.b:80/x?y=z said no", "URL said no"),
    ("", ""),
  ]) func whatDiffersIsFolded(_ text: String, _ folded: String) {
    #expect(CauseText.folded(text) == folded)
  }

  @Test func addressesMayStay() {
    #expect(
      CauseText.folded("http://localhost:81: 127.0.0.1:81: Connection refused", keepsAddresses: true)
        == "http://localhost:81: 127.0.0.1:81: Connection refused")
    #expect(
      CauseText.folded("Failed to connect to ::1 port 8081 after 17 ms: '1'", keepsAddresses: true)
        == "Failed to connect to ::1 port 8081 after N ms: '…'")
  }

  /// Whatever stands in it: bounded, one line, and the same once more.
  @Test func anyTextIsBounded() {
    let seed = UInt64.random(in: 0 ... .max)
    var source = Bytes(state: seed)
    for _ in 0..<5_000 {
      let bytes = (0..<Int.random(in: 0...400, using: &source)).map { _ in UInt8.random(in: 0...255, using: &source) }
      let folded = CauseText.folded(String(decoding: bytes, as: UTF8.self))
      #expect(folded.utf8.count <= CauseText.longest, "seed \(seed)")
      #expect(folded.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }, "seed \(seed)")
    }
  }

  /// Texts that differ in numbers alone are one.
  @Test func endlessTextsBecomeFew() {
    let texts = (0..<10_000).map {
      CauseText.folded("peer 10.0.\($0 % 256).\($0 / 256):\($0) sent chunk \($0) of id-\($0)")
    }
    #expect(Set(texts).count == 1)
  }

  private struct Bytes: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ state >> 29
    }
  }
}
