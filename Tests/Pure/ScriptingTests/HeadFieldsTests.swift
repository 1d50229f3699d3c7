import Scripting
import TestSupport
import Testing

@Suite struct HeadFieldsTests {
  private func fields(_ head: String) -> [[String]] {
    Rendering.withView(head) { view in
      var fields = HeadFields(view)
      var list: [[String]] = []
      while let field = fields.next() { list.append([Rendering.string(field.name), Rendering.string(field.value)]) }
      return list
    }
  }

  @Test func forms() {
    #expect(
      fields("HTTP/1.1 200 OK\r\nA: 1\r\nb:2\r\nC :\t x y \t\r\nempty:\r\n\r\nbody: no\r\n")
        == [["A", "1"], ["b", "2"], ["C", "x y"], ["empty", ""]])
    #expect(fields("HTTP/1.1 200 OK\nA: 1\nB: 2\n\n") == [["A", "1"], ["B", "2"]])
    // A folded value's further lines, lines without a colon and the last one without an end are passed over.
    #expect(fields("HTTP/1.1 200\r\nA: 1\r\n more: x\r\nrubbish\r\nB: 2\r\nC: 3") == [["A", "1"], ["B", "2"]])
    #expect(
      fields("HTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 100 C\r\n\r\nHTTP/1.1 200 OK\r\nA: 1\r\n\r\n") == [
        ["A", "1"]
      ])
    #expect(fields("") == [] && fields("\r\n") == [] && fields("HTTP/1.1 1") == [])
  }

  @Test func names() {
    Rendering.withView("HTTP/1.1 200 OK\r\nSet-Cookie: a\r\nLOCATION: /x\r\nset-cookie: b\r\n\r\n") { head in
      #expect(HeadFields.first("location", in: head).map(Rendering.string) == "/x")
      #expect(HeadFields.first("locatio", in: head) == nil)
      var fields = HeadFields(head)
      var cookies: [String] = []
      while let value = fields.next(named: "set-cookie") { cookies.append(Rendering.string(value)) }
      #expect(cookies == ["a", "b"])
      #expect(!HeadFields.isChunked(head))
    }
    for (value, isChunked) in [("chunked", true), ("gzip, Chunked", true), ("chunked, x", false), ("", false)] {
      Rendering.withView("HTTP/1.1 200 OK\r\nTransfer-Encoding: \(value)\r\n\r\n") {
        #expect(HeadFields.isChunked($0) == isChunked)
      }
    }
  }

  private func compacted(_ body: [UInt8]) -> [UInt8] {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: body.count, alignment: 1)
    defer { memory.deallocate() }
    memory.copyBytes(from: body)
    let count = ChunkedBody.compact(memory)
    return Array(memory.prefix(count))
  }

  @Test func chunks() {
    let seed = Fuzz.seed(for: "HeadFieldsTests.chunks")
    var source = SplitMix(seed: seed)
    for _ in 0..<3_000 {
      var body: [UInt8] = []
      var coded: [UInt8] = []
      for _ in 0..<Int.random(in: 0...5, using: &source) {
        let chunk = (0..<Int.random(in: 1...40, using: &source)).map { _ in UInt8.random(in: 0...255, using: &source) }
        body += chunk
        let size = String(chunk.count, radix: 16, uppercase: Bool.random(using: &source))
        let form = ["\(size)\r\n", "0\(size);x=\"y\"\r\n", "\(size) \n"].randomElement(using: &source) ?? ""
        coded += Array(form.utf8) + chunk + (Bool.random(using: &source) ? [0x0D, 0x0A] : [0x0A])
      }
      let whole = coded + Array("0\r\nTrailer: 1\r\n\r\n".utf8)
      #expect(compacted(whole) == body, "seed \(seed)")
      // Cut short: nothing but what came before.
      let cut = compacted(Array(whole.prefix(Int.random(in: 0...whole.count, using: &source))))
      #expect(body.starts(with: cut), "seed \(seed)")
      _ = compacted(
        Fuzz.mutated(whole, tokens: ["ffffffffffffffff\r\n", "7fffffffffffffff\r\n", "-1\r\n", "\r\n"], &source))
    }
    #expect(compacted(Array("7fffffffffffffff\r\nabc".utf8)) == [])
    #expect(compacted(Array("3fffffffffffffff\r\nabc".utf8)) == Array("abc".utf8))
  }

  /// Any bytes: no crash, an end, and every part lies in the head.
  @Test func fuzz() {
    let seed = Fuzz.seed(for: "HeadFieldsTests.fuzz")
    var source = SplitMix(seed: seed)
    let text = Array("HTTP/1.1 100 C\r\n\r\nHTTP/1.1 200 OK\r\nSet-Cookie: a=b; Path=/\r\nLocation: /x\r\n\r\n".utf8)
    for _ in 0..<Fuzz.count(40_000) {
      let bytes = Fuzz.mutated(text, tokens: ["\r\n", "\n", ":", " ", "HTTP/1.1 199 \r\n", "\0"], &source)
      let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
      defer { memory.deallocate() }
      memory.copyBytes(from: bytes)
      var fields = HeadFields(ByteView(UnsafeRawBufferPointer(memory)))
      var total = 0
      while let field = fields.next() { total += field.name.count + field.value.count }
      #expect(total <= bytes.count, "seed \(seed): \(bytes)")
    }
  }
}
