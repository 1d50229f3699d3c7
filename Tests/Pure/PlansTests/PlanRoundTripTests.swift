import JSONScan
import Model
import Plans
import TestSupport
import Testing

/// Any plan, written and read again, is the same plan.
@Suite struct PlanRoundTripTests {
  @Test func anyPlan() throws {
    let seed = Fuzz.seed(for: "PlanRoundTripTests")
    var maker = PlanMaker(source: SplitMix(seed: seed))
    for round in 0..<Fuzz.count(500) {
      let plan = try maker.make()
      let text = PlanText.encode(plan)
      let root = try JSONReader.document(text).root
      do {
        let again = try PlanReader.read(root, format: .json, file: "plan.json", name: "-", environment: ["X": "wrong"])
          .resolved(with: PlanOverrides()).plan
        if again != plan {
          Issue.record("seed \(seed), round \(round): \(String(decoding: text, as: UTF8.self))\n\(plan)\n\(again)")
          return
        }
      } catch {
        Issue.record("seed \(seed), round \(round): \(error)\n\(String(decoding: text, as: UTF8.self))")
        return
      }
    }
  }
}

/// Makes plans as the reader would: each step has its own target, in the order of the text.
private struct PlanMaker {
  var source: SplitMix
  private var plan = Plan(name: "p", targets: [], load: Load(model: .users(1), duration: nil))
  private var known: [Int] = []

  init(source: SplitMix) { self.source = source }

  private mutating func below(_ count: Int) -> Int { Int.random(in: 0..<count, using: &source) }
  private mutating func one<T>(_ items: [T]) -> T { items[below(items.count)] }
  private mutating func text(_ most: Int = 6) -> String {
    let pieces = ["$", "{", "}", "$$", "{{", "}}", "${", "X", ":-", "\"", "\\", "\n", "é", " ", "'", "%", "#"]
    return (0..<below(most + 1)).map { _ in one(pieces) }.joined()
  }
  private mutating func line(_ most: Int = 6) -> String {
    String(text(most).filter { $0 != "\n" }).split(separator: " ").joined(separator: " ")
  }
  private mutating func span() -> TimeSpan { TimeSpan(nanoseconds: Int64(below(5_000_000_000) + 1)) }

  mutating func make() throws -> Plan {
    var options = AttackOptions()
    options.redirects = below(20)
    options.cookies = below(2) == 0
    options.sharedConnections = below(2) == 0
    options.connections = below(2) == 0 ? below(100) + 1 : nil
    options.think = below(2) == 0 ? think() : nil
    options.retries = below(2) == 0 ? RetryPolicy(most: below(5) + 1, pause: span(), longest: span()) : nil
    options.samples = SampleKeeping(oneIn: UInt64(below(4)), bound: one([1_024, 1, 7]))
    options.breaker = below(2) == 0 ? CircuitBreaker(failures: below(5) + 1, rest: span()) : nil
    var load = Load(model: .users(below(9) + 1), duration: nil)
    load.iterations = UInt64(below(9) + 1)
    load.userLimit = below(2) == 0 ? .perSecond(below(9) + 1) : nil
    load.limit = below(2) == 0 ? .perSecond(below(9) + 1) : nil
    load.warmUp = below(2) == 0 ? span() : .zero
    plan = Plan(name: "p", targets: [], load: load, options: options, seed: UInt64(below(1000)))
    for index in 0..<below(3) {
      plan.lists.append(ValueList(name: "list\(index)", values: (0...below(3)).map { _ in text() }))
    }
    for index in 0..<below(3) {
      let columns = (0...below(3)).map { "col \($0)" }
      let rows = (0...below(3)).map { _ in columns.map { _ in text() } }
      plan.feeds.append(
        DataFeed(
          name: "feed\(index)", mode: one(DataFeed.Mode.allCases), exhausted: one(DataFeed.Exhausted.allCases),
          columns: columns, rows: rows))
    }
    known = []
    plan.setup = try steps(below(3))
    let afterSetup = known
    for index in 0...below(3) {
      known = afterSetup
      plan.scenarios.append(
        Scenario(name: "s\(index) " + "{{x}}", weight: below(9) + 1, steps: try steps(below(3) + 1)))
    }
    known = afterSetup
    plan.teardown = try steps(below(3))
    for text in ["p99<250ms", "target 0:errors<1%", "rps>=5"] where below(2) == 0 {
      plan.thresholds.append(try ThresholdText.read(text))
    }
    return plan
  }

  private mutating func think() -> ThinkTime {
    switch below(4) {
    case 0: return .fixed(span())
    case 1:
      let low = span()
      return .uniform(low...low + span())
    case 2: return .normal(mean: span(), deviation: span())
    case _: return .exponential(mean: span())
    }
  }

