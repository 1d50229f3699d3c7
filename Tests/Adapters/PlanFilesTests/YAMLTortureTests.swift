import Model
import PlanFiles
import Plans
import Testing

/// YAML's dark corners: each is read as written here, or refused with its place.
@Suite struct YAMLTortureTests {
  static let rest = "scenarios: [{url: 'http://h/'}]\n"

  @Test(arguments: [
    // What looks like another type is text where text is meant.
    ("no", "no"), ("010", "010"), ("1.10", "1.10"), ("0x1F", "0x1F"), ("1_000", "1_000"), ("true", "true"),
    ("12:30:45", "12:30:45"),
    ("2024-01-01", "2024-01-01"), ("'null'", "null"), ("\"a\\tb\\u00e9\"", "a\tbé"), ("'it''s'", "it's"),
    ("!!str 10", "10"),
    ("plain # comment", "plain"), ("a#b", "a#b"), ("a: b", ""), ("- a", ""), ("*x", ""), ("&x y", "y"), ("! 10", "10"),
    ("|\n   two\n   lines\n", "two\nlines\n"), ("|-\n   two\n   lines\n", "two\nlines"),
    (">\n   two\n   lines\n", "two lines\n"),
    ("a\n   b", "a b"), (".inf", ".inf"), ("=", "="), ("\"\"", ""), ("~", ""), ("", ""), ("null", ""),
  ])
  func texts(yaml: String, expected: String) throws {
    let text = "scenarios:\n- url: http://h/\n  body: \(yaml)\n"
    let body = (try? plan(text)).map { String(decoding: $0.targets[0].body, as: UTF8.self) } ?? ""
    #expect(body == expected)
  }

  @Test(arguments: [
    ("users: 010", "1:8: users: found '010', expected a whole number of at least 1"),
    ("users: 0x10", "1:8: users: found '0x10', expected a whole number of at least 1"),
    ("users: 1_0", "1:8: users: found '1_0', expected a whole number of at least 1"),
    ("users: 1.0", "1:8: users: found 1.0, expected a whole number of at least 1"),
    ("users: '5'", "1:8: users: found '5', expected a whole number of at least 1"),
    ("users: -1", "1:8: users: found -1, expected a whole number of at least 1"),
    ("users: +5", "1:8: users: found '+5', expected a whole number of at least 1"),
    ("users: 99999999999999999999", "1:8: users: found 99999999999999999999, expected a whole number of at least 1"),
    ("keep_alive: no", "1:13: keep_alive: found 'no', expected true or false"),
    ("keep_alive: True", "1:13: keep_alive: found 'True', expected true or false"),
    ("duration: 1:30", "1:11: duration: found '1:30', expected a duration such as 10s, 250ms, 2m or 1h30m"),
    ("rate: .inf", "1:7: rate: found '.inf', expected a rate above zero such as 500/s, 30000/m or 500"),
    ("users: 1\nusers: 2", "2:1: users: found the key a second time (first at 1:1), expected it once"),
    ("seed: !!int 7\nname: !!binary aGk=", "2:7: found the tag !!binary, expected a plain value"),
    ("name: !ruby/object x", "1:7: found the tag !ruby/object, expected a plain value"),
    ("name: !!set {a}", "1:7: found the tag !!set, expected a plain value"),
    ("? [a]\n: b", "1:3: found a list as a key, expected text"),
    ("? {a: b}\n: c", "1:3: found a mapping as a key, expected text"),
    (": b", "1:1: not YAML: did not find expected key"),
    ("name: *x", "1:7: found the alias *x, expected an anchor &x before it"),
    ("name: &x [*x]", "1:11: found the alias *x, expected an anchor &x before it"),
    ("---\nname: a\n---\nname: b", "3:1: found a second document ('---'), expected one"),
    ("name: [a", "2:10: not YAML: did not find expected ',' or ']' while parsing a flow sequence that began in line 1"),
    ("name: \"a", "3:1: not YAML: found unexpected end of stream while scanning a quoted scalar that began in line 1"),
    ("name: a: b", "1:8: not YAML: mapping values are not allowed in this context"),
    ("\tname: a", "1:1: not YAML: found character that cannot start any token"),
    (
      "name: a\n\tuse",
      "2:1: not YAML: found a tab character that violates indentation while scanning a plain scalar "
        + "that began in line 1"
    ),
    ("name: @x", "1:7: not YAML: found character that cannot start any token"),
    ("name: \"\\q\"", "1:8: not YAML: found unknown escape character"),
    ("a: b\n c: d", "2:3: not YAML: mapping values are not allowed in this context"),
    ("name: a\u{7}b", "1:8: not YAML: control characters are not allowed"),
    ("näme: ü\u{0}", "1:8: not YAML: control characters are not allowed"),
    ("<<: 3", "1:5: found 3 behind '<<', expected a mapping"),
    ("%YAML 3.0\n---\na: b", "1:1: not YAML: found incompatible YAML document"),
  ])
  func refused(yaml: String, expected: String) {
    #expect(errors(yaml + "\n" + YAMLTortureTests.rest) == "plan.yaml:" + expected)
  }

