import CRDKafka

/// One event of a client's queue; destroyed when it goes, and with it all it points to.
struct Event: ~Copyable {
  enum Kind: Equatable {
    case delivery, messages, rebalance, error, topicsCreated, other
  }

  let handle: OpaquePointer

  init(_ handle: OpaquePointer) { self.handle = handle }

  deinit { rd_kafka_event_destroy(handle) }

  var kind: Kind {
    switch rd_kafka_event_type(handle) {
    case RD_KAFKA_EVENT_DR: .delivery
    case RD_KAFKA_EVENT_FETCH: .messages
    case RD_KAFKA_EVENT_REBALANCE: .rebalance
    case RD_KAFKA_EVENT_ERROR: .error
    case RD_KAFKA_EVENT_CREATETOPICS_RESULT: .topicsCreated
    case _: .other
    }
  }

  var code: rd_kafka_resp_err_t { rd_kafka_event_error(handle) }

  /// Its error, in librdkafka's words.
  func error(_ action: String) -> KafkaError {
    let text = rd_kafka_event_error_string(handle).map { String(cString: $0) }
    let isFatal = rd_kafka_event_error_is_fatal(handle) != 0
    return KafkaError(
      action: action, code: code.rawValue, message: text ?? String(cString: rd_kafka_err2str(code)), isFatal: isFatal)
  }

  /// The partition that the error is about; nil where it is about more.
  var partition: Int32? {
    guard let place = rd_kafka_event_topic_partition(handle) else { return nil }
    defer { rd_kafka_topic_partition_destroy(place) }
    return place.pointee.partition < 0 ? nil : place.pointee.partition
  }

  /// The partitions of a rebalance.
  var partitions: [Int32] {
    guard let list = rd_kafka_event_topic_partition_list(handle) else { return [] }
    let count = Int(list.pointee.cnt)
    return UnsafeBufferPointer(start: list.pointee.elems, count: count).map(\.partition)
  }

  /// Calls the body with each message; valid only within.
  func eachMessage(_ body: (UnsafePointer<rd_kafka_message_t>) -> Void) {
    while let message = rd_kafka_event_message_next(handle) { body(message) }
  }
}
