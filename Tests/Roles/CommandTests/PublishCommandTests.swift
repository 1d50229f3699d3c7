import Foundation
import KafkaIO
import Measuring
import TestSupport
import Testing
import Wire

/// `--kafka-broker` as a person uses it, on a real broker.
@Suite(.enabled(if: KafkaServer.home != nil, Comment(rawValue: KafkaServer.missing)), .serialized)
struct PublishCommandTests {
  /// What a topic holds of one incarnation: by sequence, each with its distinct bytes.
  private struct Life {
    var records: [UInt64: Set<[UInt8]>] = [:]
    var final: Interval.Final?
    var started: UInt64 = 0
    var isComplete: Bool { final.map { records.count == Int($0.records) + 1 } ?? false }
  }

  /// The lives in a topic, read until so many are complete.
  private func lives(_ topic: String, _ server: KafkaServer, complete count: Int) throws -> [Life] {
    func sort(_ records: [KafkaRecord]) -> [[UInt8]: Life] {
      var lives: [[UInt8]: Life] = [:]
      for record in records {
        guard let key = record.key, let value = record.value, let decoded = try? Record.decode(value[...]) else {
          Issue.record("no record at \(record.partition), \(record.offset)")
          continue
        }
        #expect(key == decoded.key.incarnation.bytes)
        let isNew = lives[key, default: Life()].records[decoded.key.sequence] == nil
        lives[key, default: Life()].records[decoded.key.sequence, default: []].insert(value)
        if case .interval(let interval) = decoded {
          if let final = interval.final { lives[key]?.final = final }
          if isNew { lives[key]?.started += interval.names.reduce(0) { $0 + $1.counts.started } }
        }
      }
      return lives
    }
    let found = try TopicReader.read(topic, from: server.address, within: .seconds(60)) {
      sort($0).values.filter(\.isComplete).count >= count
    }
    return Array(sort(found).values)
  }

  private func arguments(
    _ target: DemoTarget, _ server: KafkaServer, _ topic: String, duration: String = "2s"
  ) -> [String] {
    [
      "run", "--rate", "100/s", "--duration", duration, target.url, "--kafka-broker", server.address,
      "--kafka-topic", topic, "--spool", "spool",
    ]
  }

  @Test func everySecondGoesToKafka() throws {
    let (server, target, folder) = (try Broker.shared.get(), try DemoTarget(), try TemporaryFolder("publish"))
    // It makes its topics itself.
    let topic = "made-\(UInt32.random(in: 0...(.max)))"
    let done = try Stampede.run(arguments(target, server, topic), directory: folder.path)
    #expect(done.exit == .code(0), "\(done.errorText)")
    #expect(done.errorText.contains("published to \(topic)") && done.errorText.contains("one broker"))
    #expect(!done.errorText.contains("kept in"))
    let lives = try lives(topic, server, complete: 1)
    let life = try #require(lives.first)
    #expect(lives.count == 1 && life.isComplete && life.started == 200)
    #expect(life.records.values.allSatisfy { $0.count == 1 })
    #expect(life.final?.reason == .planEnded)
    #expect(life.final?.completed == 200)
    #expect(done.errorText.contains("Kafka: \(life.records.count) records published"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("spool")).isEmpty)
  }

  /// Away: the run goes on and says where its records are. The next one sends them, under their old keys.
  @Test func whatKafkaMissesIsSentByTheNextRun() throws {
    let (server, target, folder) = (try Broker.shared.get(), try DemoTarget(), try TemporaryFolder("publish"))
    let topic = try Broker.topics("later").results
    var words = arguments(target, server, topic)
    let place = try #require(words.firstIndex(of: server.address))
    words[place] = "127.0.0.1:\(try LocalPort.free())"
    let away = try Stampede.run(words, directory: folder.path)
    #expect(away.exit == .code(0), "\(away.errorText)")
    #expect(away.errorText.contains("warning: Kafka takes no records"))
    #expect(away.errorText.contains("kept in spool") && away.errorText.contains("Kafka: 0 records published"))
    // Its variable says the same as the flag.
    words.removeSubrange((place - 1)...place)
    let back = try Stampede.run(words, directory: folder.path, environment: ["KAFKA_BROKER": server.address])
    #expect(back.exit == .code(0), "\(back.errorText)")
    #expect(back.errorText.contains("that earlier runs had left"))
    let lives = try lives(topic, server, complete: 2)
    #expect(lives.count == 2 && lives.allSatisfy { $0.isComplete && $0.started == 200 })
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("spool")).isEmpty)
  }

  /// Killed (−9) at each place where a record changes hands: the next run completes what is left.
  @Test(arguments: [
    "spool-before-rename:3", "spool-after-rename:3", "publish-after-produce:2", "spool-before-delete:2",
  ])
  func aRunKilledAnywhereIsCompletedByTheNext(_ failpoint: String) throws {
    let (server, target, folder) = (try Broker.shared.get(), try DemoTarget(), try TemporaryFolder("publish"))
    let topic = try Broker.topics("killed").results
    let words = arguments(target, server, topic, duration: "3s")
    let killed = try Stampede.run(words, directory: folder.path, environment: ["STAMPEDE_FAILPOINT": failpoint])
    #expect(killed.exit == .signal(9), "\(killed.exit) \(killed.errorText)")
    let next = try Stampede.run(words, directory: folder.path)
    #expect(next.exit == .code(0), "\(next.errorText)")
    let lives = try lives(topic, server, complete: 2)
    #expect(lives.count == 2 && lives.allSatisfy(\.isComplete))
    // A repeat has the same bytes.
    #expect(lives.allSatisfy { $0.records.values.allSatisfy { $0.count == 1 } })
    #expect(Set(lives.map(\.final?.reason)) == [.planEnded, .failed])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("spool")).isEmpty)
  }

  @Test func anAddressThatIsNoneIsRefusedBeforeAnythingIsSent() throws {
    let folder = try TemporaryFolder("publish")
    let done = try Stampede.run(
      ["run", "http://127.0.0.1:1/", "--kafka-broker", "nowhere"], directory: folder.path)
    #expect(done.exit == .code(1))
    #expect(done.errorText.contains("expected HOST:PORT"))
    #expect(try folder.names().isEmpty)
  }
}
