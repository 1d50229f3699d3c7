import CRDKafka

/// One record of a topic, its bytes copied.
public struct KafkaRecord: Sendable, Hashable {
  public var partition: Int32
  public var offset: Int64
  /// Nil where the record has none.
  public var key: [UInt8]?
  /// Nil where the record has none (a tombstone).
  public var value: [UInt8]?

  public init(partition: Int32, offset: Int64, key: [UInt8]?, value: [UInt8]?) {
    self.partition = partition
    self.offset = offset
    self.key = key
    self.value = value
  }

  init(_ message: rd_kafka_message_t) {
    partition = message.partition
    offset = message.offset
    key = KafkaRecord.bytes(message.key, message.key_len)
    value = KafkaRecord.bytes(message.payload, message.len)
  }

  private static func bytes(_ start: UnsafeMutableRawPointer?, _ count: Int) -> [UInt8]? {
    start.map { Array(UnsafeRawBufferPointer(start: $0, count: count)) }
  }
}
