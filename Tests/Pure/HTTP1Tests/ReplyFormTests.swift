import HTTP1
import Testing

@Suite struct ReplyFormTests {
  @Test(arguments: ReplySeed.all)
  func eachFormIsFramedOrRefused(_ seed: ReplySeed) {
    let reading = ReplyReader.read(seed.bytes, isHEAD: seed.isHEAD)
    if let fault = seed.fault {
      #expect(reading.event == .failed(fault) && !reading.keepsAlive)
    } else {
      let expected = ReplyReading(
        event: .complete, status: seed.status, consumed: seed.bytes.count - seed.rest, keepsAlive: seed.keepsAlive,
        leniencies: seed.leniencies, framing: reading.framing)
      #expect(reading == expected)
    }
    #expect(ReplyReader.readBytewise(seed.bytes, isHEAD: seed.isHEAD) == reading)
  }

  @Test func thereAreSeedsForEveryFaultAndLeniency() {
    let faults = Set(ReplySeed.all.compactMap(\.fault))
    // These need a head beyond a limit; they have tests of their own.
    #expect(faults.union([.headTooLarge, .lineTooLong]) == Set(ReplyFault.allCases))
    let seen = ReplySeed.all.reduce(UInt16(0)) { $0 | $1.leniencies }
    let all = ReplyLeniency.allCases.reduce(UInt16(0)) { $0 | $1.rawValue }
    #expect(seen == all)
    #expect(Set(ReplyFault.allCases.map(\.description)).count == ReplyFault.allCases.count)
  }

  private let ok = "HTTP/1.1 200 OK\r\n"

  private func event(_ text: String) -> Feed.Event {
    let bytes = Array(text.utf8)
    let whole = ReplyReader.read(bytes, closes: false)
    let cut = ReplyReader.read(bytes, closes: false, cuts: stride(from: 7, to: bytes.count, by: 1013))
    #expect(whole == cut)
    return whole.event
  }

  @Test func limitsOfLines() {
    let end = "\r\nContent-Length: 0\r\n\r\n"
    #expect(event(ok + "X:" + String(repeating: "a", count: 16_380) + end) == .complete)
    #expect(event(ok + "X:" + String(repeating: "a", count: 16_381) + end) == .failed(.lineTooLong))
    #expect(event(ok + "X:" + String(repeating: "a", count: 16_382)) == .failed(.lineTooLong))
    #expect(event(ok + "X:" + String(repeating: "a", count: 16_381)) == .needMore)
    #expect(event("HTTP/1.1 200 " + String(repeating: "a", count: 16_369) + end) == .complete)
    #expect(event("HTTP/1.1 200 " + String(repeating: "a", count: 16_370) + end) == .failed(.lineTooLong))
    #expect(event(String(repeating: "a", count: 20_000)) == .failed(.statusLine))
    let chunked = ok + "Transfer-Encoding: chunked\r\n\r\n1;"
    #expect(event(chunked + String(repeating: "a", count: 4_092) + "\r\nx\r\n0\r\n\r\n") == .complete)
    #expect(event(chunked + String(repeating: "a", count: 4_093) + "\r\nx\r\n0\r\n\r\n") == .failed(.lineTooLong))
  }

  @Test func limitsOfHeads() {
    let line = "X: 45\r\n"
    #expect(event(ok + String(repeating: line, count: 255) + "Content-Length: 0\r\n\r\n") == .complete)
    #expect(event(ok + String(repeating: line, count: 256) + "Content-Length: 0\r\n\r\n") == .failed(.headTooLarge))
    let long = "X:" + String(repeating: "a", count: 16_000 - 4) + "\r\n"
    // Four lines leave 1,536 bytes, of which the first line takes 17, the last two 21.
    let fill = { (count: Int) in "Y:" + String(repeating: "a", count: count - 4) + "\r\n" }
    let four = ok + String(repeating: long, count: 4)
    #expect(event(four + fill(1_498) + "Content-Length: 0\r\n\r\n") == .complete)
    #expect(event(four + fill(1_499) + "Content-Length: 0\r\n\r\n") == .failed(.headTooLarge))
  }

  @Test func limitsOfTrailers() {
    let chunked = ok + "Transfer-Encoding: chunked\r\n\r\n0\r\n"
    #expect(event(chunked + String(repeating: "X: 4\r\n", count: 256) + "\r\n") == .complete)
    #expect(event(chunked + String(repeating: "X: 4\r\n", count: 257) + "\r\n") == .failed(.headTooLarge))
    let long = "X:" + String(repeating: "a", count: 13_000) + "\r\n"
    #expect(event(chunked + String(repeating: long, count: 5) + "\r\n") == .complete)
    #expect(event(chunked + String(repeating: long, count: 6) + "\r\n") == .failed(.headTooLarge))
  }

  @Test func aLineThatTricklesInIsSearchedOnce() {
    // Whatever was searched is not searched again; a caller that gives less than before loses nothing but that.
    var decoder = ReplyDecoder()
    decoder.begin(isHEAD: false)
    let bytes = Array("HTTP/1.1 200 OK\r\n".utf8)
    let feeds = bytes.withUnsafeBytes { all in
      [12, 5, 0, all.count].map { decoder.feed(UnsafeRawBufferPointer(rebasing: all[..<$0])) }
    }
    #expect(feeds.map(\.consumed) == [0, 0, 0, bytes.count])
    #expect(decoder.status == 200)
  }

  @Test func manyRepliesInOneRun() {
    let seeds = ReplySeed.all.filter { $0.fault == nil && $0.keepsAlive && $0.rest == 0 }
    let bytes = seeds.flatMap(\.bytes)
    var decoder = ReplyDecoder()
    bytes.withUnsafeBytes { all in
      var start = 0
      for seed in seeds {
        decoder.begin(isHEAD: seed.isHEAD)
        let feed = decoder.feed(UnsafeRawBufferPointer(rebasing: all[start...]))
        #expect(feed == Feed(consumed: seed.bytes.count, event: .complete), "\(seed)")
        #expect(decoder.status == seed.status && decoder.keepsAlive, "\(seed)")
        start += feed.consumed
      }
      #expect(start == all.count)
    }
  }
}
