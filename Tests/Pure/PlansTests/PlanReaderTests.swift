import JSONScan
import Model
import Plans
import Testing

@Suite struct PlanReaderTests {
  @Test func theShortestPlan() throws {
    let plan = try document(#"{"scenarios": [{"url": "http://h/"}]}"#)
    #expect(plan.name == "plan")
    #expect(plan.targets == [Target(name: "GET /", url: try TargetURL(text: "http://h/"))])
    #expect(plan.load == LoadChoice())
    #expect(plan.options == AttackOptions())
    #expect(plan.seed == 1)
    let resolved = try plan.resolved(with: PlanOverrides())
    #expect(resolved.plan.load == Load(model: .arrivals(.perSecond(50)), duration: .seconds(10)))
    #expect(resolved.assumed == ["50/s", "10s"])
  }

  @Test func usersAndRequestsInDefaults() throws {
    let plan = try document(
      #"""
      {"base_url": "http://h:8080", "defaults": {"method": "GET", "headers": {"A": "1"}, "timeout": "2s",
        "concurrency": 10, "requests": 200},
       "scenarios": [{"name": "a", "path": "/a", "weight": 3},
                     {"name": "b", "path": "b?x", "method": "POST", "headers": {"a": "2"}, "body": "x"},
                     {"path": "?y"}, {"path": ""}]}
      """#)
    let resolved = try plan.resolved(with: PlanOverrides())
    #expect(resolved.plan.load == Load(model: .users(10), duration: nil, requests: 200))
    #expect(resolved.assumed == [])
    #expect(resolved.plan.options.timeout == .seconds(2))
    #expect(
      plan.targets.map(\.url.description) == [
        "http://h:8080/a", "http://h:8080/b?x", "http://h:8080/?y", "http://h:8080/",
      ])
    #expect(plan.targets[0].headers == [Header("A", "1")])
    #expect(plan.targets[1].headers == [Header("a", "2")])
    #expect(plan.targets.map(\.weight) == [3, 1, 1, 1])
    #expect(plan.targets[2].name == "GET /")
  }

  @Test(arguments: [
    ("200", 200...200), (#""2xx""#, 200...299), (#""4XX""#, 400...499), (#""200-204""#, 200...204),
    ("[404]", 404...404),
  ])
  func statuses(text: String, expected: ClosedRange<Int>) throws {
    #expect(try document(scenario(#""expect_status": \#(text)"#)).targets[0].expectedStatus == expected)
  }

  @Test func jsonBodies() throws {
    func body(_ json: String) throws -> String {
      let target = try document(scenario(#""json_body": \#(json)"#)).targets[0]
      #expect(target.headers == [Header("Content-Type", "application/json")])
      return String(decoding: target.body, as: UTF8.self)
    }
    #expect(try body(#""{ \"a\":  1 }""#) == #"{ "a":  1 }"#, "text is sent as it stands")
    #expect(try body(#"{"a": 1.50, "b": [true, null, "x"]}"#) == #"{"a":1.50,"b":[true,null,"x"]}"#)
    #expect(try body("7") == "7")
    let own = try document(scenario(#""json_body": [], "headers": {"content-type": "application/x"}"#))
    #expect(own.targets[0].headers == [Header("content-type", "application/x")])
    #expect(try document(scenario(#""body_base64": "AP8=""#)).targets[0].body == [0, 0xFF])
  }

  @Test func flagsOverThePlan() throws {
    let plan = try document(
      #"""
      {"rate": 5, "timeout": "2s", "seed": 3, "allow_target": "10.0.0.1", "scenarios": [
        {"url": "http://h/a", "headers": {"A": "1", "B": "1"}, "timeout": "9s"},
        {"url": "http://h/b", "name": "b", "body": "own"}]}
      """#)
    var flags = PlanOverrides()
    flags.name = "n"
    flags.load.users = Shape(users: 2)
    flags.timeout = .seconds(1)
    flags.connectTimeout = .seconds(3)
    flags.grace = .seconds(4)
    flags.keepAlive = false
    flags.connections = 9
    flags.insecureTLS = true
    flags.allowedTargets = [try TargetPolicy.Block(text: "10.0.0.2")]
    flags.seed = 8
    flags.headers = [Header("a", "2"), Header("C", "3")]
    flags.method = "PUT"
    flags.body = [1]
    let made = try plan.resolved(with: flags).plan
    #expect(made.name == "n")
    #expect(made.load == Load(model: .users(2), duration: .seconds(10)))
    #expect(made.options.timeout == .seconds(1))
    #expect(made.options.connectTimeout == .seconds(3))
    #expect(made.options.grace == .seconds(4))
    #expect(!made.options.keepAlive)
    #expect(made.options.connections == 9)
    #expect(made.options.insecureTLS)
    #expect(made.options.policy.allowed.count == 2)
    #expect(made.seed == 8)
    #expect(made.targets.map(\.timeout) == [.seconds(9), nil], "a scenario's own timeout stays")
    #expect(made.targets[0].headers == [Header("B", "1"), Header("a", "2"), Header("C", "3")])
    #expect(made.targets.map(\.method) == ["PUT", "PUT"])
    #expect(made.targets.map(\.name) == ["PUT /a", "b"])
    #expect(made.targets.map(\.body) == [[1], Array("own".utf8)])
    flags.name = "a/b"
    #expect(throws: PlanError.self) { try plan.resolved(with: flags) }
    flags.name = nil
    flags.load.rate = Shape(.perSecond(3))
    #expect(throws: PlanError.self) { try plan.resolved(with: flags) }
  }

  @Test func flagsOverOptions() {
    var options = PlanOverrides()
    options.load = LoadChoice(rate: .perSecond(1), duration: .seconds(1))
    options.timeout = .seconds(1)
    options.headers = [Header("A", "1"), Header("B", "1")]
    var flags = PlanOverrides()
    flags.load.users = Shape(users: 4)
    flags.headers = [Header("a", "2")]
    let merged = flags.merged(over: options)
    #expect(merged.load == LoadChoice(users: 4, duration: .seconds(1)))
    #expect(merged.timeout == .seconds(1))
    #expect(merged.headers == [Header("B", "1"), Header("a", "2")])
  }

  @Test func aURL() throws {
    let plan = try URLPlan.document("http://user@Example.com/a?b#c")
    #expect(plan.name == "example.com")
    #expect(plan.targets[0].name == "GET /a")
    #expect(plan.targets[0].headers == [Header("Authorization", "Basic dXNlcjo=")])
    var flags = PlanOverrides()
    flags.body = [1]
    let posted = try plan.resolved(with: flags).plan.targets[0]
    #expect(posted.method == "POST" && posted.name == "POST /a")
    #expect(throws: ValueError.self) { try URLPlan.document("http://h/?p={{randInt 20 1}}") }
  }

  @Test(arguments: [
    ("load.js", "a k6 script can't be run"), ("a/b.JMX", "a JMeter test plan"), ("scenario.py", "a Python scenario"),
    ("x.lua", "a wrk script"), ("Sim.scala", "a Gatling"), ("main.go", "a Go program"),
    ("Test.swift", "scenarios in Swift"),
    ("a.har", "a HAR file"), ("access.log", "an access log"),
    ("users.csv", "a table"), ("curl -X POST http://h", "a curl command"),
  ])
  func filesOfOtherTools(file: String, answer: String) {
    #expect(ForeignFormat.answer(to: file)?.hasPrefix(answer) == true)
    #expect(ForeignFormat.answer(to: file)?.contains("\n") == false)
  }

  @Test(arguments: [
    #"{"config": {"target": "http://h", "phases": [{"duration": 60, "arrivalRate": 5}]}, "scenarios": []}"#,
    #"{"scenarios": [{"flow": []}], "config": {"phases": []}}"#,
  ])
  func anArtilleryScript(text: String) throws {
    let root = try JSONReader.document(Array(text.utf8)).root
    let error = #expect(throws: PlanError.self) {
      try PlanReader.read(root, format: .json, file: "a.json", name: "a", environment: [:])
    }
    #expect(error?.description.hasPrefix("a.json:1:1: an Artillery script can't be run; in a plan target is") == true)
    #expect(error?.diagnostics.count == 1)
  }

  @Test(arguments: ["plan.yaml", "loadtest.toml", "targets", "t.txt", "plan.json", ".js"])
  func filesThatMayBePlans(file: String) {
    #expect(ForeignFormat.answer(to: file) == nil)
  }

  @Test(arguments: [
    ("a.yaml", "GET http://h/", PlanForm.yaml), ("a.toml", "x", .toml), ("a.json", "x", .json),
    ("a.jsonl", "x", .jsonLines),
    ("a.txt", "# c\n\nGET http://h/", .targets), ("-", " {\"a\"", .json), ("-", "[", .json), ("-", "- name: x", .yaml),
    ("-", "---\n", .yaml), ("-", "base_url: http://h", .yaml), ("-", "scenarios:\r\n", .yaml),
    ("-", "http://h/", .targets),
    ("-", "", .targets), ("-", "hello", .targets),
  ])
  func forms(file: String, text: String, expected: PlanForm) {
    #expect(PlanForm.of(Array(text.utf8), file: file) == expected)
  }

  @Test(arguments: [
    ("localhost", true), ("localhost:8080/x", true), ("example.com", true), ("example.com/a.yaml", true),
    ("plan.yaml", false),
    ("plan", false), ("./a.b", false), ("/etc/x.y", false), ("a b.c", false), ("t.txt", false),
  ])
  func hosts(text: String, expected: Bool) {
    #expect(ForeignFormat.looksLikeHost(text) == expected)
  }

  @Test func base64() {
    let samples: [(String, String)] = [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
      ("foobar", "Zm9vYmFy"),
    ]
    for (text, encoded) in samples {
      #expect(Base64.encode(Array(text.utf8)) == encoded)
      #expect(Base64.decode(encoded) == Array(text.utf8))
    }
    #expect(Base64.decode("Zm9v\nYmFy\r\n") == Array("foobar".utf8))
    #expect(Base64.decode("Zg") == Array("f".utf8))
    for wrong in ["Z", "Zg=", "Zm8==", "Zm9v=", "Zm-v", "Zg==Zg==", "é"] {
      #expect(Base64.decode(wrong) == nil, "\(wrong)")
    }
    let every = (0...255).map { UInt8($0) }
    #expect(Base64.decode(Base64.encode(every)) == every)
  }
}
