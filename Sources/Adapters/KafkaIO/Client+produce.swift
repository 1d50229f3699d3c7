import CRDKafka
import Glibc

extension Client {
  /// Queues a copy of the record; nil when it was taken.
  func produce(
    _ topic: String, key: [UInt8]?, value: [UInt8]?, number: UInt64, headers: [(String, String)] = []
  ) -> KafkaError? {
    let action = "produce to \(topic)"
    guard let list = rd_kafka_headers_new(headers.count) else {
      return KafkaError(action: action, message: "out of memory")
    }
    for (name, text) in headers {
      let bytes = Array(text.utf8)
      _ = bytes.withUnsafeBytes { rd_kafka_header_add(list, name, -1, $0.baseAddress, $0.count) }
    }
    let error = topic.withCString { name in
      Client.withBytes(key) { key in
        Client.withBytes(value) { value in
          var parts = [rd_kafka_vu_t](repeating: rd_kafka_vu_t(), count: 6)
          parts[0].vtype = RD_KAFKA_VTYPE_TOPIC
          parts[0].u.cstr = name
          parts[1].vtype = RD_KAFKA_VTYPE_KEY
          parts[1].u.mem.ptr = UnsafeMutableRawPointer(mutating: key?.baseAddress)
          parts[1].u.mem.size = key?.count ?? 0
          parts[2].vtype = RD_KAFKA_VTYPE_VALUE
          parts[2].u.mem.ptr = UnsafeMutableRawPointer(mutating: value?.baseAddress)
          parts[2].u.mem.size = value?.count ?? 0
          parts[3].vtype = RD_KAFKA_VTYPE_MSGFLAGS
          parts[3].u.i = RD_KAFKA_MSG_F_COPY
          parts[4].vtype = RD_KAFKA_VTYPE_OPAQUE
          parts[4].u.ptr = UnsafeMutableRawPointer(bitPattern: UInt(number))
          parts[5].vtype = RD_KAFKA_VTYPE_HEADERS
          parts[5].u.headers = list
          return KafkaError(taking: rd_kafka_produceva(handle, parts, parts.count), action: action)
        }
      }
    }
    // A record that was taken took its headers along.
    if error != nil { rd_kafka_headers_destroy(list) }
    return error
  }

  /// The bytes, with an address also where there are none; nil stays nil.
  private static func withBytes<Result>(
    _ bytes: [UInt8]?, _ body: (UnsafeRawBufferPointer?) -> Result
  ) -> Result {
    guard let bytes else { return body(nil) }
    // An empty array may have no address, which would be taken for no key at all.
    let padded = bytes.isEmpty ? [0] : bytes
    return padded.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0.prefix(bytes.count))) }
  }
}
