import Model
import Scripting
import Testing

@Suite struct EvaluationTests {
  /// Finds `Script.patterns` as plain texts, and a group as what stands behind it.
  struct PlainMatcher: PatternMatcher {
    var texts: [String]

    mutating func find(_ pattern: Int, group: Int, in text: ByteView) -> Range<Int>? {
      let bytes = Array(text.buffer)
      let wanted = Array(texts[pattern].utf8)
      for place in 0...max(bytes.count - wanted.count, 0) where bytes[place...].starts(with: wanted) {
        let end = place + wanted.count
        return group == 0 ? place..<end : end..<min(end + group, bytes.count)
      }
      return nil
    }
  }

  private static let head =
    "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nX-Id: one\r\nx-id: two\r\nSet-Cookie: sid=abc; Path=/\r\n"
    + "Set-Cookie: sid=def\r\n\r\n"
  private static let body = #"{"id":42,"name":"a\"b\u00e9","items":[{"n":1},{"n":2}],"ok":true,"none":null}"#

  private func path(_ elements: JSONPath.Element...) -> JSONPath { JSONPath(text: "", elements: elements) }

  private func script(_ rules: [Check.Rule], _ captures: [Capture] = []) throws -> Script {
    var plan = try Rendering.plan()
    plan.variables = ["a", "b", "c"]
    plan.targets[0].checks = rules.map { Check(name: "c", rule: $0) }
    plan.targets[0].captures = captures
    return try Script(plan, userAgent: nil)
  }

  private func outcome(
    _ script: Script, head: String = head, body: String = body, status: Int = 201, size: Int64 = 80,
    time: Int64 = 5_000_000
  ) -> CheckOutcome {
    Rendering.withView(head) { head in
      Rendering.withView(body) { body in
        var matcher = PlainMatcher(texts: script.patterns)
        let room = UnsafeMutableRawPointer.allocate(byteCount: 256, alignment: 8)
        defer { room.deallocate() }
        return script.table.check(
          0, ReplyView(status: status, head: head, body: body, size: size, time: time), &matcher,
          scratch: ByteSink(room, capacity: 256))
      }
    }
  }

  @Test func checks() throws {
    let holding: [Check.Rule] = [
      .status(200...201), .size(80...80), .time(.milliseconds(5)), .body(.exists), .body(.contains("items")),
      .body(.equals(EvaluationTests.body)), .body(.matches("true")), .header("content-TYPE", .exists),
      .header("X-ID", .equals("two")), .header("X-ID", .equals("one")), .header("content-type", .contains("json")),
      .header("x-id", .matches("tw")), .header("missing", .missing), .json(path(.key("id")), .equals("42")),
      .json(path(.key("name")), .equals("a\"bé")), .json(path(.key("name")), .contains("\"bé")),
      .json(path(.key("name")), .matches("b\u{e9}")), .json(path(.key("items"), .index(-1), .key("n")), .equals("2")),
      .json(path(.key("none")), .exists), .json(path(.key("nope")), .missing), .json(path(.key("ok")), .equals("true")),
      .json(path(.key("items")), .contains("\"n\":2")), .json(path(), .exists),
    ]
    let good = try script(holding)
    #expect(good.table.checkCount(0) == holding.count)
    let outcome = outcome(good)
    #expect(outcome.passed && outcome.firstFailed == nil && outcome.count == holding.count)
    let failing: [Check.Rule] = [
      .status(200...200), .size(81...90), .time(TimeSpan(nanoseconds: 4_999_999)), .body(.missing),
      .body(.contains("itemz")),
      .body(.equals("x")), .body(.matches("tru3")), .header("content-type", .missing), .header("x-id", .equals("on")),
      .header("none", .exists), .header("none", .equals("")), .header("none", .contains("")),
      .header("x-id", .matches("x")),
      .json(path(.key("id")), .equals("4")), .json(path(.key("name")), .equals("a\"b")),
      .json(path(.key("name")), .equals("a\"bé!")), .json(path(.key("name")), .contains("c")),
      .json(path(.key("name")), .matches("\\u00e9")), .json(path(.key("nope")), .exists),
      .json(path(.key("nope")), .equals("")), .json(path(.key("id")), .missing), .json(path(.index(0)), .exists),
    ]
    let bad = try script(failing)
    #expect(self.outcome(bad).failed == 1 << UInt64(failing.count) - 1)
    let mixed = try script([.status(201...201), .json(path(.key("nope")), .exists), .body(.exists), .body(.missing)])
    #expect(self.outcome(mixed).failed == 0b1010 && self.outcome(mixed).firstFailed == 1)
    // Of no body: it equals the empty text, and is missing.
    let empty = try script([.body(.missing), .body(.equals("")), .body(.contains("")), .json(path(), .missing)])
    #expect(self.outcome(empty, body: "").passed)
    #expect(try script([]).table.needs(0) == [])
    #expect(try script([.status(1...2), .time(.zero), .size(0...1)]).table.needs(0) == .evaluation)
    #expect(try script([.header("x", .exists)]).table.needs(0) == [.evaluation, .head])
    #expect(try script([.body(.exists)]).table.needs(0) == [.evaluation, .body])
    #expect(try script([], [Capture(variable: 0, source: .cookie("x"))]).table.needs(0) == [.evaluation, .head])
    #expect(throws: ScriptError.self) { try script(Array(repeating: .status(1...2), count: 65)) }
    #expect(throws: ScriptError.self) { try script([], [Capture(variable: 3, source: .cookie("x"))]) }
  }

