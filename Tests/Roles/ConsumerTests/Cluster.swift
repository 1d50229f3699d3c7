import Glibc
import KafkaIO
import Measuring
import Model
import Processes
import TestSupport
import Wire

/// A broker, a database, and consumers as processes of their own between them.
final class Cluster {
  let kafka: KafkaServer
  let server: PostgresServer
  let url: String
  let topic = "results"
  private let producer: Producer
  private(set) var sent = 0

  /// - Parameter server: nil: the one that all tests share.
  init(partitions: Int32, server own: PostgresServer? = nil) throws {
    kafka = try KafkaServer()
    server = try own ?? PostgresServer.shared.get()
    url = try server.database()
    let (address, topic) = (kafka.address, topic)
    _ = try Cluster.retried {
      try Admin(servers: address).create(Topics(topic), partitions: partitions, milliseconds: 10_000)
    }
    producer = try Producer(servers: kafka.address, topic: topic)
  }

  private static func retried<T>(_ body: () throws -> T) throws -> T {
    for _ in 0..<20 {
      if let result = try? body() { return result }
      usleep(500_000)
    }
    return try body()
  }

  /// Sends records and waits until Kafka has them.
  func send(_ records: [(key: [UInt8], value: [UInt8])]) throws {
    for (number, record) in records.enumerated() {
      while try !producer.send(key: record.key, value: record.value, number: UInt64(number)) {
        _ = producer.wait(milliseconds: 50)
      }
    }
    var delivered = 0
    let end = ContinuousClock.now + .seconds(60)
    while delivered < records.count {
      let reports = producer.wait(milliseconds: 100)
      delivered += reports.delivered.count
      guard reports.refused.isEmpty, ContinuousClock.now < end else { throw TestError("Kafka took not all records") }
    }
    sent += records.count
  }

  func consumer(failpoint: String? = nil, instance: String? = nil, more: [String] = []) throws -> ChildProcess {
    try Stampede.start(
      ["consumer", "--migrate", "--verbose"] + more + (instance.map { ["--kafka-instance", $0] } ?? []),
      environment: [
        "KAFKA_BROKER": kafka.address, "KAFKA_TOPIC": topic, "KAFKA_GROUP": "g", "DATABASE_URL": url,
        "STAMPEDE_FAILPOINT": failpoint ?? "",
      ])
  }

  /// What psql answers; nil while the tables are not there.
  func ask(_ statement: String) -> String? { try? server.query(url, statement) }

  /// Records dealt with so far.
  var settled: Int { ask("SELECT coalesce(sum(next_offset), 0) FROM consumer_offset").flatMap { Int($0) } ?? 0 }

  /// Waits until everything that was sent is dealt with.
  func waitUntilSettled(within span: Duration) -> Bool { wait(within: span) { settled == sent } }

  func wait(within span: Duration, _ condition: () -> Bool) -> Bool {
    let end = ContinuousClock.now + span
    while !condition() {
      if ContinuousClock.now > end { return false }
      usleep(50_000)
    }
    return true
  }
}

/// Records of some workers, sent in no order, some of them twice, with rubbish in between.
struct Traffic {
  private var source: SplitMix
  private let run: Identifier
  private var workers: [(incarnation: Identifier, sequence: UInt64)] = []
  private var before: [(key: [UInt8], value: [UInt8])] = []
  private(set) var distinct = 0
  private(set) var repeated = 0
  private(set) var dead = 0
  private(set) var completed: UInt64 = 0
  /// Key and count of every record, as the table has them.
  private(set) var keys: Set<String> = []

  init(seed: UInt64, workers: Int) {
    source = SplitMix(seed: seed)
    run = Identifier(random: &source)
    for _ in 0..<workers { self.workers.append((Identifier(random: &source), 0)) }
  }

  mutating func next(_ count: Int) -> [(key: [UInt8], value: [UInt8])] {
    var records: [(key: [UInt8], value: [UInt8])] = []
    for _ in 0..<count {
      switch Int.random(in: 0..<20, using: &source) {
      case 0 where !before.isEmpty:
        repeated += 1
        records.append(before[Int.random(in: 0..<before.count, using: &source)])
      case 1:
        dead += 1
        records.append(([UInt8.random(in: 0...255, using: &source)], [1, 2, 3]))
      case _:
        let made = interval()
        before.append(made)
        records.append(made)
      }
    }
    return records
  }

  private mutating func interval() -> (key: [UInt8], value: [UInt8]) {
    let place = Int.random(in: 0..<workers.count, using: &source)
    workers[place].sequence += 1
    let (incarnation, sequence) = workers[place]
    var interval = Interval(
      key: .init(run: run, incarnation: incarnation, sequence: sequence), second: UInt32(sequence),
      from: .seconds(Int64(sequence)), to: .seconds(Int64(sequence) + 1))
    var name = NameInterval(name: "GET /")
    let count = UInt64.random(in: 1...9, using: &source)
    name.counts.started = count
    name.counts.completed = count
    name.counts.accepted = count
    name.histograms.response.record(UInt32.random(in: 1...100_000, using: &source), times: count)
    // No failure stands behind it, and it is as good to count as one.
    name.causes = [CauseCount(kind: .status, text: "status \(500 + count)", count: count)]
    interval.names = [name]
    completed += count
    distinct += 1
    keys.insert("\(incarnation)|\(sequence)|\(count)")
    return (incarnation.bytes, IntervalCodec.encode(interval))
  }
}
