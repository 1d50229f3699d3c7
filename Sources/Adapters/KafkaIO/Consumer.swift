import CRDKafka

/// A member of a group that reads one topic, its offsets kept by the caller and not by Kafka.
///
/// ```
///   next → assigned → start(at:) → records, records … → revoked → release → assigned …
/// ```
/// Nothing of a partition comes before `start`, and nothing after `release`. Between `revoked` and `release` the
/// partitions are still this member's (unless it `isLost`): that is the time to finish or roll back what is in hand.
///
/// For one thread of the caller's, which every call may block. `next` must be called at least every five minutes, or
/// the group goes on without this member.
public final class Consumer {
  public enum Happening: Sendable, Equatable {
    /// Nothing came in the time.
    case nothing
    /// These partitions are this member's now: answer with `start(at:)`.
    case assigned([Int32])
    /// They are to be given up: answer with `release()`. Where `isLost`, others may have them already.
    case revoked([Int32], isLost: Bool)
    /// What was at hand, in each partition's order; never empty.
    case records([KafkaRecord])
    /// Something is wrong, with one partition or (nil) in general. Unless it `isFatal`, librdkafka goes on trying; an
    /// offset that `isOffsetMissing` is not gone on with until `start(at:)` says where.
    case trouble(KafkaError, partition: Int32?)
  }

  public let topic: String
  private let client: Client
  /// What came behind records of one `next`, for the one after.
  private var pending: Happening?

  /// Joins the group. Brokers or a topic that are not there yet are no error: they are waited for.
  ///
  /// - Parameters:
  ///   - servers: `host:port`, several separated by commas.
  ///   - instance: a name that no other member has: a restart within the session's time then moves no partition.
  public init(servers: String, group: String, topic: String, instance: String? = nil) throws(KafkaError) {
    self.topic = topic
    var settings = [
      ("group.id", group), ("enable.auto.commit", "false"), ("enable.auto.offset.store", "false"),
      ("auto.offset.reset", "error"), ("session.timeout.ms", "6000"), ("heartbeat.interval.ms", "1500"),
      ("partition.assignment.strategy", "range,roundrobin"), ("fetch.wait.max.ms", "100"),
      ("fetch.error.backoff.ms", "100"), ("queued.max.messages.kbytes", "16384"),
      ("topic.metadata.refresh.interval.ms", "5000"), ("allow.auto.create.topics", "false"),
    ]
    if let instance { settings.append(("group.instance.id", instance)) }
    client = try Client(
      RD_KAFKA_CONSUMER, Configuration.common(servers, name: "stampede-consumer") + settings,
      events: RD_KAFKA_EVENT_FETCH | RD_KAFKA_EVENT_REBALANCE | RD_KAFKA_EVENT_ERROR, action: "make a consumer")
    try client.subscribe(topic)
  }

  /// What happened next, waited for so long at most.
  ///
  /// - Parameters:
  ///   - records: how many records one answer has at most.
  ///   - bytes: no further record is added to an answer that has so many bytes.
  public func next(milliseconds: Int32, records most: Int = 1_000, bytes: Int = 4 << 20) -> Happening {
    if let pending {
      self.pending = nil
      return pending
    }
    var taken: [KafkaRecord] = []
    var size = 0
    var patience = milliseconds
    while taken.count < max(1, most), size < bytes, let event = client.poll(milliseconds: patience) {
      patience = 0
      switch event.kind {
      case .messages:
        var trouble: Happening?
        event.eachMessage { message in
          let message = message.pointee
          if message.err == RD_KAFKA_RESP_ERR_NO_ERROR {
            let record = KafkaRecord(message)
            size += record.value?.count ?? 0
            taken.append(record)
          } else {
            trouble = .trouble(KafkaError(action: "read \(topic)", message.err), partition: message.partition)
          }
        }
        if let trouble { return give(taken, then: trouble) }
      case .rebalance: return give(taken, then: rebalance(event))
      case .error: return give(taken, then: .trouble(event.error("read \(topic)"), partition: event.partition))
      case .delivery, .topicsCreated, .other: break
      }
    }
    return taken.isEmpty ? .nothing : .records(taken)
  }

