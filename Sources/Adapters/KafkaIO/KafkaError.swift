import CRDKafka

/// Why Kafka did not do what it was asked.
public struct KafkaError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What was being done: `set linger.ms`, `produce to stampede.results`.
  public let action: String
  /// librdkafka's number of the error; negative ones are the client's own, 0 is none of them.
  public let code: Int32
  public let message: String
  /// The client can't be used any more; another one must be made.
  public let isFatal: Bool

  public init(action: String, code: Int32 = 0, message: String, isFatal: Bool = false) {
    self.action = action
    self.code = code
    self.message = message
    self.isFatal = isFatal
  }

  init(action: String, _ code: rd_kafka_resp_err_t, isFatal: Bool = false) {
    self.init(action: action, code: code.rawValue, message: String(cString: rd_kafka_err2str(code)), isFatal: isFatal)
  }

  /// From an error object, which is destroyed; nil where there is none.
  init?(taking error: OpaquePointer?, action: String) {
    guard let error else { return nil }
    defer { rd_kafka_error_destroy(error) }
    self.init(
      action: action, code: rd_kafka_error_code(error).rawValue, message: String(cString: rd_kafka_error_string(error)),
      isFatal: rd_kafka_error_is_fatal(error) != 0)
  }

  /// The offset asked for is not there (any more): the consumer was told to start where nothing is kept.
  public var isOffsetMissing: Bool {
    code == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET.rawValue || code == RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE.rawValue
  }

  /// The topic does not exist.
  public var isTopicMissing: Bool {
    code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART.rawValue || code == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC.rawValue
      || code == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION.rawValue
  }

  /// The cluster knows who asks, and does not allow it.
  public var isForbidden: Bool {
    code == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED.rawValue
      || code == RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED.rawValue
  }

  /// The record is larger than the client or the broker takes: sending it again changes nothing.
  public var isTooLarge: Bool { code == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE.rawValue }

  public var description: String { "Kafka, \(action): \(message)" }
}
