import Patterns
import Scripting
import Testing

@Suite struct MatcherTests {
  private func found(_ pattern: String, group: Int = 0, in text: [UInt8]) throws -> String? {
    var matcher = Matcher(try PatternSet([pattern]))
    return text.withUnsafeBytes { bytes in
      let view = ByteView(bytes)
      return matcher.find(0, group: group, in: view).map { String(decoding: view[$0].buffer, as: UTF8.self) }
    }
  }

  @Test func groups() throws {
    let text = Array("<input name=\"token\" value=\"a1ü2\">".utf8)
    #expect(try found("name=\"token\" value=\"([^\"]+)\"", group: 1, in: text) == "a1ü2")
    #expect(try found("value=.*?>", in: text) == "value=\"a1ü2\">")
    #expect(try found("nowhere", in: text) == nil)
    // A group that is there but took no part.
    #expect(try found("(x)?name", group: 1, in: text) == nil)
    #expect(try found("name|(y)", group: 1, in: text) == nil)
    #expect(try found("a", group: 7, in: text) == nil)
    #expect(try found("^$", in: []) == "")
  }

  @Test func invalidText() throws {
    #expect(try found("b(.)", group: 1, in: [0xFF, 0x61, 0xC3, 0x28, 0x62, 0xC3, 0xBC, 0xFE]) == "ü")
    #expect(try found("ü", in: [0xC3]) == nil)
  }

  /// An expression that backtracks without end is given up, soon and counted.
  @Test func limit() throws {
    var matcher = Matcher(try PatternSet(["(a+)+$", "b"]))
    let text = Array(String(repeating: "a", count: 5_000).utf8) + [0x62]
    text.withUnsafeBytes { bytes in
      let began = ContinuousClock.now
      #expect(matcher.find(0, group: 0, in: ByteView(bytes)) == nil)
      #expect(ContinuousClock.now - began < .seconds(5))
      #expect(matcher.givenUp == 1)
      #expect(matcher.find(1, group: 0, in: ByteView(bytes)) == 5_000..<5_001)
      #expect(matcher.givenUp == 1)
    }
  }

  @Test func messages() {
    let error = #expect(throws: PatternError.self) { _ = try PatternSet(["fine", "a(b"]) }
    #expect(error?.place == 3)
    #expect(
      error?.description
        == "'a(b' at byte 4: found missing closing parenthesis, expected a regular expression as PCRE2 has them")
    let group = #expect(throws: PatternError.self) { try PatternSet.check("(a)(b)", group: 3) }
    #expect(group?.found == "group 3")
    #expect(throws: Never.self) { try PatternSet.check("(a)(b)", group: 2) }
  }
}
