import KafkaIO
import TestSupport
import Testing

/// The broker for development, with the clients that the product uses on a real one.
struct MockClusterTests {
  @Test func itsTopicsAreThereAndRecordsGoThrough() throws {
    let cluster = try MockCluster(Topics("tried"), partitions: 3)
    // CreateTopics is never answered there: nothing that exists is asked for.
    let report = try Admin(servers: cluster.address).create(Topics("tried"), milliseconds: 20_000)
    #expect(report.created.isEmpty && report.isOneDisk)
    let producer = try Producer(servers: cluster.address, topic: "tried")
    for number in UInt64(1)...100 {
      #expect(try producer.send(key: (number % 7).bytes, value: number.bytes, number: number))
    }
    let end = ContinuousClock.now + .seconds(60)
    while producer.outstanding > 0, ContinuousClock.now < end { _ = producer.wait(milliseconds: 100) }
    #expect(producer.outstanding == 0)
    let found = try TopicReader.read("tried", from: cluster.address, within: .seconds(60)) { $0.count >= 100 }
    // Whatever it stored twice, nothing is missing.
    #expect(Set(found.compactMap { UInt64(bytes: $0.value) }) == Set(1...100))
    #expect(Set(found.map(\.partition)).isSubset(of: [0, 1, 2]))
  }

  @Test func twoAreTwoClusters() throws {
    let (one, other) = (try MockCluster(Topics("t")), try MockCluster(Topics("t")))
    #expect(one.address != other.address)
    let ids = try [one, other].map {
      try Producer(servers: $0.address, topic: "t").clusterID(milliseconds: 20_000)
    }
    #expect(Set(ids).count == 2)
  }
}
