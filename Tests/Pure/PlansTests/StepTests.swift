import Model
import Testing

@testable import Plans

/// Scenarios of steps, setup, teardown and sign-in.
@Suite struct StepTests {
  @Test func everyFieldOfAStep() throws {
    let plan = try document(
      #"""
      {"base_url": "http://h", "login": {"path": "/auth", "json_body": {"u": 1}, "capture": {"token": "$.token"}},
       "setup": [{"path": "/me", "headers": {"A": "{{token}}"}, "capture": {"role": {"json": "$.role", "default": "none"}}}],
       "scenarios": [
         {"name": "shop", "weight": 3, "think_time": "1s..3s", "steps": [
           {"name": "list", "path": "/items", "checks": ["status 200", "json $.items[0].id exists"],
            "capture": {"id": "$.items[0].id", "n": "regex 'id=(\\d+)'", "h": "header X-Id", "c": "cookie SID"}},
           {"name": "item", "path": "/items/{{id}}", "method": "PUT", "body": "{{n}}{{h}}{{c}}", "repeat": 2,
            "if": "role == 'admin'", "think_time": "exp 2s", "timeout": "1s", "expect_status": "2xx"}]},
         {"path": "/plain", "if": "50%"}],
       "teardown": [{"path": "/bye/{{token}}", "if": "!role"}]}
      """#)
    #expect(plan.variables == ["token", "role", "id", "n", "h", "c"])
    #expect(plan.targets.map(\.name) == ["Login", "GET /me", "list", "item", "GET /plain", "GET /bye/:token"])
    #expect(plan.targets[0].method == "POST")
    #expect(plan.setup.map(\.target) == [0, 1] && plan.teardown.map(\.target) == [5])
    #expect(plan.scenarios.map(\.name) == ["shop", "GET /plain"] && plan.scenarios.map(\.weight) == [3, 1])
    #expect(
      plan.scenarios[0].steps == [
        Step(target: 2, think: .uniform(.seconds(1) ... .seconds(3))),
        Step(
          target: 3, repeats: 2, condition: .equals(.variable(1), text: "admin"), think: .exponential(mean: .seconds(2))
        ),
      ])
    #expect(plan.scenarios[1].steps == [Step(target: 4, condition: .chance(millionths: 500_000))])
    #expect(plan.teardown[0].condition == .lacks(.variable(1)))
    #expect(
      plan.targets[2].captures.map(\.source) == [
        .json(JSONPath(text: "$.items[0].id", elements: [.key("items"), .index(0), .key("id")])),
        .regex(#"id=(\d+)"#, group: 1), .header("X-Id"), .cookie("SID"),
      ])
    #expect(plan.targets[1].captures[0].fallback == "none")
    #expect(plan.targets[2].checks.map(\.name) == ["status 200", "json $.items[0].id exists"])
    #expect(plan.targets[3].expectedStatus == 200...299 && plan.targets[3].timeout == .seconds(1))
  }

  @Test func oneRequestEntriesStayAsTheyAre() throws {
    let plan = try document(#"{"scenarios": [{"url": "http://h/a", "weight": 2}, {"url": "http://h/b"}]}"#)
    #expect(plan.scenarios == [] && plan.targets.map(\.weight) == [2, 1])
    for more in [
      #""checks": ["status 200"]"#, #""repeat": 2"#, #""headers": {"A": "{{uuid}}"}"#, #""think_time": "1s""#,
    ] {
      let scripted = try document(
        #"{"scenarios": [{"url": "http://h/a", "weight": 2}, {"url": "http://h/a", \#(more)}]}"#)
      #expect(scripted.scenarios.map(\.name) == ["GET /a", "GET /a (2)"])
      #expect(scripted.scenarios.map(\.weight) == [2, 1] && scripted.targets.map(\.weight) == [1, 1])
    }
  }

  @Test func aBareList() throws {
    let plan = try document(#"[{"url": "http://h/a"}, {"url": "http://h/b/{{uuid}}", "name": "b"}]"#)
    #expect(plan.scenarios == [Scenario(name: "plan", steps: [Step(target: 0), Step(target: 1)])])
    #expect(try errors(#"[{"url": "http://h/a"}, {"name": "b"}]"#).hasPrefix("plan.json:1:25: [1]: found neither path"))
  }

  /// A default header that names a variable is sent from where the variable is captured on.
  @Test func defaultHeadersAfterTheSignIn() throws {
    let plan = try document(
      #"""
      {"defaults": {"headers": {"Authorization": "Bearer {{token}}", "A": "1"}},
       "login": {"url": "http://h/auth", "capture": {"token": "$.token"}},
       "scenarios": [{"url": "http://h/"}]}
      """#)
    #expect(plan.targets.map { $0.headers.map(\.name) } == [["A"], ["Authorization", "A"]])
    #expect(plan.targets[1].headers[0].value == "Bearer :token")
    let none = try errors(#"{"defaults": {"headers": {"A": "{{token}}"}}, "scenarios": [{"url": "http://h/"}]}"#)
    #expect(none.hasPrefix("plan.json:1:32: defaults.headers.A: found the template '{{token}}', expected"), "\(none)")
  }

  /// A variable hides the status of its name; what the environment says is decided when the plan is read.
  @Test func conditionsAsk() throws {
    func conditions(_ words: [String], capture: String = "x") throws -> [Condition?] {
      let steps = words.map { ", {\"url\": \"http://h/\", \"if\": \"\($0)\"}" }.joined()
      let text = """
        {"rate": 1, "duration": "1s", "feeds": {"people": {"columns": ["id", "plan"], "rows": [["1", "free"]]}},
        "scenarios": [{"steps": [{"url": "http://h/", "capture": {"\(capture)": "$.a"}}\(steps)]}]}
        """
      return try document(text, ["MODE": "full", "NONE": ""]).scenarios[0].steps.dropFirst().map(\.condition)
    }
    let asked = try conditions([
      "x", "people.plan == free", "!people.id", "status", "!status", "status == 2xx", "status != 200-204",
      "env MODE", "!env MODE", "env MODE == full", "env MODE != full", "env NONE", "env OTHER", "!env OTHER",
    ])
    let (always, never) = (Condition.chance(millionths: 1_000_000), Condition.chance(millionths: 0))
    #expect(
      asked == [
        .has(.variable(0)), .equals(.column(feed: 0, column: 1), text: "free"), .lacks(.column(feed: 0, column: 0)),
        .status(Condition.anyStatus, isIn: true), .status(Condition.anyStatus, isIn: false),
        .status(200...299, isIn: true), .status(200...204, isIn: false),
        always, never, always, never, never, never, always,
      ])
    #expect(
      try conditions(["status == 200"], capture: "status") == [.equals(.variable(0), text: "200")])
  }

  @Test(arguments: [
    (
      #"[{"steps": [{"url": "http://h/{{id}}"}, {"url": "http://h/", "capture": {"id": "$.id"}}]}]"#,
      "steps[0].url: found the template '{{id}}', expected a variable that 'setup:' or an earlier step of the same "
        + "scenario captures"
    ),
    (
      #"[{"steps": [{"url": "http://h/", "capture": {"id": "$.id"}}]}, {"steps": [{"url": "http://h/{{id}}"}]}]"#,
      "steps[0].url: found the template '{{id}}', expected a variable that 'setup:' or an earlier step of the same "
        + "scenario captures"
    ),
    (
      #"[{"steps": [{"url": "http://h/", "capture": {"role": "$.id"}}, {"url": "http://h/", "if": "rolle"}]}]"#,
      "steps[1].if: found the variable 'rolle', expected one that 'setup:' or an earlier step of the same scenario "
        + "captures, FEED.COLUMN, status or env NAME (did you mean 'role'?)"
    ),
    (
      #"[{"steps": [{"url": "http://h/", "if": "status == ok"}]}]"#,
      "steps[0].if: found 'ok', expected a status such as 200, or a range such as 200-299 or 2xx"
    ),
    (
      #"[{"steps": [{"url": "http://h/", "if": "later"}, {"url": "http://h/", "capture": {"later": "$.id"}}]}]"#,
      "steps[0].if: found the variable 'later', expected one that 'setup:' or an earlier step of the same scenario captures"
    ),
    (
      #"[{"url": "http://h/", "checks": [\#(Array(repeating: "\"status 200\"", count: 65).joined(separator: ","))]}]"#,
      "checks: found 65 checks, expected at most 64"
    ),
    (#"[{"steps": []}]"#, "steps: found an empty list, expected a list of at least one step"),
    (#"[{"steps": [{"url": "http://h/"}], "url": "http://h/"}]"#, "url: it belongs into an entry of 'steps:'"),
    (
      #"[{"steps": [{"url": "http://h/", "weight": 2}]}]"#,
      "steps[0].weight: unknown field; it belongs into an entry of 'scenarios:'"
    ),
    (
      #"[{"url": "http://h/", "capture": {"uuid": "$.x"}}]"#,
      "capture.uuid: found the variable 'uuid', expected a name of letters, digits, '_' and '-' that is no template's own"
    ),
    (
      #"[{"url": "http://h/", "capture": {"x": "jsn $.x"}}]"#,
      "capture.x: found 'jsn $.x', expected where it is: $.token, 'header X-Id', 'cookie SID' or \"regex 'id=(\\d+)'\" "
        + "(did you mean 'json'?)"
    ),
    (
      #"[{"url": "http://h/", "capture": {"x": "$..x"}}]"#,
      "capture.x: found '$..x', expected a path such as $.items[0].id (searching with '..' is not there)"
    ),
    (
      #"[{"url": "http://h/", "checks": ["stats 200"]}]"#,
      "checks[0]: found 'stats 200', expected \(CheckText.expected) (did you mean 'status'?)"
    ),
    (
      #"[{"url": "http://h/", "checks": [{"name": "x"}]}]"#,
      "checks[0]: found none of status, header, body, json, size, time, expected one of them"
    ),
  ])
  func wrong(scenarios: String, expected: String) throws {
    let text = try errors(#"{"scenarios": \#(scenarios)}"#)
    #expect(text.hasSuffix("]." + expected), "\(text)")
    #expect(text.split(separator: "\n").count == 1, "\(text)")
  }

  @Test func variablesAreBounded() throws {
    func plan(_ count: Int) -> String {
      let captures = (0..<count).map { #""v\#($0)": "$.a""# }.joined(separator: ",")
      return #"{"scenarios": [{"url": "http://h/", "capture": {\#(captures)}}]}"#
    }
    #expect(try document(plan(1_000)).variables.count == 1_000)
    #expect(try errors(plan(1_001)) == "plan.json:1:1: found 1001 captured variables, expected at most 1000")
  }

  @Test func namesOfScenarios() throws {
    let step = #""steps": [{"url": "http://h/"}]"#
    #expect(
      try errors(#"{"scenarios": [{"name": "a", \#(step)}, {"name": "a", \#(step)}]}"#)
        .hasSuffix("scenarios[1].name: found 'a', expected another name for each scenario"))
    let plan = try document(#"{"scenarios": [{"steps": [{"url": "http://h/"}, {"url": "http://h/x"}]}, {\#(step)}]}"#)
    #expect(plan.scenarios.map(\.name) == ["scenario 1", "GET /"])
  }

  @Test func checksInEveryForm() throws {
    let plan = try document(
      #"""
      {"defaults": {"checks": "status 200..299"}, "scenarios": [
        {"url": "http://h/", "expect": {"status": 200, "body": ["contains ok", "matches ^a"], "time": "< 250ms"}},
        {"url": "http://h/", "checks": [
           {"name": "named", "check": "size <= 10KiB"}, {"json": "$.a", "equals": 5}, {"header": "X", "missing": true},
           {"body": "", "contains": "x y"}, {"header": "X contains y"}, "$.b == 'q'"]}]}
      """#)
    let all = Check(name: "status 200..299", rule: .status(200...299))
    #expect(
      plan.targets[0].checks == [
        all, Check(name: "status 200", rule: .status(200...200)),
        Check(name: "body contains ok", rule: .body(.contains("ok"))),
        Check(name: "body matches ^a", rule: .body(.matches("^a"))),
        Check(name: "time < 250ms", rule: .time(TimeSpan(nanoseconds: 249_999_999))),
      ])
    #expect(
      plan.targets[1].checks == [
        all, Check(name: "named", rule: .size(0...10_240)),
        Check(name: "json $.a equals", rule: .json(JSONPath(text: "$.a", elements: [.key("a")]), .equals("5"))),
        Check(name: "header X missing", rule: .header("X", .missing)),
        Check(name: "body  contains", rule: .body(.contains("x y"))),
        Check(name: "header X contains y", rule: .header("X", .contains("y"))),
        Check(name: "$.b == 'q'", rule: .json(JSONPath(text: "$.b", elements: [.key("b")]), .equals("q"))),
      ])
  }
}
