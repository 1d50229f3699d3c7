import TestSupport
import Testing

/// A test from `stampede submit` to the row, on real parts: whatever happens on the way, what the target counted, what
/// SQL, REST and the workers say is the same.
///
/// One cluster serves all of it, since it takes a while to start; so the tests stand in one function, as its steps.
@Suite(.timeLimit(.minutes(10)), .enabled(if: KafkaServer.home != nil, "\(KafkaServer.missing)"))
struct WholePathTests {
  private static let names = ["a": "/a", "b": "/b", "c": "/c/d"]

  private static func plan(_ target: Nginx, _ name: String, _ load: String) -> String {
    """
    name: \(name)
    base_url: \(target.url(""))
    \(load)
    scenarios:
      - {name: a, path: /a, weight: 5}
      - {name: b, path: /b, weight: 2}
      - {name: c, path: /c/d, weight: 1}

    """
  }

  @Test func fromTheSubmissionToTheRow() throws {
    let cluster = try WholeCluster()
    try arrivals(cluster)
    try users(cluster)
    try stopped(cluster)
    try masterKilled(cluster)
    try workerKilled(cluster)
  }

  /// Submits it, lets something happen, and compares when all of it is stored.
  private func carryOut(
    _ cluster: WholeCluster, _ load: String, name: String, meanwhile: (String) throws -> Void = { _ in }
  ) throws -> (state: String, tallies: Tallies) {
    let target = try Nginx()
    let id = try cluster.submit(Self.plan(target, name, load))
    try meanwhile(id)
    let state = try cluster.end(of: id)
    try cluster.wait("all records of \(name)") {
      try cluster.ask("SELECT is_complete FROM run_ledger WHERE run = '\(id)'") == "t"
    }
    return (state, try Tallies(cluster, test: id, names: Self.names, log: target.finish()))
  }

  private func arrivals(_ cluster: WholeCluster) throws {
    let (state, tallies) = try carryOut(cluster, "rate: 301/s\nduration: 4s", name: "arrivals")
    #expect(state == "finished")
    tallies.expectEqual()
    #expect(tallies.planned == 1_204 && Set(tallies.workers.keys) == Set(WholeCluster.workers))
    #expect(tallies.workers.values.allSatisfy { $0 > 0 })
  }

  /// A bound on requests is divided exactly.
  private func users(_ cluster: WholeCluster) throws {
    let (state, tallies) = try carryOut(cluster, "users: 5\nrequests: 1003", name: "users")
    #expect(state == "finished")
    tallies.expectEqual()
    #expect(tallies.target.values.reduce(0, +) == 1_003 && tallies.workers.count == 2)
  }

  private func stopped(_ cluster: WholeCluster) throws {
    let (state, tallies) = try carryOut(cluster, "rate: 200/s\nduration: 10m", name: "stopped") { id in
      try cluster.waitForSeconds(id, 2)
      #expect(try cluster.stampede(["stop", id]).exit.isSuccess)
    }
    #expect(state == "stopped")
    tallies.expectEqual(exit: 105)
    #expect(tallies.planned < 120_000)
  }

  /// Its workers go on without the master, and the next one finds the test again.
  private func masterKilled(_ cluster: WholeCluster) throws {
    let (state, tallies) = try carryOut(cluster, "rate: 200/s\nduration: 15s", name: "master killed") { id in
      try cluster.waitForSeconds(id, 2)
      cluster.kill("master")
      try cluster.startMaster()
    }
    #expect(state == "finished")
    tallies.expectEqual()
    #expect(tallies.planned == 3_000)
  }

  /// The test goes on without it, says whom it lost, and is never complete.
  private func workerKilled(_ cluster: WholeCluster) throws {
    let target = try Nginx()
    let id = try cluster.submit(Self.plan(target, "worker killed", "rate: 200/s\nduration: 20s"))
    try cluster.waitForSeconds(id, 2)
    cluster.kill("w2")
    #expect(try cluster.end(of: id) == "finished")
    let test = try #require(try cluster.test(id))
    #expect(test["reason"]?.text?.contains("w2") == true && test["isComplete"]?.bool == false)
    try cluster.wait("the last record of w1") {
      let left = try cluster.ask(
        "SELECT count(*) FROM run_incarnation WHERE run = '\(id)' AND final_records IS NOT NULL AND missing_records = 0"
      )
      return left == "1"
    }
    let tallies = try Tallies(cluster, test: id, names: Self.names, log: target.finish())
    #expect(!tallies.isComplete && tallies.residuals[0] == 0 && tallies.rows == tallies.rest)
    for (name, count) in tallies.target { #expect(tallies.rows[name, default: 0] <= count, "\(name)") }
    // All that w1 sent is stored, and what w2 had sealed.
    #expect(tallies.workers["w1", default: 0] > 1_000)
    #expect(tallies.rows.values.reduce(0, +) >= tallies.workers["w1", default: 0])
  }
}