  private func captured(_ script: Script, _ user: Rendering.User) -> CaptureOutcome {
    Rendering.withView(EvaluationTests.head) { head in
      Rendering.withView(EvaluationTests.body) { body in
        var matcher = PlainMatcher(texts: script.patterns)
        return script.table.capture(
          0, ReplyView(status: 201, head: head, body: body, size: 1, time: 1), &matcher, into: user.memory)
      }
    }
  }

  @Test func captures() throws {
    func values(_ captures: [Capture]) throws -> (CaptureOutcome, [String?]) {
      let script = try script([], captures)
      let user = Rendering.User(script)
      let outcome = captured(script, user)
      return (outcome, (0..<3).map { user.memory.value($0).map(Rendering.string) })
    }
    var (outcome, found) = try values([
      Capture(variable: 0, source: .json(path(.key("name")))), Capture(variable: 1, source: .header("X-Id")),
      Capture(variable: 2, source: .cookie("sid")),
    ])
    #expect(outcome == .done && found == ["a\"bé", "one", "def"])
    (outcome, found) = try values([
      Capture(variable: 0, source: .json(path(.key("items"), .index(1)))),
      Capture(variable: 1, source: .regex("\"id\":", group: 2)),
      Capture(variable: 2, source: .cookie("none"), fallback: "else"),
    ])
    #expect(outcome == .done && found == [#"{"n":2}"#, "42", "else"])
    (outcome, found) = try values([
      Capture(variable: 0, source: .json(path(.key("ok")))), Capture(variable: 1, source: .header("none")),
      Capture(variable: 2, source: .cookie("sid")),
    ])
    #expect(outcome == .missing(1) && found == ["true", nil, nil])
    (outcome, _) = try values([Capture(variable: 0, source: .regex("nowhere", group: 0))])
    #expect(outcome == .missing(0))
  }

  @Test func aValueThatIsTooLongIsNotCalledMissing() throws {
    let script = try script([], [Capture(variable: 0, source: .json(path(.key("long"))), fallback: "else")])
    let user = Rendering.User(script, values: 64)
    let body = #"{"long": ""# + String(repeating: "x", count: UserMemory.longestValue + 1) + #""}"#
    let outcome = Rendering.withView(body) { body in
      var matcher = PlainMatcher(texts: script.patterns)
      return script.table.capture(
        0, ReplyView(status: 200, head: .empty, body: body, size: 1, time: 1), &matcher, into: user.memory)
    }
    #expect(outcome == .tooLong(0))
  }

  @Test func capturesAskForRoom() throws {
    let script = try script(
      [],
      [
        Capture(variable: 0, source: .json(path(.key("items")))),
        Capture(variable: 1, source: .json(path(.key("name")))),
      ])
    let user = Rendering.User(script, values: 4)
    var rounds = 0
    while case .needs(let bytes) = captured(script, user), rounds < 10 {
      #expect(bytes > user.memory.capacity)
      user.grow(to: bytes)
      rounds += 1
    }
    #expect(rounds > 0 && captured(script, user) == .done)
    #expect(user.memory.value(0).map(Rendering.string) == #"[{"n":1},{"n":2}]"#)
    #expect(user.memory.value(1).map(Rendering.string) == "a\"bé")
  }
}
