import JSONScan
import Testing

private func read(_ text: String) throws(JSONError) -> Node { try JSONReader.document(Array(text.utf8)).root }

private func message(_ bytes: [UInt8]) -> String {
  do throws(JSONError) {
    _ = try JSONReader.document(bytes)
    return "accepted"
  } catch { return error.description }
}

@Suite struct JSONReaderTests {
  @Test func aTreeWithPlaces() throws {
    let root = try read("{\n  \"a\": [1, true,\n null],\n  \"é\": \"x\", \"b\": 1.0}")
    #expect(root.place == Place(line: 1, column: 1))
    #expect(root["a"]?.place == Place(line: 2, column: 8))
    #expect(root["a"]?[0] == Node(.number("1"), at: Place(line: 2, column: 9)))
    #expect(root["a"]?[2] == Node(.null, at: Place(line: 3, column: 2)))
    #expect(root["b"]?.place == Place(line: 4, column: 18), "columns count characters, not bytes")
    #expect(root.members?.map(\.keyPlace.column) == [3, 3, 13])
  }

  @Test func numbersStayText() throws {
    let root = try read("[1.0, 10, -2e3, 18446744073709551615, 123456789012345678901234567890]")
    #expect(root[0]?.int == nil)
    #expect(root[0]?.double == 1)
    #expect(root[1]?.int == 10)
    #expect(root[2]?.int == nil)
    #expect(root[2]?.double == -2000)
    #expect(root[3]?.unsigned == UInt64.max)
    #expect(root[4]?.number == "123456789012345678901234567890")
    #expect(root[4]?.int == nil)
  }

  @Test func escapes() throws {
    let text = try read(#""\"\\\/\b\f\n\r\t\u00e9\u20ac\ud83d\ude00\u0000""#).text
    #expect(text == "\"\\/\u{8}\u{C}\n\r\té€😀\0")
  }

  @Test func equalKeysAreKeptAndReported() throws {
    let (root, duplicates) = try JSONReader.document(Array("{\"a\":1,\n\"b\":2,\"a\":3}".utf8))
    #expect(root["a"]?.int == 3, "the last one wins where a caller just asks")
    #expect(root.members?.count == 3)
    #expect(duplicates.map(\.key) == ["a"])
    #expect(duplicates.map(\.place) == [Place(line: 2, column: 7)])
  }

  @Test func severalValues() throws {
    var reader = JSONReader(Array("{\"a\":1}\n{\"a\":2}\n\n 3 ".utf8)[...])
    var places: [Place] = []
    while let node = try reader.next() { places.append(node.place) }
    #expect(places == [Place(line: 1, column: 1), Place(line: 2, column: 1), Place(line: 4, column: 2)])
  }

  @Test(arguments: [
    ("", "1:1: found the end of the text, expected a value"),
    ("  \n", "2:1: found the end of the text, expected a value"),
    ("{\"a\":1,}", "1:8: found '}', expected a key in quotes"),
    ("[1,]", "1:4: found ']', expected a value"),
    ("[1 2]", "1:4: found '2', expected ',' or ']'"),
    ("{a:1}", "1:2: found 'a', expected a key in quotes or '}'"),
    ("{\"a\" 1}", "1:6: found '1', expected ':' after the key"),
    ("{\"a\":1", "1:7: found the end of the text, expected ',' or '}'"),
    ("01", "1:2: found '1', expected no digit after a leading 0"),
    ("-", "1:2: found the end of the text, expected a digit"),
    ("1.", "1:3: found the end of the text, expected a digit"),
    ("+1", "1:1: found '+', expected a value"),
    ("1e", "1:3: found the end of the text, expected a digit"),
    ("NaN", "1:1: found 'N', expected a value"),
    ("nul", "1:1: found 'n', expected a value"),
    ("1 // x", "1:3: found '/', expected the end of the text"),
    ("'a'", "1:1: found ''', expected a value"),
    ("\"a", "1:3: found the end of the text, expected '\"' at the end of the string"),
    ("\"a\nb\"", "1:3: found the control character 0x0A, expected \\n, \\t or \\u00XX in its place"),
    (#""\x""#, #"1:3: found 'x', expected one of " \ / b f n r t u after '\'"#),
    (#""\u12g4""#, #"1:6: found 'g', expected four hexadecimal digits after '\u'"#),
    (#"["\ud800"]"#, "1:3: found half of a surrogate pair, expected both halves"),
    (#"["\ude00\ud83d"]"#, "1:3: found half of a surrogate pair, expected both halves"),
    (#"["\ud83d\u0041"]"#, "1:3: found half of a surrogate pair, expected both halves"),
    ("\u{FEFF}1", "1:1: found a byte order mark, expected a value"),
    ("é", "1:1: found 'é', expected a value"),
  ])
  func refused(text: String, expected: String) {
    #expect(message(Array(text.utf8)) == expected)
  }

  @Test(
    arguments: [
      [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0x80], [0xFF], [0xE2, 0x28, 0xA1],
      [0xF0, 0x80, 0x80, 0xAF],
    ] as [[UInt8]])
  func badUTF8(bytes: [UInt8]) {
    let first = bytes[0]
    let hex = String(first, radix: 16, uppercase: true)
    #expect(message([0x22, 0x61] + bytes + [0x22]) == "1:3: found the byte 0x\(hex), expected UTF-8")
  }

  @Test func limits() {
    let deep = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
    #expect(message(Array(deep.utf8)) == "accepted")
    #expect(message(Array("[\(deep)]".utf8)) == "1:65: found more than 64 levels, expected fewer")
    #expect(message(Array(repeating: UInt8(ascii: "["), count: 100_000)).contains("64 levels"))
    var limits = JSONReader.Limits()
    limits.bytes = 3
    #expect(throws: JSONError(place: .start, found: "4 bytes", expected: "at most 3")) {
      try JSONReader.document(Array("1234".utf8), limits: limits)
    }
    limits.bytes = 100
    limits.values = 3
    #expect(throws: JSONError(place: Place(line: 1, column: 6), found: "more than 3 values", expected: "fewer")) {
      try JSONReader.document(Array("[1,2,3]".utf8), limits: limits)
    }
  }

  @Test func scalarsWithoutQuotesTakeTheFieldsType() {
    #expect(Node(.plain("010")).int == nil)
    #expect(Node(.plain("010")).text == "010")
    #expect(Node(.plain("10")).int == 10)
    #expect(Node(.plain("no")).bool == nil)
    #expect(Node(.plain("~")).isNull)
    #expect(Node(.string("10")).int == nil)
    #expect(Node(.number("10")).text == nil)
  }
}
