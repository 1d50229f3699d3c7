import Model
import TestSupport
import Testing

@testable import Plans

/// Thresholds, conditions, pauses, JSON paths, sizes and sign-ins by flag as people write them.
@Suite struct ValueTextTests {
  @Test(
    arguments: [
      ("p99<250ms", nil, Threshold.Measure.percentile(millionths: 990_000), Threshold.Comparison.below, 250_000),
      ("p99.9 <= 1s", nil, .percentile(millionths: 999_000), .atMost, 1_000_000),
      ("p100<1us", nil, .percentile(millionths: 1_000_000), .below, 1), ("mean<10ms", nil, .mean, .below, 10_000),
      ("max<1m", nil, .greatest, .below, 60_000_000), ("min>0", nil, .least, .above, 0),
      ("errors<1%", nil, .errors, .below, 10_000), ("error_rate<=0.05%", nil, .errors, .atMost, 500),
      ("rps>=500", nil, .rps, .atLeast, 500_000_000), ("rps>30000/m", nil, .rps, .above, 500_000_000),
      ("checks>99%", nil, .checks, .above, 990_000),
      ("Login:p95<400ms", "Login", .percentile(millionths: 950_000), .below, 400_000),
      ("GET /users/:id:median<1ms", "GET /users/:id", .percentile(millionths: 500_000), .below, 1_000),
      ("a<b:max<1s", "a<b", .greatest, .below, 1_000_000),
    ] as [(String, String?, Threshold.Measure, Threshold.Comparison, Int64)])
  func thresholds(
    text: String, name: String?, measure: Threshold.Measure, comparison: Threshold.Comparison, bound: Int64
  ) throws {
    let expected = Threshold(text: text, name: name, measure: measure, comparison: comparison, bound: bound)
    #expect(try ThresholdText.read(text) == expected)
  }

  @Test(arguments: [
    "", "p99", "p99<", "p99<250", "p0<1s", "p101<1s", "p99.99999<1s", "errors<1", "errors<0.00001%", "rps>0", "rps>=1s",
    "mean<1ns", "p99=1s", "p99<<1s", ":p99<1s", "pp<1s", "latency<1s", "rps>=100000000000",
  ])
  func noThresholds(text: String) {
    #expect(throws: ValueError.self) { try ThresholdText.read(text) }
  }