  private func give(_ taken: [KafkaRecord], then happening: Happening) -> Happening {
    if taken.isEmpty { return happening }
    pending = happening
    return .records(taken)
  }

  private func rebalance(_ event: borrowing Event) -> Happening {
    switch event.code {
    case RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS: return .assigned(event.partitions.sorted())
    case RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS:
      return .revoked(event.partitions.sorted(), isLost: rd_kafka_assignment_lost(client.handle) != 0)
    case _:
      // librdkafka wants the assignment given up whenever a rebalance did not go well.
      let lost = event.partitions.sorted()
      return .revoked(lost, isLost: true)
    }
  }

  /// Reads these partitions from these offsets on; nil = the earliest that is kept. Replaces what was read before.
  public func start(at offsets: [Int32: Int64?]) throws(KafkaError) {
    try client.assign(topic, offsets)
  }

  /// Gives up all partitions; nothing of them comes any more.
  public func release() throws(KafkaError) {
    try client.unassign()
  }

  /// The offset behind the last record of a partition, as of the last fetch; nil where nothing was fetched yet. Asks
  /// nobody.
  public func end(of partition: Int32) -> Int64? { client.end(topic, partition) }

  /// The cluster's id; blocks for so long at most.
  public func clusterID(milliseconds: Int32) throws(KafkaError) -> String {
    try client.clusterID(milliseconds: milliseconds)
  }

  /// Leaves the group so that others go on at once; blocks for so long at most. The caller has finished with what it
  /// had in hand: records that still come are dropped, and are read again by whoever has the partition next.
  public func close(milliseconds: Int32) throws(KafkaError) {
    pending = nil
    try client.check(rd_kafka_consumer_close_queue(client.handle, client.queue), "leave the group")
    let start = ContinuousClock.now
    while rd_kafka_consumer_closed(client.handle) == 0 {
      if ContinuousClock.now - start > .milliseconds(Int(milliseconds)) {
        throw KafkaError(action: "leave the group", message: "no answer within \(milliseconds) ms")
      }
      guard let event = client.poll(milliseconds: 50), event.kind == .rebalance else { continue }
      try client.unassign()
    }
  }
}

extension Client {
  fileprivate func subscribe(_ topic: String) throws(KafkaError) {
    guard let list = rd_kafka_topic_partition_list_new(1) else {
      throw KafkaError(action: "subscribe to \(topic)", message: "out of memory")
    }
    defer { rd_kafka_topic_partition_list_destroy(list) }
    rd_kafka_topic_partition_list_add(list, topic, RD_KAFKA_PARTITION_UA)
    try check(rd_kafka_subscribe(handle, list), "subscribe to \(topic)")
  }

  fileprivate func assign(_ topic: String, _ offsets: [Int32: Int64?]) throws(KafkaError) {
    let action = "start reading \(topic)"
    guard let list = rd_kafka_topic_partition_list_new(Int32(clamping: offsets.count)) else {
      throw KafkaError(action: action, message: "out of memory")
    }
    defer { rd_kafka_topic_partition_list_destroy(list) }
    for (partition, offset) in offsets.sorted(by: { $0.key < $1.key }) {
      let place = rd_kafka_topic_partition_list_add(list, topic, partition)
      // Negative numbers mean other things than offsets there.
      place?.pointee.offset = offset.map { max(0, $0) } ?? Int64(RD_KAFKA_OFFSET_BEGINNING)
    }
    try check(rd_kafka_assign(handle, list), action)
  }

  fileprivate func end(_ topic: String, _ partition: Int32) -> Int64? {
    var (low, high) = (Int64(-1), Int64(-1))
    let code = rd_kafka_get_watermark_offsets(handle, topic, partition, &low, &high)
    return code == RD_KAFKA_RESP_ERR_NO_ERROR && high >= 0 ? high : nil
  }

  fileprivate func unassign() throws(KafkaError) {
    try check(rd_kafka_assign(handle, nil), "give up partitions")
  }

  private func check(_ code: rd_kafka_resp_err_t, _ action: String) throws(KafkaError) {
    if code != RD_KAFKA_RESP_ERR_NO_ERROR {
      throw KafkaError(action: action, code, isFatal: code == RD_KAFKA_RESP_ERR__FATAL)
    }
  }
}