  @Test func emptyTexts() {
    for text in ["", " \n\t\n", "\u{FEFF}", "\u{FEFF}\n"] {
      #expect(errors(text) == "plan.yaml: found nothing in it, expected a plan")
    }
    for text in ["# only a comment\n", "---\n...\n"] {
      #expect(errors(text).contains("expected a plan"), "\(errors(text))")
    }
  }

  @Test func encodings() throws {
    let text = YAMLTortureTests.rest
    #expect(try plan("\u{FEFF}" + text).targets.count == 1, "a byte order mark is dropped")
    #expect(errors("\u{FEFF}users: 0\n" + text).hasPrefix("plan.yaml:1:8:"), "and not counted")
    #expect(try plan(text.split(separator: "\n").joined(separator: "\r\n") + "\r\n").targets.count == 1)
    let wide: [UInt8] = [0xFF, 0xFE] + text.utf8.flatMap { [$0, 0] }
    #expect(errors(wide) == "plan.yaml:1:1: found the byte 0xFF, expected UTF-8")
    #expect(errors(Array("a: é\nb: ".utf8) + [0xE9]) == "plan.yaml:2:4: found the byte 0xE9, expected UTF-8")
  }

  @Test func anchorsAndMerges() throws {
    let document = try plan(
      """
      base_url: http://h
      defaults:
        headers: &shared {A: 1, B: 2}
      scenarios:
        - &first
          path: /a
          weight: 2
          headers: {<<: *shared, B: 3, C: 4}
        - <<: *first
          path: /b
        - <<: [{method: PUT}, *first, {method: POST}]
          name: c
        - path: "/<<"
          headers: {"X": "<<"}
      """)
    #expect(document.targets.map(\.url.target) == ["/a", "/b", "/a", "/<<"])
    #expect(document.targets.map(\.weight) == [2, 2, 2, 1])
    #expect(document.targets[2].method == "PUT", "of merged mappings the first one wins")
    #expect(document.targets[0].headers == [Header("B", "3"), Header("C", "4"), Header("A", "1")])
    #expect(document.targets[1].headers == document.targets[0].headers)
  }

  @Test func billionLaughs() {
    var text = "a: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...9 {
      let one = "*a\(level - 1)"
      text += "b\(level): &a\(level) [\(Array(repeating: one, count: 10).joined(separator: ", "))]\n"
    }
    #expect(errors(text).contains("found aliases for more than 100000 values, expected fewer"))
    let quadratic =
      "a: &a [\(Array(repeating: "x", count: 1_000).joined(separator: ","))]\n"
      + "b: [\(Array(repeating: "*a", count: 1_000).joined(separator: ","))]\n"
    #expect(errors(quadratic).contains("found aliases for more than 100000 values, expected fewer"))
  }

  @Test func depth() {
    let levels = String(repeating: "[", count: 70) + String(repeating: "]", count: 70)
    #expect(errors("name: \(levels)") == "plan.yaml:1:70: found more than 64 levels, expected fewer")
    #expect(errors(String(repeating: "[", count: 100_000)).contains("64 levels"))
    #expect(errors(String(repeating: "- ", count: 20_000)).contains("64 levels"))
    #expect(errors(String(repeating: "{a: ", count: 20_000)).contains("64 levels"))
  }

  @Test func bodiesAsTrees() throws {
    let document = try plan(
      """
      scenarios:
        - url: http://h/
          json_body:
            int: 1
            float: 1.50
            octal: 010
            hex: 0x1F
            yes: yes
            on: true
            "off": "false"
            none: ~
            list: [1, "1", a]
            text: |
              two
              lines
        - url: http://h/
          json_body: {q: "say \\"hi\\" ${WHO}"}
        - url: http://h/
          json_body: ${JSON}
      """, ["WHO": "\"you\"", "JSON": "{\"a\": [1]}"])
    let bodies = document.targets.map { String(decoding: $0.body, as: UTF8.self) }
    #expect(
      bodies[0] == #"{"int":1,"float":1.50,"octal":"010","hex":"0x1F","yes":"yes","on":true,"off":"false","none":null,"#
        + #""list":[1,"1","a"],"text":"two\nlines\n"}"#)
    #expect(bodies[1] == #"{"q":"say \"hi\" \"you\""}"#)
    #expect(bodies[2] == #"{"a": [1]}"#)
  }
}
