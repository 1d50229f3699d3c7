import HTTPServer
import JSONScan
import Measuring
import Model
import Plans
import PostgresIO
import Summary
import TestSupport
import Testing
import Threads
import Wire

@testable import MasterRole

@Suite(.enabled(if: PostgresServer.binaries != nil, "PostgreSQL is not installed"))
struct RestTests {
  @Test func withoutATokenNothingOfTheAPIIsTold() throws {
    let bench = try RestBench()
    let id = "00000000-0000-4000-8000-000000000001"
    for (method, path) in [
      ("GET", "/api/tests"), ("GET", "/api/tests/\(id)"), ("GET", "/api/tests/\(id)/results"),
      ("GET", "/api/tests/\(id)/events"), ("POST", "/api/tests/\(id)/stop"), ("POST", "/api/tests"),
      ("POST", "/api/test/submit"), ("GET", "/api/workers"), ("GET", "/api/dashboard"),
    ] {
      let reply = try bench.ask(method, path)
      // Before the gate has heard of the users it says 503, to tokens only.
      #expect(reply.status == 401 && reply.header("WWW-Authenticate") != nil, "\(method) \(path): \(reply)")
    }
    for path in ["/healthz", "/readyz", "/metrics", "/", "/openapi.json"] {
      #expect(try bench.ask("GET", path).status == 200, "\(path)")
    }
  }

  @Test func viewersSeeOperatorsSubmitAndStopTheirOwn() throws {
    let bench = try RestBench()
    let (admin, viewer) = (try bench.token(), try bench.token("viewer"))
    let (ann, bob) = (try bench.token("operator", name: "ann"), try bench.token("operator", name: "bob"))
    #expect(try bench.ask("POST", "/api/test/submit", token: viewer, RestBench.form).status == 403)
    let made = try bench.ask("POST", "/api/test/submit", token: ann, RestBench.form)
    #expect(made.status == 202 && made.json["state"]?.text == "queued", "\(made)")
    let id = try #require(made.json["testId"]?.text)
    #expect(made.header("Location") == "/api/tests/\(id)")
    #expect(bench.told.read { $0 } == ["submitted \(id)"])

    let seen = try bench.ask("GET", "/api/tests/\(id)", token: viewer)
    #expect(seen.status == 200 && seen.json["submittedBy"]?.text == "ann" && seen.json["name"]?.text == "t")
    #expect(seen.json["isComplete"]?.bool == false && seen.json["progress"]?.isNull == true)
    #expect(try bench.ask("POST", "/api/tests/\(id)/stop", token: viewer).status == 403)
    let foreign = try bench.ask("POST", "/api/tests/\(id)/stop", token: bob)
    #expect(foreign.status == 403 && foreign.detail == "the test is ann's; only they and admins may stop it")
    #expect(try bench.ask("POST", "/api/tests/\(id)/stop", token: ann).status == 202)
    #expect(try bench.ask("POST", "/api/tests/\(id)/stop?now=true", token: admin).status == 202)
    #expect(bench.told.read { $0 } == ["submitted \(id)", "drain \(id)", "abort \(id)"])
    let log = try bench.database().run(
      "SELECT who, what FROM audit WHERE object = $1 ORDER BY number", [PostgresValue(id)], action: "look")
    #expect(log.rows == [["ann", "submit test"], ["ann", "stop test"], ["admin", "abort test"]])
  }

