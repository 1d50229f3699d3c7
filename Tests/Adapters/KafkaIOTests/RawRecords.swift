import CRDKafka
import TestSupport

/// Records that our producer does not make: without key, without value.
enum RawRecords {
  static func send(_ records: [(key: [UInt8]?, value: [UInt8]?)], to topic: String, on servers: String) throws {
    let settings = rd_kafka_conf_new()
    var reason = [CChar](repeating: 0, count: 256)
    rd_kafka_conf_set(settings, "bootstrap.servers", servers, &reason, reason.count)
    guard let client = rd_kafka_new(RD_KAFKA_PRODUCER, settings, &reason, reason.count),
      let place = rd_kafka_topic_new(client, topic, nil)
    else { throw TestError("no producer") }
    defer {
      rd_kafka_topic_destroy(place)
      rd_kafka_destroy(client)
    }
    for (key, value) in records {
      var (key, value) = (key, value)
      let (keyIsThere, valueIsThere) = (key != nil, value != nil)
      var keyBytes = (key ?? []) + [0]
      var valueBytes = (value ?? []) + [0]
      (key, value) = (nil, nil)
      let code = keyBytes.withUnsafeMutableBytes { key in
        valueBytes.withUnsafeMutableBytes { value in
          rd_kafka_produce(
            place, 0, RD_KAFKA_MSG_F_COPY, valueIsThere ? value.baseAddress : nil, valueIsThere ? value.count - 1 : 0,
            keyIsThere ? key.baseAddress : nil, keyIsThere ? key.count - 1 : 0, nil)
        }
      }
      guard code == 0 else { throw TestError("produce: \(String(cString: rd_kafka_err2str(rd_kafka_last_error())))") }
    }
    guard rd_kafka_flush(client, 10_000) == RD_KAFKA_RESP_ERR_NO_ERROR else { throw TestError("flush") }
  }
}
