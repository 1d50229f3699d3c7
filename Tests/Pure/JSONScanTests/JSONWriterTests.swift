import JSONScan
import Testing

@Suite struct JSONWriterTests {
  static func text(indented: Bool = false, _ body: (inout JSONWriter) -> Void) -> String {
    var writer = JSONWriter(indented: indented)
    body(&writer)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  static func nested(_ writer: inout JSONWriter) {
    writer.object { writer in
      writer.key("a")
      writer.array(of: [1, 2]) { $0.integer($1) }
      writer.key("b")
      writer.object { _ in }
      writer.key("c")
      writer.array { writer in
        writer.object { writer in
          writer.key("d")
          writer.null()
        }
        writer.bool(true)
        writer.array { _ in }
        writer.number(1.5)
      }
    }
  }

  @Test func commasAndColonsStandWhereTheyBelong() {
    #expect(Self.text(Self.nested) == #"{"a":[1,2],"b":{},"c":[{"d":null},true,[],1.5]}"#)
  }

  @Test func indentedItSaysTheSame() throws {
    let indented = Self.text(indented: true, Self.nested)
    #expect(indented.hasPrefix("{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {},\n"))
    let plain = try JSONReader.document(Array(Self.text(Self.nested).utf8)).root
    let other = try JSONReader.document(Array(indented.utf8)).root
    #expect(other["a"]?.items?.map(\.int) == plain["a"]?.items?.map(\.int))
    #expect(other["c"]?[0]?["d"]?.isNull == true)
    #expect(other["c"]?[3]?.double == 1.5)
  }

  @Test(arguments: [
    ("a\"b\\c", #""a\"b\\c""#), ("\u{0}\u{1B}[2J\r\n\t", #""\u0000\u001b[2J\r\n\t""#),
    ("\u{7F}\u{85}\u{2028}\u{2029}", #""\u007f\u0085\u2028\u2029""#), ("ä€😀/", "\"ä€😀/\""), ("", "\"\""),
  ])
  func stringsAreEscaped(_ value: String, _ expected: String) throws {
    let text = Self.text { $0.string(value) }
    #expect(text == expected)
    #expect(try JSONReader.document(Array(text.utf8)).root.text == value)
  }

  @Test func numbersThatJSONLacksAreNull() {
    for value in [Double.nan, .infinity, -.infinity] { #expect(Self.text { $0.number(value) } == "null") }
    #expect(Self.text { $0.integer(UInt64.max) } == "18446744073709551615")
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func numbersReadBackTheSame(_ seed: UInt64) throws {
    let value = Double(bitPattern: (seed &+ 1) &* 0x9E37_79B9_7F4A_7C15)
    if !value.isFinite { return }
    let text = Self.text { $0.number(value) }
    #expect(try JSONReader.document(Array(text.utf8)).root.double == value, "seed \(seed)")
  }
}
