import JSONScan
import Processes
import TestSupport
import Testing

/// One test's requests by name, counted in four places.
struct Tallies {
  /// As nginx's access log has them, by path.
  let target: [String: Int]
  /// As PostgreSQL's rows have them.
  let rows: [String: Int]
  /// As REST gives them.
  let rest: [String: Int]
  /// As each worker counted its own, said at its end.
  let workers: [String: Int]
  /// Of the run's equations, as the ledger and as REST says.
  let residuals: [Int]
  let restResiduals: [Int]
  let planned: Int
  let unsent: Int
  let isComplete: Bool
  /// How `stampede results` ended, and what it said besides.
  let exit: Exit
  let said: String

  /// - Parameter names: the plan's names, and the path of each.
  init(_ cluster: WholeCluster, test id: String, names: [String: String], log: AccessLog) throws {
    let paths = log.countsByPath
    target = names.mapValues { paths[$0] ?? 0 }
    rows = try Tallies.pairs(
      cluster.ask("SELECT name, completed FROM run_endpoint WHERE run = '\(id)' AND NOT is_warm_up"))
    workers = try Tallies.pairs(
      cluster.ask("SELECT worker, coalesce(completed, 0) FROM test_worker WHERE run = '\(id)'"))
    let ledger = try cluster.ask(
      """
      SELECT schedule_residual, requests_residual, stored_residual, outcomes_residual, planned, unsent,
        is_complete::int
      FROM run_ledger WHERE run = '\(id)'
      """
    ).split(separator: "|").map { Int($0) ?? -1 }
    try #require(ledger.count == 7)
    residuals = Array(ledger[..<4])
    (planned, unsent, isComplete) = (ledger[4], ledger[5], ledger[6] == 1)
    let done = try cluster.stampede(["results", id, "--json"])
    exit = done.exit
    said = done.errorText
    let result = try JSONReader.document(done.output).root
    rest = (result["names"]?.items ?? []).reduce(into: [:]) { sums, name in
      sums[name["name"]?.text ?? "", default: 0] += (name["ok"]?.int ?? 0) + (name["err"]?.int ?? 0)
    }
    restResiduals = (result["equations"]?.items ?? []).map { $0["residual"]?.int ?? -1 }
  }

  private static func pairs(_ text: String) -> [String: Int] {
    text.split(separator: "\n").reduce(into: [:]) { pairs, line in
      let cells = line.split(separator: "|")
      if cells.count == 2 { pairs[String(cells[0]), default: 0] += Int(cells[1]) ?? -1 }
    }
  }

  /// The four are equal, and nothing is left over.
  ///
  /// - Parameter code: what `stampede results` ends with.
  func expectEqual(exit code: Int32 = 0, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(rows == target, "SQL and the target", sourceLocation: sourceLocation)
    #expect(rest == target, "REST and the target", sourceLocation: sourceLocation)
    let all = target.values.reduce(0, +)
    #expect(
      workers.values.reduce(0, +) == all, "workers \(workers) and the target's \(all)", sourceLocation: sourceLocation)
    #expect(residuals == [0, 0, 0, 0] && restResiduals == [0, 0, 0, 0], sourceLocation: sourceLocation)
    #expect(isComplete, sourceLocation: sourceLocation)
    #expect(exit == .code(code), "results: \(exit), \(said)", sourceLocation: sourceLocation)
  }
}
