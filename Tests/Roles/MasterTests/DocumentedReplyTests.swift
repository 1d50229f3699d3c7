import Foundation
import JSONScan
import Measuring
import Model
import Processes
import TestSupport
import Testing

@testable import HTTPServer
@testable import MasterRole

/// What the routes answer, against the schemas of the published document, by another program.
@Suite(.enabled(if: PostgresServer.binaries != nil, "PostgreSQL is not installed"))
struct DocumentedReplyTests {
  /// Asks, and keeps what came for the other program.
  private final class Journal {
    let bench: RestBench
    private(set) var lines: [String] = []

    init(_ bench: RestBench) { self.bench = bench }

    /// - Parameter path: as the document has it; `values` stand for its places.
    @discardableResult
    func ask(
      _ method: String, _ path: String, _ values: [String: String] = [:], query: String = "", token: String? = nil,
      body: String? = nil
    ) throws -> Reply {
      let target = values.reduce(path) { $0.replacing("{\($1.key)}", with: $1.value) } + query
      let reply = try bench.ask(method, target, token: token, body)
      let type = reply.header("Content-Type")?.split(separator: ";").first.map(String.init) ?? ""
      let text = type.hasSuffix("json") ? String(decoding: reply.body, as: UTF8.self) : #""text""#
      lines.append(
        #"{"path":"\#(path)","method":"\#(method.lowercased())","status":\#(reply.status),"type":"\#(type)","body":"#
          + text.replacing("\n", with: "") + "}")
      return reply
    }
  }

  private func check(_ lines: [String]) throws -> String {
    var command = Command(
      Places.python,
      ["\(Places.root)/scripts/oracles/openapi_replies.py", "\(Places.root)/proto-free-schema/openapi.json"])
    command.input = .bytes(Array(lines.joined(separator: "\n").utf8))
    let done = try ChildProcess.run(command, within: .seconds(120))
    try #require(done.exit.isSuccess, "\(done.errorText)")
    return done.text
  }

