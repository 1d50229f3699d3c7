import HTTP1
import Model
import TestSupport
import Testing

@testable import Scripting

@Suite struct TemplateTests {
  private static let place = [UInt8](repeating: 0x7C, count: 1)

  /// A body of the values, parted by `|`.
  private func user(_ sources: [(Template.Source, Template.Escape)], _ change: (inout Plan) -> Void = { _ in }) throws
    -> Rendering.User
  {
    var parts: [Template.Part] = []
    for source in sources { parts += [.value(source.0, source.1), .text(TemplateTests.place)] }
    var plan = try Rendering.plan(method: "POST", body: parts)
    change(&plan)
    return Rendering.User(try Script(plan, userAgent: nil), values: 70_000)
  }

  private func body(_ user: Rendering.User, _ number: UInt64, _ iteration: UInt64 = 0, _ stepRun: UInt64 = 0)
    -> [String]
  {
    let context = RenderContext(
      user.script.table, user: number, iteration: iteration, stepRun: stepRun, epochms: 99, memory: user.memory)
    let sunk = Rendering.sunk { user.script.table.renderBody(0, context, into: &$0) }
    return Rendering.text(sunk.bytes).split(separator: "|", omittingEmptySubsequences: false).dropLast().map(
      String.init)
  }

  /// A target without anything to fill in is what `RequestBytes` makes of it, byte for byte.
  @Test func fixedTargetsAreAsBefore() throws {
    let bodies: [[UInt8]] = [[], Array("a=b".utf8)]
    for method in ["GET", "POST", "HEAD", "PUT", "DELETE"] {
      for keepAlive in [true, false] {
        for headers in [
          [], [Header("host", "other"), Header("Content-Type", " text/plain ")], [Header("User-Agent", "mine")],
          [Header("Accept", "x"), Header("Connection", "keep-alive, Close")],
        ] {
          for body in bodies {
            var target = Target(
              name: "t", method: method, url: try TargetURL(text: "https://[::1]:444/a?b"), headers: headers, body: body
            )
            var plan = Plan(name: "p", targets: [target], load: Load(model: .users(1), duration: .seconds(1)))
            plan.options.keepAlive = keepAlive
            let expected = try RequestBytes.render(
              method: method, target: "/a?b", host: "[::1]:444", headers: headers.map { ($0.name, $0.value) },
              body: body, keepAlive: keepAlive, userAgent: "s")
            let script = try Script(plan, userAgent: "s")
            #expect(script.table.isFixed(0))
            #expect(Rendering.User(script).request() == Rendering.text(expected))
            target.template = RequestTemplate(
              path: Template(fixed: Array("/a?b".utf8)), headers: headers.map { Template(fixed: Array($0.value.utf8)) },
              body: Template(fixed: body))
            plan.targets = [target]
            let again = try Script(plan, userAgent: "s")
            #expect(again.table.isFixed(0))
            #expect(Rendering.User(again).request() == Rendering.text(expected))
          }
        }
      }
    }
  }

  @Test func escapes() throws {
    let seed = Fuzz.seed(for: "TemplateTests.escapes")
    var source = SplitMix(seed: seed)
    let user = try user([(.variable(0), .plain), (.variable(0), .url), (.variable(0), .json), (.variable(0), .header)])
    {
      $0.variables = ["v"]
    }
    for _ in 0..<2_000 {
      let scalars = (0..<Int.random(in: 0...12, using: &source)).map { _ in
        Unicode.Scalar(
          [UInt32.random(in: 0...0x7F, using: &source), 0xE9, 0x1F600, 0x22, 0x5C, 0x0A].randomElement(using: &source)
            ?? 0
        )
        .flatMap { $0 == "|" ? "!" : $0 } ?? "x"
      }
      let text = String(String.UnicodeScalarView(scalars))
      user.memory.clear()
      #expect(user.set(0, text) == .stored)
      let got = body(user, 0)
      let url = text.utf8.map { byte -> String in
        let isKept = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~".utf8.contains(byte)
        let digits = String(byte, radix: 16, uppercase: true)
        return isKept ? String(Unicode.Scalar(byte)) : "%" + (digits.count < 2 ? "0" : "") + digits
      }.joined()
      let short: [UInt32: String] = [8: "\\b", 9: "\\t", 10: "\\n", 12: "\\f", 13: "\\r", 0x22: "\\\"", 0x5C: "\\\\"]
      let json = scalars.map { scalar -> String in
        if let known = short[scalar.value] { return known }
        let digits = String(scalar.value, radix: 16)
        return scalar.value < 0x20 ? "\\u00" + (digits.count < 2 ? "0" : "") + digits : String(scalar)
      }.joined()
      let header = String(String.UnicodeScalarView(scalars.filter { ![0, 10, 13].contains($0.value) }))
      #expect(got.map { Array($0.utf8) } == [text, url, json, header].map { Array($0.utf8) }, "seed \(seed): \(text)")
    }
  }

