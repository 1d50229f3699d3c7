import Foundation
import JSONScan
import Processes
import TestSupport
import Testing

/// Users with a sign-in, steps, feeds, checks, captures, redirects and a warm-up, divided over real workers.
///
/// What the target logged is the truth: which rows, which users, how many of each request.
@Suite(.timeLimit(.minutes(10)), .enabled(if: KafkaServer.home != nil, "\(KafkaServer.missing)"))
struct JourneyPathTests {
  private static func target() throws -> Nginx {
    try Nginx(
      locations: """
        location / { return 200 "ok\\n"; }
        location /login { return 200 '{"token": "t$arg_user"}'; }
        location /list { return 200 '{"items": [{"id": 7}], "total": 2}'; }
        location /old { return 302 /new?$args; }
        """)
  }

  private static func plan(_ target: Nginx, _ load: String, feed: String) -> String {
    """
    name: journeys
    base_url: \(target.url(""))
    \(load)
    warmup: 1s
    feeds: {people: \(feed)}
    defaults: {headers: {Authorization: "Bearer {{token}}"}}
    login: {path: "/login?user={{userId}}", capture: {token: $.token}}
    scenarios:
      - name: buying
        weight: 2
        steps:
          - name: list
            path: /list?user={{userId}}&row={{people.id}}&of={{people.name}}
            checks: [status 200, "json $.total == 2", "body contains items"]
            capture: {item: "$.items[0].id"}
            think_time: 150ms
          - name: item
            path: /old?item={{item}}
            if: status == 2xx
            repeat: 2
          - {name: never, path: /never, if: "!item"}
          - {name: never, path: /never, if: env NOBODY_SETS_THIS}
          - {name: never, path: /never, if: status == 4xx}
      - name: looking
        weight: 1
        steps:
          - name: look
            path: "/look?user={{userId}}&row={{people.id}}&of={{people.name}}"
            if: people.id != 'nobody'
            think_time: 150ms
    teardown:
      - {name: bye, path: "/bye?user={{userId}}"}

    """
  }

  private static let names = [
    "Login": ["/login"], "list": ["/list"], "item": ["/old", "/new"], "look": ["/look"], "bye": ["/bye"],
  ]

  private static func rows(_ count: Int) -> String {
    "id,name\n" + (0..<count).map { "r\($0),\"N, \($0)\"\n" }.joined()
  }

  @Test func usersOfAFleet() throws {
    let cluster = try WholeCluster()
    try uniqueRows(cluster)
    try arrivals(cluster)
    try comeAndGo(cluster)
    try stopped(cluster)
  }

  /// Each value of a query's member in requests of these paths.
  private func values(_ log: AccessLog, _ paths: [String], _ name: String) -> [String] {
    log.entries.filter { entry in paths.contains(String(entry.target.prefix { $0 != "?" })) }.compactMap { entry in
      entry.target.split(separator: "?").last?.split(separator: "&").first { $0.hasPrefix(name + "=") }
        .map { String($0.dropFirst(name.count + 1)) }
    }
  }

  /// What SQL, REST, the table and the target say of a test that has ended is the same.
  private func expectEqual(_ cluster: WholeCluster, _ id: String, _ log: AccessLog, exit: Int32) throws {
    try cluster.wait("all records of \(id)") {
      try cluster.ask("SELECT is_complete FROM run_ledger WHERE run = '\(id)'") == "t"
    }
    let paths = log.countsByPath
    let target = Self.names.mapValues { $0.reduce(0) { $0 + (paths[$1] ?? 0) } }
    #expect(paths["/never"] == nil && log.countsByStatus.keys.sorted() == [200, 302])
    let result = try #require(try cluster.answer(["results", id]))
    func completed(_ names: Node?) -> [String: Int] {
      (names?.items ?? []).reduce(into: [:]) { $0[$1["name"]?.text ?? ""] = $1["counts"]?["completed"]?.int ?? -1 }
    }
    let (measured, warm) = (completed(result["names"]), completed(result["warmUp"]?["names"]))
    #expect(measured.merging(warm, uniquingKeysWith: +).filter { $0.value > 0 } == target, "REST and the target")
    func sums(_ condition: String) throws -> [String: Int] {
      let text = try cluster.ask(
        "SELECT name, completed FROM run_endpoint WHERE run = '\(id)' AND \(condition) AND completed > 0")
      return text.split(separator: "\n").reduce(into: [:]) { sums, line in
        let cells = line.split(separator: "|")
        sums[String(cells[0])] = Int(cells[1])
      }
    }
    #expect(try sums("NOT is_warm_up") == measured.filter { $0.value > 0 } && sums("is_warm_up") == warm)
    #expect(
      try cluster.ask("SELECT sum(accepted) FROM run_warm_up WHERE run = '\(id)'")
        == "\(result["warmUp"]?["totals"]?["ok"]?.int ?? -1)")