  @Test func repliesAreWhatTheDocumentSays() throws {
    let journal = Journal(try RestBench())
    let admin = try journal.bench.token()
    let viewer = try journal.bench.token("viewer")
    journal.bench.board.show([
      .init(worker: "w1", state: "idle", host: "h", version: "1", cpus: 2, since: 1_800_000_000_123, run: nil)
    ])
    let credentials = #"{"username":"admin","password":"\#(RestBench.password)"}"#
    try journal.ask("POST", "/auth/login", body: credentials)
    try journal.ask("POST", "/auth/login", body: #"{"username":"admin","password":"wrong"}"#)
    try journal.ask("POST", "/auth/login", body: "{")
    try journal.ask("POST", "/auth/password", body: credentials)
    try journal.ask("GET", "/api/users", token: admin)
    try journal.ask("GET", "/api/users", token: viewer)
    try journal.ask("GET", "/api/users")
    for (name, body) in [
      ("grace", #"{"role":"operator","password":"compiling linker"}"#), ("grace", #"{"disabled":true}"#),
      ("nobody", "{}"), ("admin", #"{"disabled":true}"#), ("grace", #"{"role":"root"}"#),
    ] {
      try journal.ask("PUT", "/api/users/{name}", ["name": name], token: admin, body: body)
    }
    let made = try journal.ask("POST", "/api/test/submit", token: admin, body: RestBench.form)
    let id = try #require(made.json["testId"]?.text)
    try journal.ask("POST", "/api/test/submit", token: admin, body: "{}")
    try journal.ask("POST", "/api/tests", query: "?workers=0", token: admin, body: "{}")
    try journal.ask("GET", "/api/tests", query: "?limit=1", token: viewer)
    try journal.ask("GET", "/api/tests", query: "?limit=x", token: viewer)
    for value in [id, "00000000-0000-4000-8000-000000000000"] {
      try journal.ask("GET", "/api/tests/{id}", ["id": value], token: viewer)
      try journal.ask("GET", "/api/tests/{id}/results", ["id": value], token: viewer)
      try journal.ask("POST", "/api/tests/{id}/stop", ["id": value], token: admin)
    }
    try journal.ask("GET", "/api/tests/{id}/events", ["id": "x"], token: viewer)
    for path in ["/api/workers", "/api/dashboard"] { try journal.ask("GET", path, token: viewer) }
    for path in ["/healthz", "/readyz", "/metrics", "/openapi.json", "/"] { try journal.ask("GET", path) }
    let complaints = try check(journal.lines)
    #expect(complaints == "\(journal.lines.count) replies\n")
    // The other program does find what is wrong.
    let wrong = journal.lines.map {
      $0.replacing("\"username\"", with: "\"user\"").replacing("\"title\"", with: "\"t\"")
    }
    let found = try check(wrong)
    #expect(found.contains("$.users[0]: 'username' is a required property") && found.contains("'title'"), "\(found)")
  }

  /// A result with everything in it, live and stored: whatever REST says of it is in the document.
  @Test func resultsAreWhatTheDocumentSays() throws {
    var course = try ResultTests.Course()
    course.plan.load.warmUp = .seconds(1)
    course.plan.thresholds = [
      Threshold(
        text: "p99<1s", name: nil, measure: .percentile(millionths: 990_000), comparison: .below, bound: 1_000_000),
      Threshold(text: "Pay:rps>=1", name: "Pay", measure: .rps, comparison: .atLeast, bound: 1_000_000),
    ]
    let journal = Journal(course.bench)
    try course.begin()
    var intervals = course.intervals
    for place in intervals.indices {
      intervals[place].phase = .init(index: UInt16(place / 2), name: "part", isWarmUp: place == 0)
      intervals[place].names[0].checks = [CheckCount(name: "status 200", passed: 4, failed: 1)]
      intervals[place].names[0].counts.accepted = 4
      intervals[place].names[0].errors = [ErrorCount(kind: .status, count: 1)]
      intervals[place].names[0].histograms.response = Histogram()
      intervals[place].names[0].histograms.response.record(700, times: 4)
      intervals[place].names[0].histograms.censored.record(900)
      intervals[place].loops[0].late = 3
      var iteration = IterationInterval(name: "Buying")
      (iteration.started, iteration.completed, iteration.cut) = (2, 1, 1)
      iteration.duration.record(5_000)
      intervals[place].iterations = [iteration]
      course.bench.board.count(course.run, intervals[place])
    }
    let values = ["id": "\(course.run)"]
    let live = try journal.ask("GET", "/api/tests/{id}/results", values, token: course.token)
    #expect(live.header("Stampede-Result") == "live" && live.json["thresholds"]?.items?.count == 2)
    try journal.ask("GET", "/api/tests/{id}", values, token: course.token)
    try journal.ask("GET", "/api/tests", token: course.token)
    try course.consume(intervals, from: 0)
    try course.end()
    let stored = try journal.ask("GET", "/api/tests/{id}/results", values, token: course.token)
    #expect(stored.header("Stampede-Result") == "stored", "\(stored)")
    for member in ["iterations", "phases", "thresholds", "names", "equations", "timeline"] {
      #expect(stored.json[member]?.items?.isEmpty == false, "\(member)")
    }
    #expect(stored.json["warmUp"]?["names"]?.items?.count == 1)
    #expect(try check(journal.lines) == "\(journal.lines.count) replies\n")
    // A member that nobody documented is found, at any depth.
    for member in [#""retried":"#, #""passed":"#, #""engine":"#, #""isComplete":"#] {
      #expect(journal.lines.contains { $0.contains(member) }, "\(member)")
      let wrong = try check(journal.lines.map { $0.replacing(member, with: #""undocumented":0,"# + member) })
      #expect(wrong.contains("'undocumented' was unexpected"), "\(member): \(wrong)")
    }
  }

  @Test func documentHasEveryRouteAndNoOther() throws {
    let bench = try RestBench()
    let root = try JSONReader.document(Array(OpenAPIText.json.utf8)).root
    let documented = (root["paths"]?.members ?? []).flatMap { path in
      (path.node.members ?? []).filter { $0.key != "parameters" }.map {
        "\($0.key.uppercased()) " + path.key.replacing("{", with: ":").replacing("}", with: "")
      }
    }
    #expect(documented.sorted() == bench.router.listing)
  }
}
