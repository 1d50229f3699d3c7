import JSONScan
import TestSupport
import Testing

/// Why requests failed, on real parts: what the target did, what REST, the table and SQL say is the same, and a consumer
/// that is killed between storing and saying so counts nothing twice.
@Suite(.timeLimit(.minutes(10)), .enabled(if: KafkaServer.home != nil, "\(KafkaServer.missing)"))
struct FailurePathTests {
  private static func plan(_ target: Nginx, nobody: UInt16) -> String {
    """
    name: failing
    base_url: \(target.url(""))
    rate: 120/s
    duration: 6s
    warmup: 1s
    scenarios:
      - {name: fine, path: /fine, weight: 3}
      - {name: busy, path: /busy, weight: 3}
      - {name: gone, path: /gone, weight: 1}
      - {name: odd, path: /odd, weight: 2, checks: [body contains nothing-of-it]}
      - {name: nobody, url: "http://127.0.0.1:\(nobody)/", weight: 1}

    """
  }

  @Test func everybodySaysWhy() throws {
    let cluster = try WholeCluster()
    try failing(cluster)
    try byHTTP2(cluster)
  }

  private func failing(_ cluster: WholeCluster) throws {
    let target = try Nginx(
      locations: """
        location / { return 200 "ok\\n"; }
        location /busy { return 503; }
        location /gone { return 404; }
        """)
    // After two transactions it goes without having told Kafka, so that the next one reads the second again.
    cluster.kill("consumer")
    try cluster.startConsumer(failpoint: "after-commit:2")
    let id = try cluster.submit(Self.plan(target, nobody: try LocalPort.free()))
    try cluster.wait("the consumer's death") { cluster.isDead("consumer") }
    try cluster.startConsumer()
    #expect(try cluster.end(of: id) == "finished")
    try cluster.wait("all records") {
      try cluster.ask("SELECT is_complete FROM run_ledger WHERE run = '\(id)'") == "t"
    }
    let paths = try target.finish().countsByPath
    let result = try #require(try cluster.answer(["results", id]))
    func reasons(_ names: Node?) -> Set<String> {
      Set(
        (names?.items ?? []).flatMap { name in
          (name["causes"]?.items ?? []).map {
            "\(name["name"]?.text ?? "")|\($0["kind"]?.text ?? "")|\($0["text"]?.text ?? "")|\($0["count"]?.int ?? -1)"
          }
        })
    }
    func rows(_ condition: String) throws -> Set<String> {
      Set(
        try cluster.ask(
          "SELECT name, error, reason, failures FROM run_cause WHERE run = '\(id)' AND \(condition)"
        ).split(separator: "\n").map(String.init))
    }
    let measured = reasons(result["names"])
    #expect(try rows("NOT is_warm_up") == measured && measured.count == 4, "\(measured)")
    let warm = reasons(result["warmUp"]?["names"])
    #expect(try rows("is_warm_up") == warm && warm.count == 4, "\(warm)")

    func count(_ name: String, _ reason: String) throws -> Int {
      Int(
        try cluster.ask(
          """
          SELECT coalesce(sum(failures), 0) FROM run_cause
          WHERE run = '\(id)' AND name = '\(name)' AND reason LIKE '\(reason)'
          """)) ?? -1
    }
    #expect(try count("busy", "status 503") == paths["/busy"] && paths["/busy"] ?? 0 > 100)
    #expect(try count("gone", "status 404") == paths["/gone"])
    #expect(try count("odd", "body contains nothing-of-it") == paths["/odd"])
    let refused = try cluster.ask(
      "SELECT sum(completed) FROM run_endpoint WHERE run = '\(id)' AND name = 'nobody' AND accepted = 0")
    #expect(try "\(count("nobody", "%efused%"))" == refused)
    // Every failure has a reason here.
    #expect(
      try cluster.ask("SELECT sum(failures) FROM run_cause WHERE run = '\(id)'")
        == cluster.ask("SELECT errors FROM run_ledger WHERE run = '\(id)'"))
    let table = try cluster.stampede(["results", id])
    let busy = measured.first { $0.hasPrefix("busy|") }?.split(separator: "|").last ?? ""
    let lines = table.text.split(separator: "\n")
    #expect(lines.contains { $0.contains("status 503") && $0.contains(busy) }, "\(table.text)")
  }

  private func byHTTP2(_ cluster: WholeCluster) throws {
    let target = try Nginx(listen: "http2")
    let plan = """
      name: newer
      base_url: \(target.url(""))
      rate: 60/s
      duration: 2s
      warmup: 500ms
      http_version: 2-prior-knowledge
      scenarios:
        - {name: a, path: /a}

      """
    let id = try cluster.submit(plan)
    #expect(try cluster.end(of: id) == "finished")
    try cluster.wait("all records") {
      try cluster.ask("SELECT is_complete FROM run_ledger WHERE run = '\(id)'") == "t"
    }
    let all = try target.finish().entries.count
    let result = try #require(try cluster.answer(["results", id]))
    #expect(all == 120 && result["counts"]?["http2"]?.int == all)
    #expect(try cluster.ask("SELECT answered, http1, http2 FROM run_protocol WHERE run = '\(id)'") == "\(all)|0|\(all)")
  }
}
