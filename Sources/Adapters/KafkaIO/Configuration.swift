import CRDKafka

/// Settings by librdkafka's own names, until a client has taken them.
final class Configuration {
  let handle: OpaquePointer
  private var isTaken = false

  init(_ settings: [(String, String)]) throws(KafkaError) {
    guard let handle = rd_kafka_conf_new() else { throw KafkaError(action: "configure", message: "out of memory") }
    self.handle = handle
    var reason = Reason()
    for (name, value) in settings
    where rd_kafka_conf_set(handle, name, value, &reason.buffer, reason.buffer.count) != RD_KAFKA_CONF_OK {
      throw KafkaError(action: "set \(name) to '\(value)'", message: reason.text)
    }
  }

  deinit { if !isTaken { rd_kafka_conf_destroy(handle) } }

  /// A client has them now, and frees them.
  func release() { isTaken = true }

  /// What all our clients have in common.
  ///
  /// - Parameter servers: `host:port`, several separated by commas.
  /// - Throws: where that is something else.
  static func common(_ servers: String, name: String) throws(KafkaError) -> [(String, String)] {
    for server in servers.split(separator: ",", omittingEmptySubsequences: false) {
      let port = server.lastIndex(of: ":").map { server[server.index(after: $0)...] }
      let host = port.map { server[..<$0.startIndex].dropLast() } ?? ""
      guard !host.isEmpty, UInt16(port ?? "") ?? 0 > 0 else {
        throw KafkaError(
          action: "find the brokers", message: "found '\(server)', expected HOST:PORT, several separated by commas")
      }
    }
    return [
      ("bootstrap.servers", servers), ("client.id", name), ("socket.keepalive.enable", "true"),
      ("reconnect.backoff.ms", "100"), ("reconnect.backoff.max.ms", "5000"),
      // Lines on standard error are the caller's to write; errors come as events.
      ("log_level", "0"),
    ]
  }
}
