import CRDKafka

/// Sends records and says of each when it is safe: idempotent, acknowledged by all replicas in sync, tried
/// again without end.
///
/// For one thread of the caller's, which `wait` and `close` block. Whoever hands a record over keeps it until its
/// number was among the `delivered`: after a fatal error, and when a producer goes, what is outstanding may or may not
/// be stored, and is to be sent again by the next one under the same key.
public final class Producer {
  /// What came within the time.
  public struct Reports: Sendable {
    /// Numbers of records that are safe.
    public var delivered: [UInt64] = []
    /// Records that were refused, with the reason; they may be sent again.
    public var refused: [Refused] = []
    /// Trouble with the cluster, for the log. Unless it `isFatal`, librdkafka goes on trying by itself.
    public var trouble: KafkaError?

    public struct Refused: Sendable {
      public let number: UInt64
      public let reason: KafkaError
    }
  }

  /// Where records go that are sent to no other topic.
  public let topic: String
  /// Records handed over and not reported on yet.
  public private(set) var outstanding = 0
  private let client: Client

  /// Reaches nobody yet: brokers that are away are no error here, and are tried until they come.
  ///
  /// - Parameters:
  ///   - servers: `host:port`, several separated by commas.
  ///   - outstandingKilobytes: how much may wait for its acknowledgement; `send` then says no.
  public init(servers: String, topic: String, outstandingKilobytes: Int = 16_384) throws(KafkaError) {
    self.topic = topic
    let settings = [
      ("enable.idempotence", "true"), ("acks", "all"), ("message.timeout.ms", "0"), ("compression.codec", "zstd"),
      ("linger.ms", "5"), ("queue.buffering.max.kbytes", "\(max(1, outstandingKilobytes))"),
      ("message.max.bytes", "1000000"), ("retry.backoff.ms", "100"),
      // A topic that another process is about to make, or brokers that restart, are waited for and not given up.
      ("topic.metadata.propagation.max.ms", "30000"), ("topic.metadata.refresh.interval.ms", "30000"),
    ]
    client = try Client(
      RD_KAFKA_PRODUCER, Configuration.common(servers, name: "stampede-producer") + settings,
      events: RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_ERROR, action: "make a producer")
  }

  /// Hands a record over, which is copied; false where too much waits already: `wait`, then try again.
  ///
  /// - Parameters:
  ///   - key: nil: the record has none, and any partition will do.
  ///   - value: nil: the record has none (a tombstone).
  ///   - headers: names and texts that go with the record.
  /// - Throws: an error that `isTooLarge` for this record alone, one that `isFatal` where a new producer is needed.
  public func send(
    key: [UInt8]?, value: [UInt8]?, number: UInt64, to other: String? = nil, headers: [(String, String)] = []
  ) throws(KafkaError) -> Bool {
    let error = client.produce(other ?? topic, key: key, value: value, number: number, headers: headers)
    guard let error else {
      outstanding += 1
      return true
    }
    if error.code == RD_KAFKA_RESP_ERR__QUEUE_FULL.rawValue { return false }
    throw client.fatal ?? error
  }

  /// Waits for acknowledgements, at most so long; returns as soon as some are there.
  public func wait(milliseconds: Int32) -> Reports {
    var reports = Reports()
    var patience = milliseconds
    while let event = client.poll(milliseconds: patience) {
      patience = 0
      switch event.kind {
      case .delivery:
        event.eachMessage { message in
          outstanding -= 1
          let number = UInt64(UInt(bitPattern: message.pointee._private))
          if message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR {
            reports.delivered.append(number)
          } else {
            let name = rd_kafka_topic_name(message.pointee.rkt).map { String(cString: $0) } ?? topic
            let reason = KafkaError(action: "deliver to \(name)", message.pointee.err)
            reports.refused.append(Reports.Refused(number: number, reason: reason))
          }
        }
      case .error:
        let error = event.error("reach the cluster")
        if reports.trouble?.isFatal != true { reports.trouble = error.isFatal ? client.fatal ?? error : error }
      case .messages, .rebalance, .topicsCreated, .other: break
      }
    }
    return reports
  }

  /// The cluster's id; blocks for so long at most.
  public func clusterID(milliseconds: Int32) throws(KafkaError) -> String {
    try client.clusterID(milliseconds: milliseconds)
  }

  /// - Throws: where the text is no list of brokers, `HOST:PORT,HOST:PORT`. Asks nobody.
  public static func check(servers: String) throws(KafkaError) {
    _ = try Configuration.common(servers, name: "")
  }

  /// The version of librdkafka that the process runs with.
  public static var libraryVersion: String { String(cString: rd_kafka_version_str()) }
}
