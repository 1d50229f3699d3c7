import Measuring
import Model
import TestSupport
import Testing
import Threads

@testable import Engine

/// Requests that are written anew each time, and replies that are looked into.
@Suite(.timeLimit(.minutes(10))) struct ScriptedTests {
  /// What came, in the order in which it came.
  final class Log: Sendable {
    private let requests = Monitor([String]())

    func add(_ text: String) { requests.change { $0.append(text) } }
    var all: [String] { requests.read { $0 } }

    /// Answers each request and notes its target.
    func server() throws -> RawServer {
      try RawServer { peer, server in
        while let request = server.request(peer) {
          self.add(request.target)
          peer.write(RawServer.ok)
        }
      }
    }
  }

  private static func text(_ text: String) -> Template { Template(fixed: Array(text.utf8)) }

  private static func template(_ parts: Template.Part..., path: String = "/") -> RequestTemplate {
    RequestTemplate(path: Template(parts: [.text(Array(path.utf8))] + parts), headers: [], body: Template(fixed: []))
  }

  private static func reply(_ body: String, _ headers: String = "", status: String = "200 OK") -> String {
    "HTTP/1.1 \(status)\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }

  /// Each user signs in, uses what it was given, and no other user's.
  @Test(arguments: [1, 2], [false, true]) func whatIsCapturedIsUsed(loops: Int, isShared: Bool) throws {
    let log = Log()
    let server = try RawServer { peer, server in
      var logins = 0
      while let request = server.request(peer) {
        let body = String(decoding: request.body, as: UTF8.self)
        if request.target.hasPrefix("/login") {
          logins += 1
          peer.write(Self.reply("{\"token\": \"t\(request.target.dropFirst(7))\"}", "X-Id: \(body.count)\r\n"))
        } else {
          log.add("\(request.target) \(request.head.contains("X-Length: 10\r\n")) \(body)")
          peer.write(Self.reply("ok"))
        }
      }
    }
    var login = try Target.local(server.port, "/login", method: "POST")
    login.template = RequestTemplate(
      path: Template(parts: [.text(Array("/login/".utf8)), .value(.userId, .url)]), headers: [],
      body: Template(parts: [.text(Array("{\"user\":".utf8)), .value(.userId, .json), .text([0x7D])]))
    login.captures = [
      Capture(variable: 0, source: .json(JSONPath(text: "$.token", elements: [.key("token")]))),
      Capture(variable: 1, source: .header("x-id")),
    ]
    var use = try Target.local(server.port, "/use", method: "POST")
    use.headers = [Header("X-Length", "?")]
    use.template = RequestTemplate(
      path: Template(parts: [.text(Array("/use/".utf8)), .value(.variable(0), .url)]),
      headers: [Template(parts: [.value(.variable(1), .header)])],
      body: Template(parts: [.value(.iteration, .plain), .text([0x2F]), .value(.userId, .plain)]))
    var plan = Plan.closed([login, use], users: 6, requests: nil, duration: .seconds(30))
    plan.variables = ["token", "length"]
    plan.setup = [Step(target: 0)]
    plan.scenarios = [Scenario(name: "a", steps: [Step(target: 1)])]
    plan.load.iterations = 4
    plan.options.sharedConnections = isShared
    let run = try Run(plan, loops: loops, connections: isShared ? 2 : 200)
    run.check(target: server.stop().requests)
    #expect(run.errors.isEmpty && run.requests.accepted == 30, "\(run.errors) \(run.causes)")
    var expected: [String] = []
    for user in 0..<6 { for iteration in 0..<4 { expected.append("/use/t\(user) true \(iteration)/\(user)") } }
    #expect(log.all.sorted() == expected.sorted())
  }

  /// The same draws on any number of loops, and other ones for another seed.
  @Test func drawsAreOfTheSeed() throws {
    var seen: [[String]] = []
    for (loops, seed) in [(1, 7), (3, 7), (1, 8)] as [(Int, UInt64)] {
      let log = Log()
      let server = try RawServer { peer, server in
        while let request = server.request(peer) {
          log.add(request.target)
          peer.write(RawServer.ok)
        }
      }
      var target = try Target.local(server.port)
      target.template = Self.template(
        .value(.randInt(0...1_000_000_000), .plain), .text([0x2F]), .value(.uuid, .plain))
      var plan = Plan.open([target], rate: 1_000, requests: 200)
      plan.seed = seed
      let run = try Run(plan, loops: loops)
      #expect(run.requests.accepted == 200 && server.stop().requests == 200)
      seen.append(log.all.sorted())
    }
    #expect(seen[0] == seen[1] && Set(seen[0]).count == 200 && Set(seen[0]).isDisjoint(with: seen[2]))
  }

  /// Rows that are used once: each by one user, and users end with them.
  @Test(arguments: [1, 2]) func uniqueRows(loops: Int) throws {
    let log = Log()
    let server = try log.server()
    var target = try Target.local(server.port)
    target.template = Self.template(.value(.column(feed: 0, column: 1), .url))
    for isOpen in [false, true] {
      var plan = Plan.closed([target], users: 4, requests: nil, duration: .seconds(20))
      if isOpen { plan = .open([target], rate: 500, requests: 40) }
      plan.feeds = [
        DataFeed(name: "f", mode: .unique, columns: ["a", "b"], rows: (0..<30).map { ["x", "\(isOpen)\($0)"] })
      ]
      let run = try Run(plan, loops: loops)
      if !isOpen { run.check() }
      #expect(run.requests.accepted == 30 && run.length < .seconds(10))
      #expect(run.schedule.unsent == (isOpen ? 10 : 0))
    }
    server.stop()
    #expect(Set(log.all).count == 60 && log.all.count == 60)
  }

  /// The set-up and the first iteration have the same row of a feed that users share, and none is left out.
  @Test func aSharedRowOfTheSetUpIsTheFirstIterations() throws {
    let log = Log()
    let server = try log.server()
    func target(_ path: String) throws -> Target {
      var target = try Target.local(server.port)
      target.template = Self.template(.value(.column(feed: 0, column: 0), .url), path: path)
      return target
    }
    let targets = [try target("/login/"), try target("/use/")]
    var plan = Plan.closed(targets, users: 1, requests: nil, duration: .seconds(20))
    plan.feeds = [DataFeed(name: "f", mode: .shared, columns: ["a"], rows: [["r0"], ["r1"], ["r2"]])]
    plan.setup = [Step(target: 0)]
    plan.scenarios = [Scenario(name: "a", steps: [Step(target: 1)])]
    plan.load.iterations = 3
    let run = try Run(plan)
    run.check(target: server.stop().requests)
    #expect(log.all == ["/login/r0", "/use/r0", "/use/r1", "/use/r2"])
  }

  /// A user that arrivals take from the pool goes through all rows of a feed per user.
  @Test func rowsPerUserOfThePool() throws {
    let log = Log()
    let server = try log.server()
    var target = try Target.local(server.port)
    target.template = Self.template(.value(.column(feed: 0, column: 0), .url))
    var plan = Plan.open([target], rate: 20, requests: 12)
    plan.feeds = [DataFeed(name: "f", mode: .perUser, columns: ["a"], rows: [["r0"], ["r1"], ["r2"]])]
    let run = try Run(plan)
    run.check(target: server.stop().requests)
    // One user is enough, unless the machine is held up: then a second one begins with the first row, too.
    let counts = ["r0", "r1", "r2"].map { row in log.all.count { $0.hasSuffix(row) } }
    #expect(counts.reduce(0, +) == 12 && counts.allSatisfy { $0 >= 2 }, "\(log.all)")
  }

  /// Checks of every kind, each counted, and a failed one fails the request and not the iteration.
  @Test func checks() throws {
    let server = try RawServer { peer, server in
      while let request = server.request(peer) {
        let body = "{\"items\": [{\"id\": 7, \"name\": \"caf\\u00e9\"}]}"
        // In pieces and chunks, so that nothing is looked at where it was read.
        peer.write("HTTP/1.1 103 Early\r\nX-Kind: no\r\n\r\n")
        peer.write("HTTP/1.1 200 OK\r\nX-Kind: good\r\nTransfer-Encoding: chunked\r\n\r\n")
        for place in stride(from: 0, to: body.utf8.count, by: 9) {
          let piece = String(decoding: Array(body.utf8)[place..<min(place + 9, body.utf8.count)], as: UTF8.self)
          peer.write("\(String(piece.utf8.count, radix: 16))\r\n\(piece)\r\n")
          if request.target == "/slow" { peer.pause(milliseconds: 3) }
        }
        peer.write("0\r\n\r\n")
      }
    }
    let path = JSONPath(text: "$.items[0].name", elements: [.key("items"), .index(0), .key("name")])
    var target = try Target.local(server.port, "/slow")
    target.checks = [
      Check(name: "status", rule: .status(200...200)), Check(name: "kind", rule: .header("x-kind", .equals("good"))),
      Check(name: "body", rule: .body(.contains("items"))),
      Check(name: "regex", rule: .body(.matches("\"id\": \\d\\b"))),
      Check(name: "json", rule: .json(path, .equals("café"))), Check(name: "size", rule: .size(42...44)),
      Check(name: "time", rule: .time(.seconds(5))), Check(name: "no", rule: .body(.contains("absent"))),
    ]
    var plain = try Target.local(server.port, "/plain")
    plain.checks = [Check(name: "fast", rule: .time(.seconds(5)))]
    var plan = Plan.closed([target, plain], users: 2, requests: nil, duration: .seconds(30))
    plan.scenarios = [Scenario(name: "a", steps: [Step(target: 0), Step(target: 1)])]
    plan.load.iterations = 3
    let run = try Run(plan)
    run.check(target: server.stop().requests)
    #expect(run.errors == [.check: 6] && run.requests.accepted == 6 && run.causes[.check] == "/slow: no")
    let checks = run.intervals.flatMap(\.names).filter { $0.name == "/slow" }.flatMap(\.checks)
    for name in ["status", "kind", "body", "regex", "json", "size", "time"] {
      let sum = checks.filter { $0.name == name }
      #expect(sum.reduce(0) { $0 + $1.passed } == 6 && sum.allSatisfy { $0.failed == 0 }, "\(name)")
    }
    #expect(checks.filter { $0.name == "no" }.reduce(0) { $0 + $1.failed } == 6)
    #expect(run.iterations["a"]?.failed == 6)
  }

  /// Checks without users or scenarios, in the open model.
  @Test func checksOfPlainTargets() throws {
    let server = try RawServer(always: Self.reply("hello"))
    var target = try Target.local(server.port)
    target.checks = [Check(name: "hello", rule: .body(.equals("hello")))]
    let run = try Run(Plan.open([target], rate: 500, requests: 50))
    run.check(target: server.stop().requests)
    #expect(run.requests.accepted == 50)
    #expect(run.intervals.flatMap(\.names).flatMap(\.checks).reduce(0) { $0 + $1.passed } == 50)
  }

  /// A capture that finds nothing ends the iteration; a fallback takes its place; a condition asks what was found.
  @Test func capturesThatFindNothing() throws {
    let log = Log()
    let server = try RawServer { peer, server in
      while let request = server.request(peer) {
        log.add(request.target)
        peer.write(Self.reply("{\"a\": 1}"))
      }
    }
    func target(_ path: String, _ key: String, fallback: String? = nil) throws -> Target {
      var target = try Target.local(server.port, path)
      target.captures = [
        Capture(variable: 0, source: .json(JSONPath(text: key, elements: [.key(key)])), fallback: fallback)
      ]
      return target
    }
    var plan = Plan.closed(
      [
        try target("/there", "a"), try target("/missing", "b"), try target("/else", "b", fallback: ""),
        try .local(server.port, "/has"), try .local(server.port, "/lacks"),
      ], users: 1, requests: nil, duration: .seconds(30))
    plan.variables = ["v"]
    plan.scenarios = [
      Scenario(
        name: "a",
        steps: [
          Step(target: 4, condition: .lacks(.variable(0))), Step(target: 0),
          Step(target: 3, condition: .has(.variable(0))),
          Step(target: 3, condition: .equals(.variable(0), text: "2")), Step(target: 2),
          Step(target: 3, condition: .has(.variable(0))), Step(target: 1), Step(target: 4),
        ])
    ]
    plan.load.iterations = 2
    let run = try Run(plan)
    run.check(target: server.stop().requests)
    let way = ["/lacks", "/there", "/has", "/else", "/missing"]
    #expect(log.all == way + way, "what an iteration captured is forgotten at its end")
    #expect(run.errors == [.capture: 2] && run.iterations["a"]?.failed == 2)
    #expect(run.causes[.capture] == "/missing: no JSON value b for 'v'")
  }

  /// Conditions ask the last reply's status: none at an iteration's beginning, and none after a connection that broke.
  @Test func conditionsAskTheStatus() throws {
    let log = Log()
    let server = try RawServer { peer, server in
      while let request = server.request(peer) {
        log.add(request.target)
        if request.target == "/break" { return }
        peer.write(
          request.target == "/busy" ? "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n" : Self.reply("hello"))
      }
    }
    var plan = Plan.closed(
      try ["/ok", "/busy", "/break", "/after-ok", "/after-busy", "/after-none", "/first"].map {
        try .local(server.port, $0, method: "POST")
      }, users: 1, requests: nil, duration: .seconds(30))
    func after(_ isIn: Bool, _ range: ClosedRange<Int>, _ target: Int) -> Step {
      Step(target: target, condition: .status(range, isIn: isIn))
    }
    plan.scenarios = [
      Scenario(
        name: "a",
        steps: [
          after(false, Condition.anyStatus, 6), Step(target: 0), after(true, 200...299, 3), Step(target: 1),
          after(true, 200...299, 3), Step(target: 1), after(true, 503...503, 4), Step(target: 2),
          after(false, Condition.anyStatus, 5), Step(target: 0),
        ])
    ]
    plan.load.iterations = 2
    let run = try Run(plan)
    run.check(target: server.stop().requests)
    let way = [
      "/first", "/ok", "/after-ok", "/busy", "/busy", "/after-busy", "/break", "/after-none", "/ok",
    ]
    #expect(log.all == way + way)
    #expect(run.errors == [.status: 4, .reset: 2])
  }

  /// A set-up that breaks is tried again after a while, and nobody is torn down who was not set up.
  @Test func aSetUpThatBreaks() throws {
    let log = Log()
    let server = try RawServer { peer, server in
      while let request = server.request(peer) {
        log.add(request.target)
        peer.write(Self.reply(log.all.count == 1 ? "no" : "{\"a\": \"\(String(repeating: "x", count: 3_000))\"}"))
      }
    }
    var login = try Target.local(server.port, "/login")
    login.captures = [Capture(variable: 0, source: .json(JSONPath(text: "a", elements: [.key("a")])))]
    var plan = Plan.closed([login, try .local(server.port, "/use")], users: 1, requests: nil, duration: .seconds(20))
    plan.variables = ["v"]
    plan.setup = [Step(target: 0)]
    plan.scenarios = [Scenario(name: "a", steps: [Step(target: 1, condition: .has(.variable(0)))])]
    plan.load.iterations = 2
    let run = try Run(plan)
    run.check(target: server.stop().requests)
    #expect(log.all == ["/login", "/login", "/use", "/use"] && run.length >= .seconds(1))
  }

  /// Long bodies that change: what the kernel does not take at once stays with the connection.
  @Test(arguments: [false, true]) func longBodies(isShared: Bool) throws {
    let text = String(repeating: "0123456789abcdef", count: 40_000)
    let log = Log()
    let server = try RawServer(Listening(buffer: 4_096)) { peer, server in
      while let request = server.request(peer) {
        let parts = String(decoding: request.body, as: UTF8.self).split(
          separator: "|", omittingEmptySubsequences: false)
        log.add(parts.count == 3 && parts[1] == text && parts[0] == parts[2] ? "whole \(parts[0])" : "torn")
        peer.write(RawServer.ok)
      }
    }
    var target = try Target.local(server.port, method: "PUT")
    target.template = RequestTemplate(
      path: Self.text("/"), headers: [],
      body: Template(
        parts: [.value(.userId, .plain), .text(Array("|\(text)|".utf8)), .value(.userId, .plain)]))
    var plan = Plan.closed([target], users: 5, requests: nil, duration: .seconds(60))
    plan.load.iterations = 3
    plan.options.sharedConnections = isShared
    let run = try Run(plan, connections: isShared ? 2 : 50)
    run.check(target: server.stop().requests)
    #expect(run.requests.accepted == 15 && Set(log.all) == Set((0..<5).map { "whole \($0)" }))
  }

  /// An expression that would search for ever is given up, and that is said.
  @Test func searchesBeyondTheBound() throws {
    let server = try RawServer(always: Self.reply(String(repeating: "a", count: 30_000) + "!"))
    var target = try Target.local(server.port)
    target.checks = [Check(name: "x", rule: .body(.matches("(a+)+$")))]
    let run = try Run(Plan.closed([target], requests: 2))
    run.check(target: server.stop().requests)
    #expect(run.errors == [.check: 2] && run.causes[.check]?.contains("a search was given up") == true, "\(run.causes)")
  }

  /// A body beyond what is kept can't be judged, and says so.
  @Test func aBodyBeyondTheBound() throws {
    let long = String(repeating: "x", count: SpareBuffers.most + 10)
    let server = try RawServer(always: Self.reply(long))
    var target = try Target.local(server.port)
    target.checks = [Check(name: "x", rule: .body(.contains("xxx")))]
    let run = try Run(Plan.closed([target], requests: 2))
    run.check(target: server.stop().requests)
    #expect(run.errors == [.check: 2] && run.causes[.check]?.contains("a body of more than 1048576 bytes") == true)
    var sized = try Target.local(server.port)
    sized.checks = [Check(name: "x", rule: .size(UInt64(long.utf8.count)...UInt64(long.utf8.count)))]
    // Its size is known all the same, and what frames its chunks is no part of it.
    let half = String(repeating: "x", count: long.utf8.count / 2)
    let size = String(half.utf8.count, radix: 16)
    let chunk = "\(size)\r\n\(half)\r\n"
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\(chunk)\(chunk)0\r\n\r\n"
    for reply in [Self.reply(long), chunked] {
      let again = try RawServer(always: reply)
      sized.url = try TargetURL(text: "http://127.0.0.1:\(again.port)/")
      let second = try Run(Plan.closed([sized], requests: 2))
      second.check(target: again.stop().requests)
      #expect(second.requests.accepted == 2, "\(second.errors)")
    }
  }
}
