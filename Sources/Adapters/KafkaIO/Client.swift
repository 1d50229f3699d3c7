import CRDKafka
import Threads

/// A librdkafka client and the one queue of its events: everything C of producer, consumer and admin is here and in
/// this type's extensions.
///
/// For one thread, but for what librdkafka's own threads do. No callback is set: reports, rebalances, messages and
/// errors all come as events, on the thread that polls.
final class Client {
  let handle: OpaquePointer
  let queue: OpaquePointer

  /// - Parameters:
  ///   - events: which `RD_KAFKA_EVENT_…` are wanted.
  ///   - action: what the error says was being done.
  init(_ type: rd_kafka_type_t, _ settings: [(String, String)], events: Int32, action: String) throws(KafkaError) {
    let configuration = try Configuration(settings)
    rd_kafka_conf_set_events(configuration.handle, events)
    var reason = Reason()
    guard let handle = rd_kafka_new(type, configuration.handle, &reason.buffer, reason.buffer.count) else {
      throw KafkaError(action: action, message: reason.text)
    }
    // From here on the settings are the client's.
    configuration.release()
    let queue = type == RD_KAFKA_CONSUMER ? rd_kafka_queue_get_consumer(handle) : rd_kafka_queue_get_main(handle)
    guard let queue else {
      rd_kafka_destroy(handle)
      throw KafkaError(action: action, message: "librdkafka gives no queue")
    }
    self.handle = handle
    self.queue = queue
  }

  deinit {
    rd_kafka_queue_destroy(queue)
    // Nobody else knows the handle by now. A thread of its own, since librdkafka 2.0 can wait without end for a broker's
    // thread when partitions were assigned just before; where no thread is to be had the client is left to the
    // process's end.
    nonisolated(unsafe) let handle = handle
    // A consumer that was not closed leaves its group by time-out: closing here could wait without end.
    try? OwnThread(name: "kafka end") { rd_kafka_destroy_flags(handle, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE) }.detach()
  }

  /// The next event; nil when none came in the time (0 asks only, and never waits).
  func poll(milliseconds: Int32) -> Event? {
    rd_kafka_queue_poll(queue, max(0, milliseconds)).map(Event.init)
  }

  /// What every call that returns an error object goes through.
  func check(_ error: OpaquePointer?, _ action: String) throws(KafkaError) {
    if let error = KafkaError(taking: error, action: action) { throw error }
  }

  /// The cluster's own id; blocks for so long at most.
  func clusterID(milliseconds: Int32) throws(KafkaError) -> String {
    guard let text = rd_kafka_clusterid(handle, max(1, milliseconds)) else {
      throw KafkaError(action: "ask for the cluster's id", message: "no broker answered within \(milliseconds) ms")
    }
    defer { rd_kafka_mem_free(handle, text) }
    return String(cString: text)
  }

  /// The reason of the error after which the client is of no use; nil while there is none.
  var fatal: KafkaError? {
    var reason = Reason()
    let code = rd_kafka_fatal_error(handle, &reason.buffer, reason.buffer.count)
    if code == RD_KAFKA_RESP_ERR_NO_ERROR { return nil }
    return KafkaError(action: "go on", code: code.rawValue, message: reason.text, isFatal: true)
  }
}

/// Room for the words that librdkafka writes when it refuses something.
struct Reason {
  var buffer = [CChar](repeating: 0, count: 512)

  var text: String {
    String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