    let scenarios = (result["iterations"]?.items ?? []).map { row in
      ["name"].compactMap { row[$0]?.text }
        + ["started", "completed", "failed", "cut"].map { "\(row[$0]?.int ?? -1)" }
    }
    let stored = try cluster.ask(
      """
      SELECT scenario, started, completed, failed, cut FROM run_iteration WHERE run = '\(id)' AND NOT is_warm_up
      """)
    #expect(Set(stored.split(separator: "\n").map(String.init)) == Set(scenarios.map { $0.joined(separator: "|") }))
    let residuals = (result["equations"]?.items ?? []).map { $0["residual"]?.int ?? -1 }
    #expect(residuals == [0, 0, 0, 0, 0])
    let ledger = try cluster.ask(
      """
      SELECT schedule_residual, requests_residual, stored_residual, outcomes_residual, iterations_residual,
        iterations_started FROM run_ledger WHERE run = '\(id)'
      """)
    let started = result["counts"]?["iterations"]?["started"]?.int ?? -1
    #expect(ledger == "0|0|0|0|0|\(started)")
    let table = try cluster.stampede(["results", id])
    #expect(table.exit == .code(exit), "\(table.errorText)")
    let line = table.text.split(separator: "\n").first { $0.contains("iterations started =") } ?? ""
    #expect(line.contains(" \(started) iterations started =") && table.text.contains("Warm-up by name"), "\(line)")
    let checks = (result["names"]?.items ?? []).first { $0["name"]?.text == "list" }?["checks"]?.items ?? []
    let held = try cluster.ask(
      """
      SELECT check_name, passed, failed FROM run_check WHERE run = '\(id)' AND name = 'list' AND NOT is_warm_up
      """)
    #expect(
      Set(held.split(separator: "\n").map(String.init))
        == Set(checks.map { "\($0["name"]?.text ?? "")|\($0["passed"]?.int ?? -1)|\($0["failed"]?.int ?? -1)" }))
  }

  /// Every row of the feed is used once, over both workers; the users end when none is left.
  private func uniqueRows(_ cluster: WholeCluster) throws {
    let target = try Self.target()
    try cluster.write("people.csv", Self.rows(61))
    let feed = "{file: people.csv, mode: unique, on_exhausted: stop}"
    let id = try cluster.submit(Self.plan(target, "users: 5\nduration: 5m", feed: feed))
    #expect(try cluster.end(of: id) == "finished")
    let log = try target.finish()
    let rows = values(log, ["/list", "/look"], "row")
    #expect(rows.sorted() == (0..<61).map { "r\($0)" }.sorted(), "none twice, none lost")
    let names = values(log, ["/list", "/look"], "of")
    #expect(zip(rows, names).allSatisfy { $1 == "N%2C%20" + $0.dropFirst() }, "\(names.prefix(3))")
    // Each user's number is on one worker alone, signs in once and says goodbye once.
    let users = (0..<5).map { "\($0)" }
    #expect(values(log, ["/login"], "user").sorted() == users && values(log, ["/bye"], "user").sorted() == users)
    #expect(Set(values(log, ["/list", "/look"], "user")) == Set(users))
    #expect(Set(values(log, ["/old"], "item")) == ["7"])
    let took = try cluster.ask("SELECT count(*) FROM test_worker WHERE run = '\(id)' AND completed > 0")
    #expect(took == "2")
    try expectEqual(cluster, id, log, exit: 0)
  }

  /// In the open model an arrival has the row of its number.
  private func arrivals(_ cluster: WholeCluster) throws {
    let target = try Self.target()
    try cluster.write("people.csv", Self.rows(500))
    let feed = "{file: people.csv, mode: unique, on_exhausted: stop}"
    let id = try cluster.submit(Self.plan(target, "rate: 31/s\nduration: 4s", feed: feed))
    #expect(try cluster.end(of: id) == "finished")
    let log = try target.finish()
    let rows = values(log, ["/list", "/look"], "row")
    #expect(rows.sorted() == (0..<124).map { "r\($0)" }.sorted())
    #expect(values(log, ["/list", "/look"], "user").sorted() == (0..<124).map { "\($0)" }.sorted())
    // Whoever was set up is torn down, though nothing that is due at the plan's end may begin.
    let signedIn = values(log, ["/login"], "user")
    #expect(Set(signedIn).count == signedIn.count && values(log, ["/bye"], "user").count == signedIn.count)
    try expectEqual(cluster, id, log, exit: 0)
  }

  /// Those who come in the place of others sign in anew, and have rows that nobody has had.
  private func comeAndGo(_ cluster: WholeCluster) throws {
    let target = try Self.target()
    try cluster.write("people.csv", Self.rows(500))
    let feed = "{file: people.csv, mode: unique, on_exhausted: stop}"
    let id = try cluster.submit(Self.plan(target, "users: 4/2s,1/1s,5/2s", feed: feed))
    #expect(try cluster.end(of: id) == "finished")
    let log = try target.finish()
    let rows = values(log, ["/list", "/look"], "row")
    #expect(Set(rows).count == rows.count && rows.count > 20, "\(rows.count) requests, \(Set(rows).count) rows")
    let signedIn = values(log, ["/login"], "user")
    #expect(Set(signedIn).count == signedIn.count && signedIn.count >= 8, "\(signedIn)")
    #expect(values(log, ["/bye"], "user").sorted() == signedIn.sorted())
    try expectEqual(cluster, id, log, exit: 0)
  }

  /// After a stop no step begins, and every user is torn down.
  private func stopped(_ cluster: WholeCluster) throws {
    let target = try Self.target()
    try cluster.write("people.csv", Self.rows(3))
    let id = try cluster.submit(
      Self.plan(target, "users: 7\nduration: 10m", feed: "{file: people.csv, mode: per_user}"))
    try cluster.waitForSeconds(id, 3)
    #expect(try cluster.stampede(["stop", id]).exit.isSuccess)
    #expect(try cluster.end(of: id) == "stopped")
    let log = try target.finish()
    let users = (0..<7).map { "\($0)" }
    #expect(values(log, ["/login"], "user").sorted() == users && values(log, ["/bye"], "user").sorted() == users)
    #expect(Set(values(log, ["/list", "/look"], "row")) == ["r0", "r1", "r2"])
    try expectEqual(cluster, id, log, exit: 105)
  }
}
