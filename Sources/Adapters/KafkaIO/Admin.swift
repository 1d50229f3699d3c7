import CRDKafka

/// Makes topics. For one thread, which every call may block.
public final class Admin {
  private let client: Client

  public init(servers: String) throws(KafkaError) {
    client = try Client(
      RD_KAFKA_PRODUCER, Configuration.common(servers, name: "stampede-admin"), events: RD_KAFKA_EVENT_ERROR,
      action: "make an admin client")
  }

  /// How many brokers the cluster has; asks one of them.
  ///
  /// - Throws: where none answers within the time.
  public func brokers(milliseconds: Int32) throws(KafkaError) -> Int {
    try client.survey(milliseconds: milliseconds).0
  }

  /// What was there and what was made.
  public struct Report: Sendable, Equatable {
    public let topics: Topics
    /// Names of the topics that this call made; the others were there.
    public let created: [String]
    /// How many brokers the cluster has.
    public let brokers: Int

    /// One broker keeps everything once: what is stored is as safe as its disk.
    public var isOneDisk: Bool { brokers == 1 }
  }

  /// Makes the topics that are missing; those that are there stay as they are. Where none is missing nothing is asked
  /// for, so that it works with rights to read and write alone.
  ///
  /// Replication is the least of 3 and the brokers; from three brokers up two must have a record before it counts as
  /// stored. Records are kept for seven days at least.
  ///
  /// - Throws: where no broker answers within the time, or one refuses.
  public func create(_ topics: Topics, partitions: Int32 = 8, milliseconds: Int32) throws(KafkaError) -> Report {
    let (brokers, known) = try client.survey(milliseconds: milliseconds)
    let missing = topics.all.filter { !known.contains($0) }
    if missing.isEmpty { return Report(topics: topics, created: [], brokers: brokers) }
    let results = try client.createTopics(
      missing, partitions: partitions, brokers: brokers, milliseconds: milliseconds)
    var created: [String] = []
    for result in results {
      if result.code == RD_KAFKA_RESP_ERR_NO_ERROR {
        created.append(result.topic)
      } else if result.code != RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS {
        throw KafkaError(action: "make the topic \(result.topic)", code: result.code.rawValue, message: result.message)
      }
    }
    return Report(topics: topics, created: created, brokers: brokers)
  }
}

/// The names of the topics that belong together.
public struct Topics: Sendable, Hashable {
  /// Where records go.
  public let results: String

  public init(_ results: String = "stampede.results") { self.results = results }

  /// Raw samples.
  public var samples: String { isDefault ? "stampede.samples" : results + ".samples" }
  /// What a consumer could not take.
  public var deadLetters: String { isDefault ? "stampede.dead-letter" : results + ".dead-letter" }

  public var all: [String] { [results, samples, deadLetters] }

  private var isDefault: Bool { results == "stampede.results" }
}

private struct TopicResult {
  let topic: String
  let code: rd_kafka_resp_err_t
  let message: String
}

extension Client {
  /// How many brokers there are, and the topics that this client may see.
  fileprivate func survey(milliseconds: Int32) throws(KafkaError) -> (brokers: Int, topics: Set<String>) {
    var found: UnsafePointer<rd_kafka_metadata>?
    let code = rd_kafka_metadata(handle, 1, nil, &found, milliseconds)
    guard code == RD_KAFKA_RESP_ERR_NO_ERROR, let found else {
      throw KafkaError(action: "ask for the brokers", code)
    }
    defer { rd_kafka_metadata_destroy(found) }
    let topics = UnsafeBufferPointer(start: found.pointee.topics, count: Int(found.pointee.topic_cnt))
    let named = topics.compactMap { $0.err == RD_KAFKA_RESP_ERR_NO_ERROR ? $0.topic.map { String(cString: $0) } : nil }
    return (max(1, Int(found.pointee.broker_cnt)), Set(named))
  }

  fileprivate func createTopics(
    _ names: [String], partitions: Int32, brokers: Int, milliseconds: Int32
  ) throws(KafkaError) -> [TopicResult] {
    let action = "make topics"
    var wanted: [OpaquePointer?] = []
    defer { for topic in wanted { rd_kafka_NewTopic_destroy(topic) } }
    var reason = Reason()
    for name in names {
      let copies = Int32(min(3, brokers))
      guard let topic = rd_kafka_NewTopic_new(name, partitions, copies, &reason.buffer, reason.buffer.count) else {
        throw KafkaError(action: "make the topic \(name)", message: reason.text)
      }
      wanted.append(topic)
      rd_kafka_NewTopic_set_config(topic, "retention.ms", "\(7 * 86_400_000)")
      if brokers >= 3 { rd_kafka_NewTopic_set_config(topic, "min.insync.replicas", "2") }
    }
    let options = rd_kafka_AdminOptions_new(handle, RD_KAFKA_ADMIN_OP_CREATETOPICS)
    defer { rd_kafka_AdminOptions_destroy(options) }
    // Until every broker knows the topic, or the time is over.
    rd_kafka_AdminOptions_set_operation_timeout(options, milliseconds, &reason.buffer, reason.buffer.count)
    rd_kafka_AdminOptions_set_request_timeout(options, milliseconds, &reason.buffer, reason.buffer.count)
    rd_kafka_CreateTopics(handle, &wanted, wanted.count, options, queue)
    let start = ContinuousClock.now
    while ContinuousClock.now - start < .milliseconds(Int(milliseconds) + 1_000) {
      guard let event = poll(milliseconds: 100), event.kind == .topicsCreated else { continue }
      if event.code != RD_KAFKA_RESP_ERR_NO_ERROR { throw event.error(action) }
      return Client.results(of: event)
    }
    throw KafkaError(action: action, message: "no answer within \(milliseconds) ms")
  }

  private static func results(of event: borrowing Event) -> [TopicResult] {
    var count = 0
    guard let result = rd_kafka_event_CreateTopics_result(event.handle),
      let topics = rd_kafka_CreateTopics_result_topics(result, &count)
    else { return [] }
    return UnsafeBufferPointer(start: topics, count: count).compactMap { topic in
      guard let topic else { return nil }
      let code = rd_kafka_topic_result_error(topic)
      let text = rd_kafka_topic_result_error_string(topic) ?? rd_kafka_err2str(code)
      return TopicResult(
        topic: String(cString: rd_kafka_topic_result_name(topic)), code: code,
        message: text.map { String(cString: $0) } ?? "")
    }
  }
}
