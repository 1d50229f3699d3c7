import Foundation
import KafkaIO
import TestSupport
import Testing

@Suite(.enabled(if: KafkaServer.home != nil, Comment(rawValue: KafkaServer.missing)), .serialized)
struct ConsumerTests {
  private func fill(_ topic: String, _ numbers: ClosedRange<UInt64>, on server: KafkaServer) throws {
    let producer = try Producer(servers: server.address, topic: topic)
    for number in numbers { _ = try producer.send(key: number.bytes, value: number.bytes, number: number) }
    let end = ContinuousClock.now + .seconds(60)
    while producer.outstanding > 0, ContinuousClock.now < end { _ = producer.wait(milliseconds: 100) }
    #expect(producer.outstanding == 0)
  }

  @Test func offsetsAreTheCallers() throws {
    let server = try Broker.shared.get()
    let topic = try Broker.topics("offsets", partitions: 1).results
    try fill(topic, 1...50, on: server)
    let consumer = try Consumer(servers: server.address, group: topic, topic: topic)
    var numbers: [UInt64] = []
    let end = ContinuousClock.now + .seconds(60)
    while numbers.count < 20, ContinuousClock.now < end {
      switch consumer.next(milliseconds: 100) {
      case .assigned(let partitions):
        #expect(partitions == [0])
        try consumer.start(at: [0: 30])
      case .records(let records):
        #expect(records.map(\.offset).allSatisfy { $0 >= 30 })
        numbers += records.compactMap { UInt64(bytes: $0.value) }
      case .revoked, .nothing, .trouble: break
      }
    }
    #expect(numbers == Array(31...50))
    let id = try consumer.clusterID(milliseconds: 5_000)
    #expect(id.count == 22)
    try consumer.close(milliseconds: 5_000)
  }

  /// An offset beyond what is kept is trouble with its partition, never a silent jump.
  @Test func anOffsetThatIsNotThereIsSaid() throws {
    let server = try Broker.shared.get()
    let topic = try Broker.topics("beyond", partitions: 1).results
    try fill(topic, 1...5, on: server)
    let consumer = try Consumer(servers: server.address, group: topic, topic: topic)
    var trouble: (KafkaError, Int32?)?
    var numbers: [UInt64] = []
    let end = ContinuousClock.now + .seconds(60)
    while numbers.count < 5, ContinuousClock.now < end {
      switch consumer.next(milliseconds: 100) {
      case .assigned: try consumer.start(at: [0: 1_000])
      case .trouble(let error, let partition):
        if error.isOffsetMissing {
          #expect(numbers.isEmpty)
          trouble = (error, partition)
          try consumer.start(at: [0: nil])
        }
      case .records(let records): numbers += records.compactMap { UInt64(bytes: $0.value) }
      case .revoked, .nothing: break
      }
    }
    #expect(trouble?.1 == 0)
    #expect(numbers == Array(1...5))
  }

  /// Tombstones, no key, empty bytes, rubbish: all are data.
  @Test func rubbishIsData() throws {
    let server = try Broker.shared.get()
    let topic = try Broker.topics("rubbish", partitions: 1).results
    try RawRecords.send(
      [(nil, nil), ([], []), (nil, [1]), ([2], nil), ([255, 0], Array("\u{0}rubbish".utf8))], to: topic,
      on: server.address)
    let found = try TopicReader.read(topic, from: server.address) { $0.count >= 5 }
    // A producer that keeps no order may send one again behind the others.
    let pairs = found.map { "\($0.key.debugDescription) \($0.value.debugDescription)" }.sorted()
    let sent: [([UInt8]?, [UInt8]?)] = [
      (nil, nil), ([], []), (nil, [1]), ([2], nil), ([255, 0], Array("\u{0}rubbish".utf8)),
    ]
    #expect(pairs == sent.map { "\($0.debugDescription) \($1.debugDescription)" }.sorted())
    #expect(found.map(\.offset) == [0, 1, 2, 3, 4])
  }

