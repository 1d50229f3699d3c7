import CCurl
import Model
import Testing

@testable import CurlTransport

@Suite struct PreparedCallTests {
  private static func prepared(_ bytes: [UInt8]) throws -> (target: [UInt8], headers: [[UInt8]]) {
    try bytes.withUnsafeBytes { bytes in
      let origin = try TargetURL(text: "http://127.0.0.1:8080/").origin
      let call = try #require(PreparedCall(bytes, origin: origin))
      var headers: [[UInt8]] = []
      var next = call.headers
      while let entry = next {
        var text: [UInt8] = []
        var place = entry.pointee.data
        while let byte = place?.pointee, byte != 0 {
          text.append(UInt8(bitPattern: byte))
          place = place?.advanced(by: 1)
        }
        headers.append(text)
        next = entry.pointee.next
      }
      return (call.target.dropLast().map { UInt8(bitPattern: $0) }, headers)
    }
  }

  /// A captured value may be in any coding: each byte but those that end a line or a text is passed on as it is.
  @Test func bytesStayAsTheyAre() throws {
    let value = (1...255).map { UInt8($0) }.filter { $0 != 0x0A && $0 != 0x0D }
    let path = (0x80...0xFF).map { UInt8($0) }
    let request =
      Array("GET /".utf8) + path + Array(" HTTP/1.1\r\nX-Value: a".utf8) + value
      + Array("\r\nX-Empty:\r\nX-Spaces: \t\r\nContent-Length: 0\r\n\r\n".utf8)
    let (target, headers) = try Self.prepared(request)
    #expect(target == [UInt8(ascii: "/")] + path)
    #expect(headers.first == Array("X-Value: a".utf8) + value)
    #expect(
      headers.dropFirst().map { String(decoding: $0, as: UTF8.self) }
        == ["X-Empty;", "X-Spaces;", "Expect:", "Content-Type:"])
  }

  @Test func whatIsNoRequest() {
    for text in ["", "GET", "GET /\r\n", "GET / HTTP/1.1\r\nNo colon\r\n\r\n"] {
      Array(text.utf8).withUnsafeBytes { bytes in
        #expect((try? TargetURL(text: "http://h/")).flatMap { PreparedCall(bytes, origin: $0.origin) } == nil)
      }
    }
  }
}
