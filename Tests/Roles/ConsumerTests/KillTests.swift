import Glibc
import Processes
import TestSupport
import Testing

@Suite(
  .enabled(if: PostgresServer.binaries != nil, "PostgreSQL is not installed"),
  .enabled(if: KafkaServer.home != nil, Comment(rawValue: KafkaServer.missing)), .serialized)
struct KillTests {
  /// The rows are what was produced: each record once, the repeats counted, the rubbish aside.
  private func expectAll(of traffic: Traffic, in cluster: Cluster) throws {
    #expect(cluster.waitUntilSettled(within: .seconds(60)), "\(cluster.settled) of \(cluster.sent)")
    let rows = try cluster.server.query(
      cluster.url, "SELECT incarnation, sequence, requests_completed FROM record_header")
    #expect(Set(rows.split(separator: "\n").map(String.init)) == traffic.keys)
    #expect(
      cluster.ask(
        """
        SELECT (SELECT count(*) FROM record_header), sum(stored), sum(repeated), sum(dead), sum(never_seen),
          (SELECT count(*) FROM dead_letter), (SELECT count(*) FROM record_name),
          (SELECT sum(completed) FROM record_name), (SELECT sum(completed) FROM record_rollup WHERE span_seconds = 0),
          (SELECT sum(completed) FROM record_rollup WHERE span_seconds = 10),
          (SELECT histogram_count(histogram_merge(array_agg(response))) FROM run_endpoint),
          (SELECT sum(failures) FROM run_cause)
        FROM partition_ledger
        """)
        == [
          traffic.distinct, traffic.distinct, traffic.repeated, traffic.dead, 0, traffic.dead, traffic.distinct,
          Int(traffic.completed), Int(traffic.completed), Int(traffic.completed), Int(traffic.completed),
          Int(traffic.completed),
        ].map(String.init).joined(separator: "|"))
  }

  @Test(.timeLimit(.minutes(10)))
  func killedAnywhereInTheTransactionNothingIsLostAndNothingIsTwice() throws {
    let wanted = Environment.current["STAMPEDE_KILLS"].flatMap { Int($0) } ?? 5
    let cluster = try Cluster(partitions: 3)
    var traffic = Traffic(seed: Fuzz.seed(for: "kills"), workers: 12)
    let places = ["before-header-insert", "after-header-insert", "after-copy", "before-commit", "after-commit"]
    for place in places {
      var hits = 0
      for attempt in 0..<wanted * 2 where hits < wanted {
        try cluster.send(traffic.next(60))
        // Once before anything of the batch is stored, once behind other partitions' transactions.
        let consumer = try cluster.consumer(failpoint: "\(place):\(1 + attempt % 2)", instance: "one")
        let exit = consumer.wait(within: .seconds(30))
        if exit == .signal(SIGKILL) { hits += 1 } else { consumer.stop() }
      }
      #expect(hits == wanted, "\(place)")
    }
    let last = try cluster.consumer(instance: "one")
    try expectAll(of: traffic, in: cluster)
    #expect(last.stop(grace: .seconds(60)) == .code(0), "\(String(decoding: last.errors, as: UTF8.self))")
  }

  @Test(.timeLimit(.minutes(10)))
  func oneConsumerThenThreeThenOneAndOneFrozenBeyondItsSession() throws {
    let cluster = try Cluster(partitions: 4)
    var traffic = Traffic(seed: Fuzz.seed(for: "rebalance"), workers: 12)
    try cluster.send(traffic.next(100))
    let first = try cluster.consumer()
    #expect(cluster.wait(within: .seconds(60)) { cluster.settled > 0 })
    let others = [try cluster.consumer(), try cluster.consumer()]
    for _ in 0..<20 {
      try cluster.send(traffic.next(30))
      usleep(100_000)
    }
    #expect(cluster.waitUntilSettled(within: .seconds(60)))

    // Frozen it keeps its connection and its locks; the others must get its partitions all the same.
    first.signal(SIGSTOP)
    for _ in 0..<20 {
      try cluster.send(traffic.next(30))
      usleep(100_000)
    }
    #expect(cluster.waitUntilSettled(within: .seconds(60)), "\(cluster.settled) of \(cluster.sent)")
    first.signal(SIGCONT)
    others[0].signalGroup(SIGKILL)
    try cluster.send(traffic.next(100))
    #expect(others[1].stop(grace: .seconds(60)) == .code(0))
    try cluster.send(traffic.next(100))
    try expectAll(of: traffic, in: cluster)
    #expect(first.stop(grace: .seconds(60)) == .code(0))
  }

  @Test(.timeLimit(.minutes(10)))
  func whatIsAwayIsSaidAndWaitedFor() throws {
    let cluster = try Cluster(partitions: 2)
    var traffic = Traffic(seed: 1, workers: 3)
    try cluster.send(traffic.next(40))
    cluster.kafka.kill()
    let consumer = try cluster.consumer()
    let said: Bool? = consumer.waitForOutput(within: .seconds(60)) { _, errors in
      errors.contains("no broker answered") || errors.contains("Kafka, ") ? true : nil
    }
    #expect(said == true, "\(String(decoding: consumer.errors, as: UTF8.self))")
    try cluster.kafka.start()
    try expectAll(of: traffic, in: cluster)

    // The database throws everybody out while records come.
    for _ in 0..<5 {
      try cluster.send(traffic.next(20))
      _ = cluster.ask(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'stampede-consumer'")
      usleep(100_000)
    }
    try expectAll(of: traffic, in: cluster)
    #expect(consumer.stop(grace: .seconds(60)) == .code(0))
  }

  @Test(.timeLimit(.minutes(10)))
  func stoppedWhileItGetsItsPartitionsItEnds() throws {
    let cluster = try Cluster(partitions: 3)
    for round in 0..<20 {
      let consumer = try cluster.consumer(instance: "one")
      let reads: Bool? = consumer.waitForOutput(within: .seconds(60)) { _, errors in
        errors.contains("reading") ? true : nil
      }
      #expect(reads == true)
      usleep(UInt32(round % 6) * 12_000)
      if round.isMultiple(of: 2) {
        consumer.signalGroup(SIGKILL)
      } else {
        consumer.signal(SIGTERM)
        #expect(consumer.wait(within: .seconds(60)) == .code(0), "round \(round)")
      }
    }
  }

  @Test func aDatabaseThatIsAwayIsSaidWithoutItsPassword() throws {
    let consumer = try Stampede.start([
      "consumer", "--kafka-broker", "127.0.0.1:1", "--database-url", "postgresql://u:hunter2@127.0.0.1:1/results",
    ])
    let text: String? = consumer.waitForOutput(within: .seconds(60)) { _, errors in
      errors.contains("refused") ? errors : nil
    }
    #expect(text?.contains("127.0.0.1:1/results") == true && text?.contains("retry_in") == true)
    #expect(text?.contains("hunter2") == false)
    #expect(consumer.stop(grace: .seconds(60)) == .code(0))
  }
}