  @Test func thresholdsOfNames() throws {
    #expect(
      try errors(top(#""thresholds": ["errors<1%", "GET /x:p99<1s"]"#))
        == "plan.json:1:30: thresholds[1]: found 'GET /x:p99<1s', expected the name of a request: GET / (did you mean 'GET /'?)"
    )
    let plan = try document(top(#""thresholds": "GET /:p99<1s", "fail_on_error_rate": "1%""#))
    #expect(plan.thresholds.map(\.text) == ["errors<=1%", "GET /:p99<1s"])
    var flags = PlanOverrides()
    flags.thresholds = [try ThresholdText.read("x:p99<1s")]
    #expect(throws: PlanError.self) { try plan.resolved(with: flags) }
  }

  @Test(arguments: [
    ("a", Condition.has(.variable(0))), ("! b ", .lacks(.variable(1))),
    ("a == 'x y'", .equals(.variable(0), text: "x y")),
    ("a!=b", .differs(.variable(0), text: "b")), ("a != '=='", .differs(.variable(0), text: "==")),
    ("a == 50%", .equals(.variable(0), text: "50%")), ("50%", .chance(millionths: 500_000)),
    ("0.0001%", .chance(millionths: 1)), ("100%", .chance(millionths: 1_000_000)),
    ("status == 2xx", .status(200...299, isIn: true)), ("!status", .status(Condition.anyStatus, isIn: false)),
    ("p.c != '2xx'", .differs(.column(feed: 0, column: 0), text: "2xx")),
  ])
  func conditions(text: String, expected: Condition) throws {
    var scope = TemplateScope()
    scope.variables = ["a", "b"]
    scope.known = [0, 1]
    scope.feeds = [(name: "p", columns: ["c"])]
    let names = TemplateNames(scope)
    func read(_ text: String) throws -> Condition {
      try ConditionText.read(text) { (name) throws(ValueError) in try scope.asked(name) }
    }
    #expect(try read(text) == expected)
    #expect(try read(ConditionText.text(expected, names)) == expected)
    for wrong in [
      "", "c", "!", "== x", "101%", "0.00001%", "a b", "p", "p.d", "status == x", "status > 3", "env", "env a b",
    ] {
      #expect(throws: ValueError.self) { try read(wrong) }
    }
  }

  @Test(arguments: [
    ("2s", ThinkTime.fixed(.seconds(2))), ("0", .fixed(.zero)), ("1s..3s", .uniform(.seconds(1) ... .seconds(3))),
    ("uniform 1s 3s", .uniform(.seconds(1) ... .seconds(3))),
    ("normal 2s 500ms", .normal(mean: .seconds(2), deviation: .milliseconds(500))),
    ("exponential 2s", .exponential(mean: .seconds(2))), ("exp 7ns", .exponential(mean: TimeSpan(nanoseconds: 7))),
  ])
  func pauses(text: String, expected: ThinkTime) throws {
    #expect(try ThinkText.read(text) == expected)
    #expect(try ThinkText.read(ThinkText.text(expected)) == expected)
    for wrong in ["", "2", "3s..1s", "1s..", "normal 2s", "exp", "gauss 1s", "1s 2s"] {
      #expect(throws: ValueError.self) { try ThinkText.read(wrong) }
    }
  }

  @Test(
    arguments: [
      ("$", []), ("$.a.b", [.key("a"), .key("b")]), ("items.0.id", [.key("items"), .index(0), .key("id")]),
      ("$[0][-1]", [.index(0), .index(-1)]), (#"$["odd key"]['x.y']"#, [.key("odd key"), .key("x.y")]),
      (#"$["a\"b"]"#, [.key("a\"b")]), ("a-b", [.key("a-b")]), ("$.é", [.key("é")]), ("$.-1", [.key("-1")]),
    ] as [(String, [JSONPath.Element])])
  func paths(text: String, elements: [JSONPath.Element]) throws {
    #expect(try JSONPathText.read(text) == JSONPath(text: text, elements: elements))
  }

  @Test(arguments: ["", "$a", "$.", "$..a", "a.", "a[", "a[x]", "a['x", "a['x'", "$.*", "a[]", "a[?(@.b)]", "a.b]["])
  func noPaths(text: String) { #expect(throws: ValueError.self) { try JSONPathText.read(text) } }

  /// Whatever the text: read or refused, never a trap; what is read keeps its text.
  @Test func fuzz() {
    let seed = Fuzz.seed(for: "ValueTextTests")
    var source = SplitMix(seed: seed)
    let tokens = [
      "$", ".", "[", "]", "'", "\"", "a", "0", "-", "<", ">", "=", "p99", "ms", "%", ":", "..", " ", "é", "{", "status",
      "json", "size", "time", "body", "header",
    ]
    for _ in 0..<Fuzz.count(20_000) {
      let text = (0..<Int.random(in: 0...8, using: &source)).map { _ in tokens.randomElement(using: &source) ?? "" }
        .joined()
      if let path = try? JSONPathText.read(text) { #expect(path.text == text, "seed \(seed)") }
      if let threshold = try? ThresholdText.read(text) { #expect(threshold.bound >= 0, "seed \(seed)") }
      if case .size(let range)? = try? CheckText.read(text) { #expect(range.lowerBound <= range.upperBound) }
      _ = try? ThinkText.read(text)
      _ = try? CaptureReader.source(text)
      _ = CaptureReader.hasGroup(text)
    }
  }

  @Test(arguments: [
    ("a", false), ("(a)", true), ("(?:a)", false), (#"\(a\)"#, false), ("[(]", false), ("(?<n>a)", true),
    ("(?<=a)b", false),
    ("(?P<n>a)", true), ("(*UTF)a", false),
  ])
  func groups(expression: String, has: Bool) { #expect(CaptureReader.hasGroup(expression) == has) }

  @Test func signingInByFlags() throws {
    let document = try document(#"{"scenarios": [{"url": "http://h/a", "weight": 3}, {"url": "http://h/b"}]}"#)
    var flags = PlanOverrides()
    flags.login.url = "http://h/auth?n={{userId}}"
    flags.login.headers = [Header("Authorization", "Bearer {{token}}"), Header("X-Key", "k")]
    flags.headers = [Header("A", "{{uuid}}")]
    let plan = try document.resolved(with: flags).plan
    #expect(plan.targets.map(\.name) == ["Login", "GET /a", "GET /b"])
    #expect(
      plan.targets.map { $0.headers.map(\.name) } == [["A", "X-Key"]]
        + Array(repeating: ["A", "Authorization", "X-Key"], count: 2))
    #expect(plan.setup == [Step(target: 0)] && plan.scenarios.map(\.weight) == [3, 1])
    #expect(plan.scenarios.map(\.steps) == [[Step(target: 1)], [Step(target: 2)]])
    #expect(plan.targets[0].method == "POST" && plan.targets[0].url.target == "/auth?n=:userId")
    #expect(plan.targets[0].captures == [Capture(variable: 0, source: .json(try JSONPathText.read("$.token")))])
    #expect(
      plan.targets[1].template?.headers[1].parts == [.text(Array("Bearer ".utf8)), .value(.variable(0), .header)])
    flags.login.url = nil
    #expect(
      message { () throws(PlanError) in _ = try document.resolved(with: flags) }
        == "--login-hdr: found the template '{{token}}', expected --login-url beside it, or a plan with a 'login:' that captures it"
    )
  }

  @Test func limitsOfUsers() throws {
    let plan = try document(top(#""users": 5, "rps": 2, "max_rate": "10/s", "iterations": 3, "warmup": "1s""#))
    let load = try plan.resolved(with: PlanOverrides()).plan.load
    #expect(
      load.duration == nil && load.iterations == 3 && load.userLimit == .perSecond(2) && load.warmUp == .seconds(1))
    var flags = PlanOverrides()
    flags.load.rate = Shape(.perSecond(7))
    #expect(try plan.resolved(with: flags).plan.load.userLimit == nil)
    flags.load.limits.userLimit = .perSecond(1)
    #expect(throws: PlanError.self) { try plan.resolved(with: flags) }
    let open = try document(top(#""rate": 5, "rps": 2"#))
    #expect(throws: PlanError.self) { try open.resolved(with: PlanOverrides()) }
    let short = try document(top(#""duration": "1s", "warmup": "1s""#))
    #expect(throws: PlanError.self) { try short.resolved(with: PlanOverrides()) }
  }
}
