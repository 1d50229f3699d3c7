import Glibc
import KafkaIO
import Processes
import TestSupport
import Testing

@Suite(
  .enabled(if: PostgresServer.binaries != nil, "PostgreSQL is not installed"),
  .enabled(if: KafkaServer.home != nil, Comment(rawValue: KafkaServer.missing)), .serialized, .timeLimit(.minutes(10)))
struct DeadLetterTopicTests {
  private func command(_ cluster: Cluster, _ words: String...) throws -> Finished {
    try Stampede.run(["dead-letters"] + words, environment: ["DATABASE_URL": cluster.url])
  }

  /// Rubbish goes to the table, from there to the topic, byte by byte as it came, and stays when it is replayed.
  @Test func rubbishReachesItsTopicAtLeastOnceWhateverIsKilled() throws {
    let cluster = try Cluster(partitions: 2)
    let rubbish: [(key: [UInt8], value: [UInt8])] = (0..<40).map { ([UInt8($0)], [0, UInt8($0), 255]) } + [([], [])]
    try cluster.send(rubbish)
    // Once between Kafka's acknowledgement and the mark in the table.
    let killed = try cluster.consumer(failpoint: "dead-letter-before-mark:1")
    #expect(killed.wait(within: .seconds(60)) == .signal(SIGKILL))
    let consumer = try cluster.consumer(more: ["--metrics", ":0"])
    let unsent = "SELECT count(*) FROM dead_letter WHERE sent_at IS NULL"
    #expect(cluster.wait(within: .seconds(60)) { cluster.settled == rubbish.count && cluster.ask(unsent) == "0" })
    let found = try TopicReader.read("\(cluster.topic).dead-letter", from: cluster.kafka.address) {
      $0.count > rubbish.count && Set($0.map(\.key)).count == rubbish.count
    }
    #expect(Set(found.map(\.value)) == Set(rubbish.map(\.value)))
    #expect(Set(found.map(\.key)) == Set(rubbish.map(\.key)))
    #expect(found.count > rubbish.count && found.count <= 2 * rubbish.count, "at least once: \(found.count)")

    try expectFigures(of: consumer, cluster, dead: rubbish.count)
    let listed = try command(cluster, "list", "--limit", "5", "--json")
    #expect(listed.exit == .code(0) && listed.text.split(separator: "\n").count == 5)
    #expect(listed.text.contains("\"topic\":\"results\"") && listed.errorText.contains("--limit"))
    let text = try command(cluster, "list").text
    #expect(text.split(separator: "\n").count == rubbish.count && text.contains("3 bytes  in the topic"))
    let replayed = try command(cluster, "replay")
    #expect(replayed.exit == .code(3))
    #expect(replayed.text == "0 stored, 0 were there already, \(rubbish.count) refused again\n")
    #expect(consumer.stop(grace: .seconds(60)) == .code(0))
  }

  private func expectFigures(of consumer: ChildProcess, _ cluster: Cluster, dead: Int) throws {
    let port: UInt16? = consumer.waitForOutput(within: .seconds(60)) { _, errors in
      errors.firstRange(of: "http://127.0.0.1:").flatMap { UInt16(errors[$0.upperBound...].prefix { $0.isNumber }) }
    }
    func get(_ path: String) throws -> String {
      let client = try RawClient(port: try #require(port))
      client.send("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
      return client.receiveAll().text
    }
    #expect(try get("/healthz").hasPrefix("HTTP/1.1 200"))
    #expect(cluster.wait(within: .seconds(60)) { (try? get("/readyz"))?.hasPrefix("HTTP/1.1 200") == true })
    let last = cluster.wait(within: .seconds(60)) {
      guard let text = try? get("/metrics") else { return false }
      return ["0", "1"].allSatisfy { text.contains("stampede_consumer_lag_records{partition=\"\($0)\"} 0\n") }
        && text.contains("stampede_consumer_dead_letters_waiting 0\n")
        && text.contains("stampede_consumer_records_total{outcome=\"stored\"} 0\n")
    }
    let figures = try get("/metrics")
    #expect(last, "\(figures)")
  }

  @Test func withoutADatabaseEachCommandSaysWhatItLacks() throws {
    let none = try Stampede.run(["dead-letters", "list"])
    #expect(none.exit == .code(1) && none.errorText.contains("DATABASE_URL"))
    let url = try PostgresServer.shared.get().database()
    let empty = try Stampede.run(["dead-letters", "replay", "--database-url", url])
    #expect(empty.exit == .code(1) && empty.errorText.contains("--migrate"))
    let word = try Stampede.run(["dead-letters", "bury", "--database-url", url])
    #expect(word.exit == .code(1))
  }
}