  @Test func whatCantBeIsSaid() throws {
    let bench = try RestBench(policy: TargetPolicy(denied: [try .init(text: "127.0.0.0/8")]))
    let token = try bench.token()
    let nobody = "00000000-0000-4000-8000-000000000001"
    func detail(_ method: String, _ path: String, _ status: Int, headers: [String] = [], _ body: String? = nil) throws
      -> String
    {
      let reply = try bench.ask(method, path, token: token, headers: headers, body)
      #expect(reply.status == status && reply.header("Content-Type") == "application/problem+json", "\(path): \(reply)")
      return reply.detail
    }
    for path in ["/api/tests/\(nobody)", "/api/tests/x", "/api/tests/\(nobody)/results", "/api/tests/\(nobody)/events"]
    {
      #expect(try detail("GET", path, 404) == "there is no test with this id")
    }
    #expect(try detail("GET", "/api/tests?limit=0", 400) == "limit: found '0', expected a whole number from 1 to 100")
    #expect(try detail("GET", "/api/tests?state=gone", 400).hasPrefix("state: found 'gone', expected one of queued,"))
    #expect(try detail("GET", "/api/tests?limt=5", 400) == "the query has 'limt'; did you mean 'limit'?")
    #expect(try detail("GET", "/api/tests?limit=5&limit=6", 400) == "limit: found it twice, expected it once")
    #expect(try detail("POST", "/api/tests/\(nobody)/stop?now=x", 400) == "now: found 'x', expected true or false")
    #expect(
      try detail("POST", "/api/test/submit", 400, #"{"targetsBase64":"","vegetaPayloadJson":"{}"}"#)
        == "targetsBase64: found nothing in it, expected targets such as 'GET http://localhost:8080/'")
    #expect(
      try detail("POST", "/api/tests", 415, headers: ["Content-Type: text/html"], "x")
        == "Content-Type: found 'text/html', expected application/json or application/yaml")
    #expect(
      try detail("POST", "/api/tests", 400, headers: ["Content-Type: application/yaml"], "rate: -1\nscenarios: []\n")
        .contains("plan.yaml:1:7: rate: found -1, expected"))
    #expect(
      try detail(
        "POST", "/api/tests?name=x", 400, headers: ["Content-Type: text/yaml; charset=utf-8"],
        "scenarios:\n- url: http://127.0.0.1:1/\n"
      ).contains(
        "127.0.0.1 is not allowed: it is inside 127.0.0.0/8; the master's --allow-target 127.0.0.1:1 allows it"))
    #expect(
      try detail("POST", "/api/test/submit", 400, headers: ["Idempotency-Key: a", "Idempotency-Key: b"], "{}")
        .contains("more than one Idempotency-Key"))
    #expect(try bench.ask("PUT", "/api/tests", token: token).status == 405)
    #expect(bench.told.read { $0 }.isEmpty)

    bench.readiness.note(.rpc, "gone")
    #expect(try detail("POST", "/api/test/submit", 503, RestBench.form) == "not ready, waiting for RPC")
    #expect(try detail("GET", "/readyz", 503) == "not ready, waiting for RPC")
  }

  @Test func aSubmissionTriedAgainIsTheSameTest() throws {
    let bench = try RestBench()
    let token = try bench.token()
    let key = ["Idempotency-Key: once"]
    let first = try bench.ask("POST", "/api/test/submit", token: token, headers: key, RestBench.form)
    let again = try bench.ask("POST", "/api/test/submit", token: token, headers: key, RestBench.form)
    #expect(first.status == 202 && again.status == 202 && first.json["testId"]?.text == again.json["testId"]?.text)
    let other = RestBench.form.replacing(#""t""#, with: #""u""#)
    #expect(try bench.ask("POST", "/api/test/submit", token: token, headers: key, other).status == 409)
    #expect(bench.told.read { $0.count } == 1)
  }

  @Test func plansAreTakenAndListedByPages() throws {
    let bench = try RestBench()
    let token = try bench.token()
    let plan = "rate: 5/s\nduration: 1s\nscenarios:\n- url: http://10.1.2.3/\n"
    var made: [String] = []
    for (number, type) in ["application/yaml", "text/plain", "application/yaml"].enumerated() {
      let reply = try bench.ask(
        "POST", "/api/tests?workers=3&name=p\(number)", token: token, headers: ["Content-Type: \(type)"], plan)
      made.append(try #require(reply.json["testId"]?.text, "\(reply)"))
    }
    let store = FleetStore(try bench.database())
    let text = try #require(try store.plan(of: Identifier(text: made[0]) ?? Identifier(high: 0, low: 0)))
    let json = try bench.ask("POST", "/api/tests", token: token, headers: ["Content-Type: application/json"], text)
    made.append(try #require(json.json["testId"]?.text, "\(json)"))

    var seen: [String] = []
    var next: String? = ""
    while let before = next {
      let page = try bench.ask("GET", "/api/tests?limit=3&before=\(before)", token: token).json
      let tests = page["tests"]?.items ?? []
      seen += tests.compactMap { $0["testId"]?.text }
      next = page["next"]?.text
      #expect(tests.count == (seen.count > 3 ? 1 : 3))
      if tests.isEmpty { break }
    }
    #expect(seen == made.reversed())
    let board = try bench.ask("GET", "/api/dashboard", token: token).json
    #expect(board["tests"]?["queued"]?.int == 4 && board["latest"]?.items?.count == 4)
    #expect(board["latest"]?[1]?["workersWanted"]?.int == 3 && board["latest"]?[1]?["name"]?.text == "p2")
    #expect(try bench.ask("GET", "/api/tests?state=running", token: token).json["tests"]?.items?.isEmpty == true)
  }

  @Test func workersAndFiguresAreShown() throws {
    let bench = try RestBench()
    let token = try bench.token("viewer")
    #expect(try bench.ask("GET", "/api/workers", token: token).json["workers"]?.items?.isEmpty == true)
    let run = Identifier(high: 3, low: 4)
    bench.board.show([
      .init(worker: "w1", state: "running", host: "h", version: "1", cpus: 4, since: 1_700_000_000_005, run: run),
      .init(worker: "w2", state: "idle", host: "h", version: "1", cpus: 2, since: 0, run: nil),
    ])
    let workers = try bench.ask("GET", "/api/workers", token: token).json["workers"]
    #expect(workers?[0]?["testId"]?.text == run.description && workers?[0]?["cpus"]?.int == 4)
    #expect(workers?[0]?["since"]?.text == "2023-11-14T22:13:20.005Z" && workers?[1]?["testId"]?.isNull == true)
    #expect(try bench.ask("GET", "/api/dashboard", token: token).json["workers"]?["idle"]?.int == 1)
    let figures = String(decoding: try bench.ask("GET", "/metrics").body, as: UTF8.self)
    #expect(figures.contains(#"stampede_master_workers{state="running"} 1"#))
    #expect(figures.contains(#"stampede_master_ready{part="Kafka"} 1"#))
  }

  @Test func thePageHasNoScriptAndLetsNoHostIn() throws {
    let bench = try RestBench()
    let page = try bench.ask("GET", "/")
    let text = String(decoding: page.body, as: UTF8.self)
    let policy = try #require(page.header("Content-Security-Policy"))
    #expect(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"))
    #expect(!policy.contains("unsafe") && policy.contains(FrontPage.styleDigest) && FrontPage.styleDigest.count == 51)
    #expect(text.contains("<style>\(FrontPage.style)</style>") && !text.contains("<script"))
    #expect(text.contains("It is <b>ready</b>") && text.contains("http://127.0.0.1/auth/login"))
    let front = FrontPage(readiness: Readiness())
    #expect(front.page(host: "load.example:81").contains("http://load.example:81/auth/login"))
    #expect(front.page(host: "a'><b>").contains("http://127.0.0.1:8080/auth/login"))
    #expect(front.page(host: "x").contains("It is <b>not ready, waiting for PostgreSQL, Kafka, RPC</b>"))
  }
}