  private mutating func steps(_ count: Int) throws -> [Step] {
    try (0..<count).map { _ in
      var step = Step(target: plan.targets.count)
      step.repeats = below(3) + 1
      step.think = below(3) == 0 ? think() : nil
      switch below(8) {
      case 5: step.condition = .status(one([Condition.anyStatus, 200...200, 400...499]), isIn: below(2) == 0)
      case 6 where !plan.feeds.isEmpty:
        let feed = below(plan.feeds.count)
        step.condition = .differs(.column(feed: feed, column: below(plan.feeds[feed].columns.count)), text: line())
      case 0: step.condition = .chance(millionths: below(1_000_001))
      case 1 where !known.isEmpty: step.condition = .equals(.variable(one(known)), text: line())
      case 2 where !known.isEmpty:
        step.condition = below(2) == 0 ? .has(.variable(one(known))) : .lacks(.variable(one(known)))
      case _: break
      }
      plan.targets.append(try target())
      return step
    }
  }

  private mutating func value() -> Template.Source {
    switch below(9) {
    case 0: return .randInt(Int64(-below(9))...Int64(below(9)))
    case 1: return .epochms
    case 2: return .userId
    case 3: return .uuid
    case 4: return .iteration
    case 5 where !plan.lists.isEmpty: return .pick(list: below(plan.lists.count))
    case 6 where !plan.feeds.isEmpty:
      let feed = below(plan.feeds.count)
      return .column(feed: feed, column: below(plan.feeds[feed].columns.count))
    case _ where !known.isEmpty: return .variable(one(known))
    case _: return .userId
    }
  }

  private func shown(_ template: Template) -> String {
    var text = ""
    for part in template.parts {
      switch part {
      case .text(let bytes): text += String(decoding: bytes, as: UTF8.self)
      case .value(let source, _):
        switch source {
        case .randInt: text += ":randInt"
        case .pick(let list): text += ":" + plan.lists[list].name
        case .epochms: text += ":epochms"
        case .userId: text += ":userId"
        case .uuid: text += ":uuid"
        case .iteration: text += ":iteration"
        case .column(let feed, let column):
          text += ":" + plan.feeds[feed].columns[column].split(separator: " ").joined(separator: "%20")
        case .variable(let variable): text += ":" + plan.variables[variable]
        }
      }
    }
    return text
  }

  private mutating func target() throws -> Target {
    let isTemplated = below(3) > 0
    func part(_ text: String) -> [Template.Part] { text.isEmpty ? [] : [.text(Array(text.utf8))] }
    var path = Template(parts: part("/a" + one(["", "$", "{", "?b=$"])))
    var headers: [(String, Template)] = (0..<below(3)).map { ("H\($0 % 2)", Template(parts: part(line()))) }
    var body = Template(parts: part(text()))
    if isTemplated {
      path.parts += [.value(value(), .url)] + part(one(["", "/x", "}"]))
      headers.append(("A", Template(parts: part("b" + line()) + [.value(value(), .header), .value(value(), .header)])))
      let escape = one([Template.Escape.plain, .url])
      body.parts += [.value(value(), escape)] + part("}" + text())
    }
    let url = try TargetURL(text: "http://h:1" + shown(path))
    var target = Target(
      name: "target \(plan.targets.count)", method: one(["GET", "PUT"]), url: url,
      headers: headers.map { Header($0.0, shown($0.1)) }, body: Array(shown(body).utf8),
      expectedStatus: 200...(200 + below(99)), timeout: below(2) == 0 ? span() : nil)
    if isTemplated { target.template = RequestTemplate(path: path, headers: headers.map(\.1), body: body) }
    for index in 0..<below(3) { target.checks.append(Check(name: "c\(index)", rule: rule())) }
    for _ in 0..<below(3) {
      if plan.variables.count < 4 { plan.variables.append("v\(plan.variables.count)") }
      let fresh = plan.variables.indices.filter { index in
        let isUsed = plan.targets.contains { $0.captures.contains { $0.variable == index } }
        return !target.captures.contains { $0.variable == index } && (isUsed || index == plan.variables.count - 1)
      }
      guard let variable = fresh.last else { continue }
      target.captures.append(Capture(variable: variable, source: capture(), fallback: below(2) == 0 ? text() : nil))
    }
    // A variable that nothing captures is none.
    let captured = Set((plan.targets + [target]).flatMap { $0.captures.map(\.variable) })
    while let last = plan.variables.indices.last, !captured.contains(last) { plan.variables.removeLast() }
    known += target.captures.map(\.variable).filter { !known.contains($0) }
    return target
  }

  private mutating func path() -> JSONPath {
    one([
      JSONPath(text: "$.a[0]", elements: [.key("a"), .index(0)]), JSONPath(text: "$", elements: []),
      JSONPath(text: "$[\"${X}{{\"]", elements: [.key("${X}{{")]),
    ])
  }

  private mutating func capture() -> Capture.Source {
    switch below(4) {
    case 0: .json(path())
    case 1: .header("X-Id")
    case 2: .cookie("SID")
    case _: .regex("a(b){2} " + text(), group: below(3))
    }
  }

  private mutating func rule() -> Check.Rule {
    let match: Check.Match = one([.exists, .missing, .equals(text()), .contains("x" + text()), .matches("x" + text())])
    switch below(6) {
    case 0: return .status(200...(200 + below(99)))
    case 1: return .header("X", match)
    case 2: return .body(match)
    case 3: return .json(path(), match)
    case 4: return .size(UInt64(below(9))...(below(2) == 0 ? .max : 99))
    case _: return .time(span())
    }
  }
}
