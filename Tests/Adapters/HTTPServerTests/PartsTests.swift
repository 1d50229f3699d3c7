import Model
import Testing

@testable import HTTPServer

@Suite struct PartsTests {
  @Test(arguments: [
    (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
    (1_709_164_799, "Wed, 28 Feb 2024 23:59:59 GMT"), (1_709_164_800, "Thu, 29 Feb 2024 00:00:00 GMT"),
  ])
  func dates(_ second: Int64, _ text: String) {
    #expect(String(decoding: DateLine.render(second: second), as: UTF8.self) == "Date: \(text)\r\n")
  }

  @Test func headerValuesCannotAddHeaders() {
    let lines = HeaderLines("X y", "a\r\nSet-Cookie: b\0c\u{7F}\td")
    #expect(String(decoding: lines.bytes, as: UTF8.self) == "X-y: a  Set-Cookie: b c \td\r\n")
  }

  @Test func problemsEscapeWhatTheyQuote() {
    let response = Response.problem(400, "found '\"\\\n\u{1}'")
    guard case .bytes(let body) = response.body else { return }
    #expect(String(decoding: body, as: UTF8.self).contains(#""detail":"found '\"\\\u000a\u0001'"}"#))
  }

  @Test func connectionsAreCountedPerClient() {
    var limits = Limits()
    limits.connections = 3
    limits.connectionsPerAddress = 2
    let admissions = Admissions(limits)
    let a = IPAddress.v4(1)
    #expect(admissions.admit(a) && admissions.admit(a) && !admissions.admit(a))
    #expect(admissions.admit(.v6(7, 1)) && !admissions.admit(.v4(2)))
    admissions.leave(a)
    #expect(admissions.count == 2)
    // Addresses of one /64 are one client.
    #expect(admissions.admit(.v6(7, 2)))
    admissions.leave(a)
    #expect(!admissions.admit(.v6(7, 3)) && admissions.admit(a))
  }

  @Test func aLiteralRouteWinsAndEncodingsAreSeenThrough() {
    var router = Router()
    router.on(.get, "/:any") { _ in .now(.text("any")) }
    router.on(.get, "/fixed") { _ in .now(.text("fixed")) }
    router.on(.get, "/tree/*") { _ in .now(.text("tree")) }
    func found(_ path: String) -> String {
      switch router.find(.get, path: Array(path.utf8)[...]) {
      case .found(_, let parameters): "found \(parameters.map(\.value))"
      case .noPath: "no path"
      case .noMethod(let allow): "allow \(allow)"
      case .options(let allow): "options \(allow)"
      case .badPath: "bad path"
      }
    }
    #expect(found("/fixed") == "found []")
    #expect(found("/f%69xed") == "found []")
    #expect(found("/other") == #"found ["other"]"#)
    #expect(found("/a%2Fb") == #"found ["a/b"]"#)
    #expect(found("/") == "no path")
    #expect(found("/tree/a/b") == "found []" && found("/tree") == #"found ["tree"]"#)
    #expect(found("/%") == "bad path" && found("/%4") == "bad path" && found("/%4g") == "bad path")
  }

  @Test(arguments: [0, 9, 10, 15, 16, 255, 256, 65_535, 1_000_000, Int.max])
  func numbersAreWrittenInBothBases(_ number: Int) {
    func written(_ body: (inout Cursor) -> Void) -> String {
      withUnsafeTemporaryAllocation(byteCount: 32, alignment: 1) { room in
        var cursor = Cursor(room: room)
        body(&cursor)
        return String(decoding: room[..<cursor.count], as: UTF8.self)
      }
    }
    #expect(written { $0.add(decimal: number) } == String(number))
    #expect(written { $0.add(hexadecimal: number) } == String(number, radix: 16))
  }
}
