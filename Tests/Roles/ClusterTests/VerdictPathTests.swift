import Foundation
import JSONScan
import Processes
import TestSupport
import Testing

/// Thresholds on real parts: whoever looks (the command that submitted, a later one, SQL, REST) sees the same verdict.
///
/// One cluster serves all of it, as in `WholePathTests`.
@Suite(.timeLimit(.minutes(10)), .enabled(if: KafkaServer.home != nil, "\(KafkaServer.missing)"))
struct VerdictPathTests {
  private static func plan(_ target: Nginx, _ load: String, _ thresholds: [String]) throws -> String {
    """
    name: judged
    base_url: \(target.url(""))
    \(load)
    thresholds: [\(thresholds.map { "\"\($0)\"" }.joined(separator: ", "))]
    scenarios:
      - {name: a, path: /a, weight: 3, checks: [status 200]}
      - {name: b, path: /b, weight: 1}

    """
  }

  private static func target() throws -> Nginx {
    try Nginx(locations: "location / { return 200 \"ok\\n\"; } location /b { return 503; }")
  }

  private static let hold = [
    "p99<60s", "p50>=0s", "mean<60s", "min<60s", "max<60s", "a:errors<1%", "errors<=25%", "rps>50", "rps<110",
    "checks>=100%", "a:p99.9<60s",
  ]
  private static let broken = ["b:errors<1%", "p99<1us", "a:mean<1us", "rps>200", "b:checks>1%", "b:p50<1s"]

  @Test func everybodyJudgesTheSame() throws {
    let cluster = try WholeCluster()
    try held(cluster)
    try brokenOnes(cluster)
    try failures(cluster)
    try stopped(cluster)
    try incomplete(cluster)
  }

  /// What REST and SQL say of each threshold, and of the run.
  private func verdicts(
    _ cluster: WholeCluster, _ id: String
  ) throws -> (rest: [String: Bool], sql: [String: Bool], word: String, row: String) {
    try cluster.wait("all records of \(id)") {
      try cluster.ask("SELECT is_complete FROM run_ledger WHERE run = '\(id)'") == "t"
    }
    let result = try #require(try cluster.answer(["results", id]))
    var rest: [String: Bool] = [:]
    for item in result["thresholds"]?.items ?? [] { rest[item["threshold"]?.text ?? ""] = item["passed"]?.bool }
    var sql: [String: Bool] = [:]
    for line in try cluster.ask("SELECT threshold, holds FROM run_threshold WHERE run = '\(id)'").split(separator: "\n")
    {
      let cells = line.split(separator: "|")
      sql[String(cells[0])] = cells.last == "t"
    }
    return (
      rest, sql, "\(result["end"]?["verdict"]?.text ?? "")|\(result["end"]?["exitCode"]?.int ?? -1)",
      try cluster.ask("SELECT verdict, exit_code FROM run_verdict WHERE run = '\(id)'")
    )
  }

  private func held(_ cluster: WholeCluster) throws {
    let target = try Self.target()
    let words = try cluster.submission(Self.plan(target, "rate: 100/s\nduration: 3s", Self.hold))
    let done = try cluster.stampede(words + ["--follow"])
    #expect(done.exit == .code(0), "\(done.errorText)\(done.text)")
    #expect(done.text.contains("All 11 thresholds hold."))
    let said = try verdicts(cluster, try last(cluster))
    #expect(said.rest == said.sql && said.rest == Dictionary(uniqueKeysWithValues: Self.hold.map { ($0, true) }))
    #expect(said.word == "passed|0" && said.row == said.word)
  }

  private func brokenOnes(_ cluster: WholeCluster) throws {
    let target = try Self.target()
    let words = try cluster.submission(Self.plan(target, "rate: 100/s\nduration: 2s", ["p99<60s"] + Self.broken))
    let done = try cluster.stampede(words + ["--follow"])
    #expect(done.exit == .code(99), "\(done.errorText)\(done.text)")
    #expect(done.text.contains("6 of 7 thresholds are BROKEN."))
    let id = try last(cluster)
    let said = try verdicts(cluster, id)
    let expected = Dictionary(uniqueKeysWithValues: Self.broken.map { ($0, false) } + [("p99<60s", true)])
    #expect(said.rest == said.sql && said.rest == expected)
    #expect(said.word == "thresholds|99" && said.row == said.word)
    let later = try cluster.stampede(["results", id])
    #expect(later.exit == .code(99) && later.errorText.contains("threshold p99<1us is broken"), "\(later.errorText)")
  }

  /// The flag of one who submits is the limit of all.
  private func failures(_ cluster: WholeCluster) throws {
    let target = try Self.target()
    let plan = try Self.plan(target, "rate: 100/s\nduration: 1s", ["p99<60s"])
    for (limit, code, word) in [("5%", Int32(99), "thresholds|99"), ("30%", 0, "passed|0")] {
      let id = try cluster.submit(plan, ["--fail-on-error-rate", limit])
      #expect(try cluster.end(of: id) == "finished")
      let said = try verdicts(cluster, id)
      #expect(said.rest == said.sql && said.rest == ["p99<60s": true, "errors<=\(limit)": code == 0])
      #expect(said.word == word && said.row == word)
      #expect(try cluster.stampede(["results", id]).exit == .code(code))
    }
  }

  /// A person's stop is the verdict, whatever holds.
  private func stopped(_ cluster: WholeCluster) throws {
    let target = try Self.target()
    let id = try cluster.submit(Self.plan(target, "rate: 50/s\nduration: 10m", ["p99<60s"]))
    try cluster.waitForSeconds(id, 2)
    #expect(try cluster.stampede(["stop", id]).exit.isSuccess)
    #expect(try cluster.end(of: id) == "stopped")
    let said = try verdicts(cluster, id)
    #expect(said.rest == ["p99<60s": true] && said.sql == said.rest)
    #expect(said.word == "stopped|105" && said.row == said.word)
  }

  /// A result that lost a worker never passes, though every threshold holds.
  private func incomplete(_ cluster: WholeCluster) throws {
    let target = try Self.target()
    let id = try cluster.submit(Self.plan(target, "rate: 50/s\nduration: 15s", ["p99<60s"]))
    try cluster.waitForSeconds(id, 2)
    cluster.kill("w2")
    #expect(try cluster.end(of: id) == "finished")
    let result = try #require(try cluster.answer(["results", id]))
    #expect(result["thresholds"]?[0]?["passed"]?.bool == true)
    #expect(result["end"]?["verdict"]?.text == "incomplete" && result["end"]?["exitCode"]?.int == 3)
    #expect(
      try cluster.ask("SELECT verdict, exit_code, broken FROM run_verdict WHERE run = '\(id)'") == "incomplete|3|0")
    #expect(try cluster.stampede(["results", id]).exit == .code(3))
  }

  /// The test that was submitted last.
  private func last(_ cluster: WholeCluster) throws -> String {
    try cluster.ask("SELECT run FROM test ORDER BY submitted_at DESC LIMIT 1")
  }
}
