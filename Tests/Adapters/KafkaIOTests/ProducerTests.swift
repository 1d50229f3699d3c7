import Foundation
import KafkaIO
import TestSupport
import Testing

@Suite(.enabled(if: KafkaServer.home != nil, Comment(rawValue: KafkaServer.missing)), .serialized)
struct ProducerTests {
  /// Sends numbers 1…count under the key of their lane, waits for all reports; gives the delivered numbers.
  private func send(
    _ numbers: ClosedRange<UInt64>, with producer: Producer, within span: Duration = .seconds(60),
    meanwhile: (UInt64) throws -> Void = { _ in }
  ) throws -> [UInt64] {
    var delivered: [UInt64] = []
    let end = ContinuousClock.now + span
    for number in numbers {
      try meanwhile(number)
      while try !producer.send(key: (number % 16).bytes, value: number.bytes, number: number) {
        delivered += producer.wait(milliseconds: 50).delivered
        if ContinuousClock.now > end { return delivered }
      }
    }
    while producer.outstanding > 0, ContinuousClock.now < end {
      let reports = producer.wait(milliseconds: 100)
      #expect(reports.refused.isEmpty)
      delivered += reports.delivered
    }
    return delivered
  }

  @Test func everyRecordIsReportedAndStoredOnce() throws {
    let server = try Broker.shared.get()
    let topic = try Broker.topics("plain").results
    let delivered = try send(1...5_000, with: Producer(servers: server.address, topic: topic))
    #expect(delivered.sorted() == Array(1...5_000))
    let found = try TopicReader.read(topic, from: server.address) { $0.count >= 5_000 }
    #expect(found.compactMap { UInt64(bytes: $0.value) }.sorted() == Array(1...5_000))
    // A key stays on its partition, in the order of sending.
    for (_, records) in Dictionary(grouping: found, by: \.key) {
      #expect(Set(records.map(\.partition)).count == 1)
      let numbers = records.compactMap { UInt64(bytes: $0.value) }
      #expect(numbers == numbers.sorted())
    }
  }

  @Test func aFullQueueSaysNoAndTakesMoreLater() throws {
    let server = try Broker.shared.get()
    let topic = try Broker.topics("full").results
    let producer = try Producer(servers: server.address, topic: topic, outstandingKilobytes: 64)
    let value = [UInt8](repeating: 7, count: 10_000)
    var refusals = 0
    var delivered: Set<UInt64> = []
    for number in UInt64(1)...200 {
      while try !producer.send(key: number.bytes, value: value, number: number) {
        refusals += 1
        delivered.formUnion(producer.wait(milliseconds: 200).delivered)
      }
    }
    let end = ContinuousClock.now + .seconds(60)
    while producer.outstanding > 0, ContinuousClock.now < end {
      delivered.formUnion(producer.wait(milliseconds: 100).delivered)
    }
    #expect(refusals > 0)
    #expect(delivered.count == 200)
  }

  @Test func aRecordThatIsTooLargeIsRefusedAlone() throws {
    let server = try Broker.shared.get()
    let topic = try Broker.topics("large").results
    let producer = try Producer(servers: server.address, topic: topic)
    #expect {
      _ = try producer.send(key: [1], value: [UInt8](repeating: 0, count: 1_100_000), number: 1)
    } throws: { error in
      guard let error = error as? KafkaError else { return false }
      return error.isTooLarge && !error.isFatal && error.description.contains(topic)
    }
    #expect(try send(2...3, with: producer).sorted() == [2, 3])
  }

  /// The broker is killed (−9) twice while records flow: each is stored, and nothing is stored under another key.
  @Test(.timeLimit(.minutes(10))) func aBrokerKilledTwiceLosesNothing() throws {
    let server = try KafkaServer()
    let topic = try Broker.topics("killed", on: server).results
    let producer = try Producer(servers: server.address, topic: topic)
    let delivered = try send(1...6_000, with: producer, within: .seconds(120)) { number in
      if number == 2_000 || number == 4_000 {
        server.kill()
        // Some are handed over while nobody is there.
      }
      if number == 2_500 || number == 4_500 { try server.start() }
    }
    #expect(delivered.sorted() == Array(1...6_000))
    let found = try TopicReader.read(topic, from: server.address) {
      Set($0.compactMap { UInt64(bytes: $0.value) }).count >= 6_000
    }
    let numbers = found.compactMap { UInt64(bytes: $0.value) }
    #expect(Set(numbers) == Set(1...6_000))
    #expect(found.allSatisfy { UInt64(bytes: $0.key) == (UInt64(bytes: $0.value) ?? 0) % 16 })
    print("killed twice: \(numbers.count) stored of 6000 sent")
  }

  /// Nobody listens when it starts: it says so, keeps what it was given, and sends it when the broker comes.
  @Test(.timeLimit(.minutes(10))) func aBrokerThatComesLaterGetsEverything() throws {
    let server = try KafkaServer()
    let topic = try Broker.topics("late", on: server).results
    server.kill()
    let producer = try Producer(servers: server.address, topic: topic)
    for number in UInt64(1)...100 {
      #expect(try producer.send(key: (number % 16).bytes, value: number.bytes, number: number))
    }
    var trouble: KafkaError?
    let end = ContinuousClock.now + .seconds(60)
    while trouble == nil, ContinuousClock.now < end { trouble = producer.wait(milliseconds: 200).trouble }
    #expect(trouble != nil && trouble?.isFatal == false)
    #expect(producer.outstanding == 100)
    try server.start()
    #expect(try send(101...101, with: producer).sorted() == Array(1...101))
  }
}
