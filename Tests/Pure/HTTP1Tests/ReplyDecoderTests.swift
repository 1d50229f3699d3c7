import HTTP1
import Testing

@Suite struct ReplyDecoderTests {
  @Test func aReplyFitsIntoHalfACacheLine() {
    #expect(MemoryLayout<ReplyDecoder>.size <= 32)
    #expect(_isPOD(ReplyDecoder.self))
  }

  @Test func nothingIsAwaitedBeforeARequest() {
    var decoder = ReplyDecoder()
    let feed = [UInt8]("HTTP/1.1 200 OK\r\n".utf8).withUnsafeBytes { decoder.feed($0) }
    #expect(feed == Feed(consumed: 0, event: .complete))
    #expect(!decoder.hasStarted)
  }

  @Test func twoRepliesInOneRun() {
    let first = [UInt8]("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab".utf8)
    let second = [UInt8]("HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n".utf8)
    var decoder = ReplyDecoder()
    decoder.begin(isHEAD: false)
    #expect(
      (first + second).withUnsafeBytes { decoder.feed($0) } == Feed(consumed: first.count, event: .complete))
    #expect(decoder.status == 200 && decoder.keepsAlive && decoder.hasStarted)
    decoder.begin(isHEAD: false)
    #expect(!decoder.hasStarted && decoder.status == 0)
    #expect(second.withUnsafeBytes { decoder.feed($0) } == Feed(consumed: second.count, event: .complete))
    #expect(decoder.status == 404 && decoder.keepsAlive)
  }

  @Test func whatFramesChunksIsCounted() {
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    let body = "1;a=b\r\nx\r\n00a\n0123456789\n0\r\nA: b\r\n\r\n"
    let bytes = [UInt8]((head + body).utf8)
    let whole = ReplyReader.read(bytes)
    #expect(whole.event == .complete && Int(whole.framing) == body.utf8.count - 11)
    #expect(ReplyReader.read(bytes, cuts: 1..<bytes.count) == whole)
    #expect(ReplyReader.read([UInt8]("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx".utf8)).framing == 0)
  }

  @Test func bodiesAreSkippedOnTheWire() {
    var decoder = ReplyDecoder()
    decoder.begin(isHEAD: false)
    let head = [UInt8]("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc".utf8)
    #expect(head.withUnsafeBytes { decoder.feed($0) } == Feed(consumed: head.count, event: .needMore))
    #expect(decoder.skippable == 997 && !decoder.keepsAlive)
    #expect(decoder.skip(900) == .needMore)
    #expect(decoder.skippable == 97)
    #expect(decoder.skip(97) == .complete)
    #expect(decoder.skippable == 0 && decoder.keepsAlive)
    #expect(decoder.skip(5) == .complete)
  }

  @Test func chunksAreSkippedUpToTheirEnd() {
    var decoder = ReplyDecoder()
    decoder.begin(isHEAD: false)
    let head = [UInt8]("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n".utf8)
    #expect(head.withUnsafeBytes { decoder.feed($0) } == Feed(consumed: head.count, event: .needMore))
    #expect(decoder.skippable == 16)
    #expect(decoder.skip(16) == .needMore)
    #expect(decoder.skippable == 0)
    let rest = [UInt8]("\r\n0\r\n\r\n".utf8)
    #expect(rest.withUnsafeBytes { decoder.feed($0) } == Feed(consumed: rest.count, event: .complete))
  }

  @Test func aBodyUpToTheConnectionsEndIsSkippedWithoutEnd() {
    var decoder = ReplyDecoder()
    decoder.begin(isHEAD: false)
    let head = [UInt8]("HTTP/1.1 200 OK\r\n\r\n".utf8)
    #expect(head.withUnsafeBytes { decoder.feed($0) } == Feed(consumed: head.count, event: .needMore))
    #expect(decoder.skippable == Int.max)
    #expect(decoder.skip(1 << 40) == .needMore)
    #expect(decoder.end().event == .complete)
    #expect(!decoder.keepsAlive)
  }

  @Test func aPartialLineCountsAsStarted() {
    var decoder = ReplyDecoder()
    decoder.begin(isHEAD: false)
    #expect(decoder.end().event == .failed(.truncated))
    #expect(!decoder.hasStarted)
    decoder.begin(isHEAD: false)
    #expect([UInt8]("HTT".utf8).withUnsafeBytes { decoder.feed($0) } == Feed(consumed: 0, event: .needMore))
    #expect(decoder.hasStarted)
    #expect(decoder.end().event == .failed(.truncated))
  }

  @Test func rubbishIsKnownByItsFirstByte() {
    var decoder = ReplyDecoder()
    decoder.begin(isHEAD: false)
    #expect([UInt8]("S".utf8).withUnsafeBytes { decoder.feed($0) } == Feed(consumed: 0, event: .failed(.statusLine)))
  }
}