  /// One member, then three, then one: with offsets kept by the test, every record is read once.
  @Test(.timeLimit(.minutes(10))) func oneThreeOne() throws {
    let server = try Broker.shared.get()
    let topic = try Broker.topics("rebalance", partitions: 6).results
    let group = Group(servers: server.address, topic: topic)
    try fill(topic, 1...3_000, on: server)
    try group.add()
    try group.turn(within: .seconds(60)) { group.numbers.count >= 1_000 }
    try group.add()
    try group.add()
    try group.turn(within: .seconds(60)) { group.members.allSatisfy { $0.partitions.count == 2 } }
    try fill(topic, 3_001...6_000, on: server)
    try group.turn(within: .seconds(60)) { group.numbers.count >= 4_500 }
    try group.members.removeLast().consumer.close(milliseconds: 5_000)
    // The other is gone without a word, as if killed: the session's time has to pass.
    group.members.removeLast()
    try fill(topic, 6_001...9_000, on: server)
    try group.turn(within: .seconds(60)) { group.numbers.count >= 9_000 }
    #expect(group.members[0].partitions.count == 6)
    #expect(group.numbers.sorted() == Array(1...9_000))
  }

  @Test func aTopicThatIsMissingIsSaidAndWaitedFor() throws {
    let server = try Broker.shared.get()
    let topics = Topics("missing-\(UInt32.random(in: 0...(.max)))")
    let consumer = try Consumer(servers: server.address, group: topics.results, topic: topics.results)
    var isMissing = false
    var assigned: [Int32] = []
    let end = ContinuousClock.now + .seconds(60)
    while assigned.isEmpty, ContinuousClock.now < end {
      switch consumer.next(milliseconds: 100) {
      case .trouble(let error, _):
        if error.isTopicMissing, !isMissing {
          isMissing = true
          _ = try Admin(servers: server.address).create(topics, partitions: 2, milliseconds: 5_000)
        }
      case .assigned(let partitions):
        assigned = partitions
        try consumer.start(at: Dictionary(uniqueKeysWithValues: partitions.map { ($0, nil) }))
      case .records, .revoked, .nothing: break
      }
    }
    #expect(isMissing)
    #expect(assigned == [0, 1])
    try consumer.close(milliseconds: 5_000)
  }
}

/// Members of one group that share a store of offsets, all turned by the test's thread.
private final class Group {
  final class Member {
    let consumer: Consumer
    var partitions: Set<Int32> = []
    init(_ consumer: Consumer) { self.consumer = consumer }
  }

  let servers: String
  let topic: String
  var members: [Member] = []
  /// What a database would hold: the offset to go on from, and what was read, both changed at once.
  private var offsets: [Int32: Int64] = [:]
  var numbers: [UInt64] = []

  init(servers: String, topic: String) {
    self.servers = servers
    self.topic = topic
  }

  func add() throws {
    members.append(Member(try Consumer(servers: servers, group: topic, topic: topic)))
  }

  func turn(within span: Duration, until done: () -> Bool) throws {
    let end = ContinuousClock.now + span
    while !done() {
      if ContinuousClock.now > end { throw TestError("\(numbers.count) read, \(members.map(\.partitions))") }
      for member in members { try turn(member) }
    }
  }

  private func turn(_ member: Member) throws {
    switch member.consumer.next(milliseconds: 20, records: 100) {
    case .assigned(let partitions):
      member.partitions = Set(partitions)
      try member.consumer.start(at: Dictionary(uniqueKeysWithValues: partitions.map { ($0, offsets[$0]) }))
    case .revoked:
      member.partitions = []
      try member.consumer.release()
    case .records(let records):
      for record in records {
        // A stale member's record would break this order.
        guard record.offset == offsets[record.partition] ?? 0 else {
          throw TestError("offset \(record.offset) of \(record.partition), expected \(offsets, default: "0")")
        }
        offsets[record.partition] = record.offset + 1
        if let number = UInt64(bytes: record.value) { numbers.append(number) }
      }
    case .trouble(let error, _): if error.isFatal { throw error }
    case .nothing: break
    }
  }
}
