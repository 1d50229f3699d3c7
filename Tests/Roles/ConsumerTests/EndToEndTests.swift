import Foundation
import Processes
import TestSupport
import Testing

/// From `run --kafka-broker` through Kafka and a consumer into PostgreSQL: SQL tells what the run's own summary.json
/// tells, and a reader of the topic that shares no code with either counts the same.
@Suite(
  .enabled(if: PostgresServer.binaries != nil, "PostgreSQL is not installed"),
  .enabled(if: KafkaServer.home != nil, Comment(rawValue: KafkaServer.missing)), .serialized, .timeLimit(.minutes(10)))
struct EndToEndTests {
  private typealias Object = [String: Any]

  /// What `scripts/read-topic.py` counts.
  private func topic(_ cluster: Cluster) throws -> Object {
    let python = Environment.current["STAMPEDE_PYTHON"] ?? "/usr/bin/python3"
    let done = try ChildProcess.run(
      Command(
        python,
        ["\(Places.root)/scripts/read-topic.py", "--brokers", cluster.kafka.address, "--topic", cluster.topic]),
      within: .seconds(60))
    try #require(done.exit == .code(0), "\(done.errorText)")
    return try object(Data(done.output))
  }

  private func object(_ data: Data) throws -> Object {
    try #require(try JSONSerialization.jsonObject(with: data) as? Object)
  }

  private func number(_ object: Object, _ path: String...) -> Int? {
    var value: Any? = object
    for word in path { value = (value as? Object)?[word] }
    return (value as? NSNumber)?.intValue
  }

  private func send(_ cluster: Cluster, _ folder: TemporaryFolder, _ more: [String], failpoint: String? = nil) throws
    -> Finished
  {
    try Stampede.run(
      ["run", "--kafka-broker", cluster.kafka.address, "--kafka-topic", cluster.topic, "--spool", "spool"] + more,
      directory: folder.path, environment: failpoint.map { ["STAMPEDE_FAILPOINT": $0] } ?? [:])
  }

  /// The run's own result, the rows, and the topic.
  private func expectTheSame(_ summary: Object, _ told: Object, in cluster: Cluster) throws {
    let run = try #require((summary["run"] as? Object)?["run"] as? String)
    let counts = try #require(summary["counts"] as? Object)
    func ask(_ statement: String) throws -> String { try cluster.server.query(cluster.url, statement) }
    let ledger = ["planned", "started", "unsent", "gap"].map { number(counts, $0) ?? -1 }
    #expect(
      try ask(
        """
        SELECT planned, started, unsent, gap, requests_completed, unknown, workers_completed, stored_completed, is_complete
        FROM run_ledger WHERE run = '\(run)'
        """)
        == (ledger.map(String.init) + [
          "\(number(counts, "requests", "completed") ?? -1)", "\(number(counts, "unknown") ?? -1)",
          "\(number(counts, "workersCompleted") ?? -1)", "\(number(counts, "stored") ?? -1)", "t",
        ]).joined(separator: "|"))
    let read = try #require((told["runs"] as? Object)?[run] as? Object)
    #expect(number(read, "missing") == 0)
    for word in ["planned", "started", "unsent", "gap"] {
      #expect(number(read, "schedule", word) == number(counts, word), "\(word)")
    }
    for name in try #require(summary["names"] as? [Object]) {
      let word = try #require(name["name"] as? String)
      let own = ["started", "written", "answered", "completed", "accepted", "bytesOut", "bytesIn"]
        .map { number(name, "counts", $0) ?? -1 }
      #expect(
        try ask(
          """
          SELECT started, written, answered, completed, accepted, bytes_out, bytes_in FROM run_endpoint
          WHERE run = '\(run)' AND name = '\(word)' AND NOT is_warm_up
          """) == own.map(String.init).joined(separator: "|"), "\(word)")
      let topical = try #require((read["names"] as? Object)?[word] as? Object)
      #expect(number(topical, "counts", "completed") == number(name, "counts", "completed"))
      for times in ["response", "service"] {
        let asked = [
          ("min", "0"), ("p50", "50"), ("p75", "75"), ("p90", "90"), ("p95", "95"), ("p99", "99"), ("p999", "99.9"),
          ("max", "100"),
        ]
        let figures = asked.map { "histogram_percentile(\(times), \($0.1))" }.joined(separator: ", ")
        let row = try ask(
          "SELECT \(figures), histogram_count(\(times)) FROM run_endpoint WHERE run = '\(run)' AND name = '\(word)'")
        let count = number(name, times, "count") ?? -1
        let mine = asked.map { number(name, times, $0.0, "us").map(String.init) ?? "" } + ["\(count)"]
        #expect(row == mine.joined(separator: "|"), "\(word) \(times)")
        for (figure, p) in asked {
          #expect(
            number(topical, times, "percentiles", p) == number(name, times, figure, "us"), "\(word) \(times) \(figure)")
        }
      }
    }
  }

  /// Runs that end, one that is killed and completed by the next, rubbish on the topic: everything is counted once.
  @Test func theRowsAreTheRunsOwnFigures() throws {
    let (cluster, target, folder) = (try Cluster(partitions: 3), try DemoTarget(), try TemporaryFolder("end"))
    let consumer = try cluster.consumer(more: ["--metrics", ":0"])
    try cluster.send([([7], [1, 2, 3]), ([8], [])])
    try folder.write(
      "plan.yaml",
      """
      base_url: \(target.url)
      rate: 150/s
      duration: 2s
      scenarios:
        - {name: slow, path: '/?delay=3ms', weight: 2}
        - {name: large, path: '/?size=2KiB', weight: 1}
        - {name: missing, path: '/?status=404', weight: 1}

      """)
    let load = ["plan.yaml"]
    let done = try send(cluster, folder, load + ["--out", "first.json"])
    #expect(done.exit == .code(0), "\(done.errorText)")
    let killed = try send(cluster, folder, load, failpoint: "spool-before-delete:2")
    #expect(killed.exit == .signal(9), "\(killed.errorText)")
    let next = try send(cluster, folder, load + ["--out", "second.json"])
    #expect(next.exit == .code(0), "\(next.errorText)")

    let told = try topic(cluster)
    let end = try #require(number(told, "endOffsets"))
    #expect(cluster.wait(within: .seconds(60)) { cluster.settled == end }, "\(cluster.settled) of \(end)")
    for name in ["first.json", "second.json"] {
      try expectTheSame(object(Data(folder.read(name).utf8)), told, in: cluster)
    }
    // What Kafka took in is stored, known as a repeat, or dead: nothing else.
    let counted = try #require(told["counts"] as? Object)
    let words = ["records", "distinct", "repeated", "unreadable"].map { number(counted, $0) ?? -1 }
    #expect(words[3] == 2 && number(counted, "conflicting") == 0 && words[0] == end)
    #expect(
      cluster.ask("SELECT sum(next_offset), sum(stored), sum(repeated), sum(dead) FROM partition_ledger")
        == words.map(String.init).joined(separator: "|"))
    #expect(
      cluster.ask("SELECT count(*) FROM record_header")
        == cluster.ask("SELECT sum(stored) - (SELECT count(*) FROM incarnation) FROM partition_ledger"))
    // The run that was killed has an end, and is not complete only where a request's outcome is unknown.
    #expect(cluster.ask("SELECT count(*) FROM run_incarnation WHERE final_reason = 'failed'") == "1")
    #expect(consumer.stop(grace: .seconds(60)) == .code(0))
  }
}
