import Glibc
import Processes
import TestSupport
import Testing

/// What goes away and comes back, while records flow: nothing is lost, nothing is stored twice, nothing is put aside.
@Suite(
  .enabled(if: PostgresServer.binaries != nil, "PostgreSQL is not installed"),
  .enabled(if: KafkaServer.home != nil, Comment(rawValue: KafkaServer.missing)), .serialized, .timeLimit(.minutes(10)))
struct OutageTests {
  private func expectAll(of traffic: Traffic, in cluster: Cluster) throws {
    #expect(cluster.waitUntilSettled(within: .seconds(120)), "\(cluster.settled) of \(cluster.sent)")
    let rows = try cluster.server.query(
      cluster.url, "SELECT incarnation, sequence, requests_completed FROM record_header")
    #expect(Set(rows.split(separator: "\n").map(String.init)) == traffic.keys)
    #expect(
      cluster.ask(
        """
        SELECT (SELECT count(*) FROM record_header), sum(stored), sum(repeated), sum(dead), sum(never_seen),
          (SELECT count(*) FROM dead_letter), (SELECT sum(completed) FROM record_rollup WHERE span_seconds = 0)
        FROM partition_ledger
        """)
        == [
          traffic.distinct, traffic.distinct, traffic.repeated, traffic.dead, 0, traffic.dead, Int(traffic.completed),
        ].map(String.init).joined(separator: "|"))
  }

  private func says(_ consumer: ChildProcess, _ word: String) -> Bool {
    consumer.waitForOutput(within: .seconds(60)) { _, errors in errors.contains(word) ? true : nil } == true
  }

  /// Away when the consumer starts, gone in the middle, and back.
  @Test func postgresIsAwayAtTheStartAndGoesInTheMiddle() throws {
    let server = try PostgresServer()
    let cluster = try Cluster(partitions: 3, server: server)
    var traffic = Traffic(seed: Fuzz.seed(for: "outage"), workers: 8)
    server.stop()
    let consumer = try cluster.consumer()
    #expect(says(consumer, "retry_in"))
    try cluster.send(traffic.next(50))
    try server.start()
    #expect(cluster.waitUntilSettled(within: .seconds(60)))
    for _ in 0..<3 {
      server.stop()
      try cluster.send(traffic.next(40))
      try server.start()
      try cluster.send(traffic.next(40))
    }
    try expectAll(of: traffic, in: cluster)
    #expect(consumer.stop(grace: .seconds(60)) == .code(0))
  }

  /// A server that has no room refuses every transaction: they are tried again, and no record is blamed for it.
  @Test func aFullDiskIsWaitedOut() throws {
    let cluster = try Cluster(partitions: 2)
    var traffic = Traffic(seed: Fuzz.seed(for: "full disk"), workers: 8)
    try cluster.send(traffic.next(40))
    let consumer = try cluster.consumer()
    #expect(cluster.waitUntilSettled(within: .seconds(60)))
    _ = try cluster.server.query(
      cluster.url,
      """
      CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$;
      CREATE TRIGGER no_room BEFORE INSERT ON record_rollup FOR EACH ROW EXECUTE FUNCTION no_room();
      """)
    try cluster.send(traffic.next(60))
    #expect(says(consumer, "SQLSTATE 53100"))
    // Until the group's patience is at its end and the membership is made anew.
    #expect(says(consumer, "retry_in"))
    _ = try cluster.server.query(cluster.url, "DROP TRIGGER no_room ON record_rollup")
    try expectAll(of: traffic, in: cluster)
    #expect(consumer.stop(grace: .seconds(60)) == .code(0))
  }

  /// Held still for longer than the group's session, then killed and back: its connections look alive all the while.
  @Test func aBrokerThatFreezesAndOneThatDies() throws {
    let cluster = try Cluster(partitions: 3)
    var traffic = Traffic(seed: Fuzz.seed(for: "frozen broker"), workers: 8)
    try cluster.send(traffic.next(60))
    let consumer = try cluster.consumer()
    #expect(cluster.wait(within: .seconds(60)) { cluster.settled > 0 })
    cluster.kafka.freeze()
    let end = ContinuousClock.now + .seconds(9)
    while ContinuousClock.now < end { usleep(100_000) }
    cluster.kafka.thaw()
    try cluster.send(traffic.next(60))
    #expect(cluster.waitUntilSettled(within: .seconds(120)), "\(cluster.settled) of \(cluster.sent)")
    cluster.kafka.kill()
    try cluster.kafka.start()
    try cluster.send(traffic.next(60))
    try expectAll(of: traffic, in: cluster)
    #expect(consumer.stop(grace: .seconds(60)) == .code(0))
  }
}
