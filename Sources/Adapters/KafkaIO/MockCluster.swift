import CRDKafka

/// librdkafka's own imitation of a Kafka cluster, on ports of 127.0.0.1 that it chooses; other processes may use it.
///
/// For trying things out. It keeps 5 MiB or 100,000 batches a partition and drops older ones without a word, stores
/// what an idempotent producer repeats, makes no topic over the wire, and forgets everything when it goes. It runs on a
/// thread of librdkafka's, until the last reference goes.
public final class MockCluster {
  /// What clients are given: `127.0.0.1:PORT`.
  public let address: String
  private let client: Client
  private let cluster: OpaquePointer

  /// Starts one broker that has the topics.
  ///
  /// - Parameter partitions: of each topic.
  /// - Throws: where a topic can't be made, or there is no port.
  public init(_ topics: Topics, partitions: Int32 = 8) throws(KafkaError) {
    let action = "start the in-memory broker"
    client = try Client(
      RD_KAFKA_PRODUCER, [("client.id", "stampede-dev-broker"), ("log_level", "0")], events: RD_KAFKA_EVENT_ERROR,
      action: action)
    guard let cluster = rd_kafka_mock_cluster_new(client.handle, 1) else {
      throw KafkaError(action: action, message: "librdkafka starts none")
    }
    self.cluster = cluster
    address = rd_kafka_mock_cluster_bootstraps(cluster).map { String(cString: $0) } ?? ""
    for topic in topics.all {
      let code = rd_kafka_mock_topic_create(cluster, topic, partitions, 1)
      if code != RD_KAFKA_RESP_ERR_NO_ERROR { throw KafkaError(action: "make the topic \(topic)", code) }
    }
  }

  deinit { rd_kafka_mock_cluster_destroy(cluster) }
}