  /// A value can end neither the request line nor a header, whatever it holds and however its template escapes it.
  @Test func noValueSplitsARequest() throws {
    var plan = try Rendering.plan(
      path: [.text(Array("/".utf8)), .value(.variable(0), .plain)], headers: [("X", [.value(.variable(0), .plain)])])
    plan.variables = ["v"]
    let user = Rendering.User(try Script(plan, userAgent: nil))
    #expect(user.set(0, "a b\r\nEvil: 1\r\n\r\nü") == .stored)
    #expect(
      user.request() == "GET /a%20b%0D%0AEvil:%201%0D%0A%0D%0A%C3%BC HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n"
        + "X: a bEvil: 1ü\r\nAccept: */*\r\n\r\n")
  }

  /// In a memory of any size: what is needed is said exactly, nothing is written beyond it, and what fits is the same.
  @Test func anyCapacity() throws {
    var plan = try Rendering.plan(
      path: [.text(Array("/".utf8)), .value(.uuid, .url)], method: "POST",
      headers: [("X", [.value(.pick(list: 0), .header)])],
      body: [.value(.randInt(0...9_999_999), .plain), .value(.pick(list: 0), .json)])
    plan.lists = [ValueList(name: "l", values: ["", "a\u{1}\n\"", String(repeating: "x", count: 40)])]
    let script = try Script(plan, userAgent: "s")
    for number in 0..<20 as Range<UInt64> {
      let context = RenderContext(script.table, user: number, iteration: 0, stepRun: 0, epochms: 0)
      let whole = Rendering.sunk { script.table.render(0, .planned, context, into: &$0) }
      #expect(whole.bytes.count == whole.needed)
      for capacity in 0...whole.needed + 1 {
        let memory = UnsafeMutableRawPointer.allocate(byteCount: capacity + 32, alignment: 8)
        defer { memory.deallocate() }
        memory.initializeMemory(as: UInt8.self, repeating: 0xA5, count: capacity + 32)
        var sink = ByteSink(memory, capacity: capacity)
        script.table.render(0, .planned, context, into: &sink)
        #expect(sink.needed == whole.needed && sink.fits == (capacity >= whole.needed))
        #expect(sink.fits ? Array(sink.bytes.buffer) == whole.bytes : sink.bytes.isEmpty)
        let guarded = UnsafeRawBufferPointer(start: memory + capacity, count: 32)
        #expect(guarded.allSatisfy { $0 == 0xA5 })
      }
    }
  }

  @Test func drawsDependOnTheirNumbersAlone() throws {
    let sources: [(Template.Source, Template.Escape)] = [
      (.randInt(0...Int64.max), .plain), (.randInt(0...Int64.max), .plain), (.uuid, .plain), (.pick(list: 0), .plain),
    ]
    func list(_ plan: inout Plan) { plan.lists = [ValueList(name: "l", values: (0..<1_000).map { "v\($0)" })] }
    let one = try user(sources, list)
    let other = try user(sources, list)
    #expect(body(one, 5, 6, 7) == body(other, 5, 6, 7))
    let base = body(one, 5, 6, 7)
    #expect(base[0] != base[1])
    for changed in [body(one, 6, 6, 7), body(one, 5, 7, 7), body(one, 5, 6, 8), body(one, 6, 5, 7)] {
      for place in 0..<3 { #expect(changed[place] != base[place]) }
    }
    let seeded = try user(sources) {
      list(&$0)
      $0.seed = 2
    }
    for place in 0..<3 { #expect(body(seeded, 5, 6, 7)[place] != base[place]) }
  }

  @Test func randInt() throws {
    let user = try user([
      (.randInt(-3...3), .plain), (.randInt(.min ... .max), .plain), (.randInt(7...7), .plain),
      (.randInt(Int64.max - 1...Int64.max), .plain), (.pick(list: 0), .plain),
    ]) { $0.lists = [ValueList(name: "l", values: ["a", "b", "c", "d", "e"])] }
    var counts: [String: Int] = [:]
    var picks: [String: Int] = [:]
    var negatives = 0
    let n = 14_000
    for number in 0..<n {
      let got = body(user, UInt64(number))
      counts[got[0], default: 0] += 1
      if try #require(Int64(got[1])) < 0 { negatives += 1 }
      #expect(got[2] == "7")
      #expect(["9223372036854775806", "9223372036854775807"].contains(got[3]))
      picks[got[4], default: 0] += 1
    }
    #expect(Set(counts.keys) == Set((-3...3).map { "\($0)" }) && Set(picks.keys) == ["a", "b", "c", "d", "e"])
    // Draws of a fixed seed: χ² of 6 and of 4 degrees is below 22.46 and 18.47 in all but one of a thousand seeds.
    func chiSquare(_ counts: [String: Int]) -> Double {
      let mean = Double(n) / Double(counts.count)
      return counts.values.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) / mean }
    }
    #expect(chiSquare(counts) < 22.46 && chiSquare(picks) < 18.47)
    #expect(abs(Double(negatives) / Double(n) - 0.5) < 0.02)
  }

  /// Each of the values of a bound that does not divide 2⁶⁴ is as likely, also where the bound is nearly 2⁶⁴.
  @Test func unevenBounds() {
    let key = DrawKey(seed: 9)
    let bound: UInt64 = 3 << 62
    var thirds = [0, 0, 0]
    for n in 0..<30_000 as Range<UInt64> {
      let value = key.of(n).below(bound)
      #expect(value < bound)
      thirds[Int(value >> 62)] += 1
    }
    for third in thirds { #expect(abs(third - 10_000) < 400) }
    #expect(Set((0..<64 as Range<UInt64>).map { key.of($0).below(0) }).count == 64)
    #expect((0..<64 as Range<UInt64>).allSatisfy { key.of($0).below(1) == 0 })
  }

  @Test func uuid() throws {
    let user = try user([(.uuid, .plain)])
    var seen: Set<String> = []
    for number in 0..<2_000 {
      let text = body(user, UInt64(number))[0]
      let parts = text.split(separator: "-").map(String.init)
      #expect(parts.map(\.count) == [8, 4, 4, 4, 12])
      #expect(text.allSatisfy { "0123456789abcdef-".contains($0) })
      #expect(parts[2].first == "4" && "89ab".contains(parts[3].first ?? " "))
      #expect(seen.insert(text).inserted)
    }
    // Every bit that is not fixed is set in about half of them.
    for bit in 0..<128 where !(48..<52).contains(bit) && !(64..<66).contains(bit) {
      let set = seen.count { text in
        let digits = Array(text.filter { $0 != "-" })
        return (digits[bit / 4].hexDigitValue ?? 0) >> (3 - bit % 4) & 1 == 1
      }
      #expect(abs(set - 1_000) < 140, "bit \(bit): \(set)")
    }
  }

  @Test func redirectedForms() throws {
    var plan = try Rendering.plan(
      method: "POST",
      headers: [
        ("Authorization", [.text(Array("Basic x".utf8))]), ("Content-Type", [.text(Array("a/b".utf8))]),
        ("Cookie", [.text(Array("own=1".utf8))]), ("X", [.value(.userId, .header)]),
      ], body: [.value(.userId, .plain)])
    plan.options.keepAlive = false
    let script = try Script(plan, userAgent: nil)
    let base = Rendering.withView("/fixed?q=1") { path in
      let room = UnsafeMutableRawPointer.allocate(byteCount: 256, alignment: 8)
      defer { room.deallocate() }
      return Rendering.withView("https://b.example/there?x") { reference -> [String] in
        guard
          case .location(let location) = script.table.location(of: 0, path: path).resolve(
            reference, into: ByteSink(room, capacity: 256))
        else { return [] }
        let context = RenderContext(
          script.table, user: 12, iteration: 0, stepRun: 0, epochms: 0, location: location)
        let forms: [RequestForm] = [
          .redirected(dropsBody: false, leavesOrigin: false), .redirected(dropsBody: true, leavesOrigin: false),
          .redirected(dropsBody: false, leavesOrigin: true), .redirected(dropsBody: true, leavesOrigin: true),
        ]
        return forms.map { form in
          Rendering.text(Rendering.sunk { script.table.render(0, form, context, into: &$0) }.bytes)
        }
      }
    }
    let host = "/there?x HTTP/1.1\r\nHost: b.example\r\n"
    let rest = "X: 12\r\nAccept: */*\r\n"
    let close = "Connection: close\r\n\r\n"
    #expect(
      base == [
        "POST \(host)Authorization: Basic x\r\nContent-Type: a/b\r\nCookie: own=1\r\n\(rest)Content-Length: 2\r\n\(close)12",
        "GET \(host)Authorization: Basic x\r\nCookie: own=1\r\n\(rest)\(close)",
        "POST \(host)Content-Type: a/b\r\n\(rest)Content-Length: 2\r\n\(close)12", "GET \(host)\(rest)\(close)",
      ])
    #expect(script.table.dropsBody(0, status: 301) && script.table.dropsBody(0, status: 303))
    #expect(!script.table.dropsBody(0, status: 307) && !script.table.dropsBody(0, status: 308))
  }

  @Test func refusals() throws {
    var plan = try Rendering.plan(method: "POST", headers: [("Content-Length", [])], body: [.value(.uuid, .plain)])
    #expect(throws: ScriptError.self) { _ = try Script(plan, userAgent: nil) }
    plan.targets[0].headers = [Header("bad name", "x")]
    let error = #expect(throws: ScriptError.self) { _ = try Script(plan, userAgent: nil) }
    #expect(error?.place == "target 't': header 'bad name'")
    plan.targets[0].headers = []
    plan.scenarios = [Scenario(name: "s", steps: [Step(target: 3)])]
    #expect(throws: ScriptError.self) { _ = try Script(plan, userAgent: nil) }
  }
}
