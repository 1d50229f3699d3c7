public import KafkaIO

/// The tests' broker, started when the first test needs it.
public enum Broker {
  public static let shared = Result { try KafkaServer() }

  /// A new topic on a broker that is ready to serve.
  public static func topics(_ label: String, partitions: Int32 = 4, on server: KafkaServer? = nil) throws -> Topics {
    let server = try server ?? shared.get()
    let topics = Topics("\(label)-\(UInt32.random(in: 0...(.max)))")
    // It takes connections a little before it can serve.
    var last: KafkaError?
    for _ in 0..<10 {
      do throws(KafkaError) {
        _ = try Admin(servers: server.address).create(topics, partitions: partitions, milliseconds: 5_000)
        return topics
      } catch { last = error }
    }
    throw TestError("\(last, default: "no reason")")
  }
}

/// A reader of a whole topic, in a group of its own.
public enum TopicReader {
  /// All records in order of partition and offset, read until they are enough, or the time is over.
  public static func read(
    _ topic: String, from servers: String, within span: Duration = .seconds(60),
    until enough: ([KafkaRecord]) -> Bool
  ) throws -> [KafkaRecord] {
    let consumer = try Consumer(servers: servers, group: "reader-\(UInt32.random(in: 0...(.max)))", topic: topic)
    var found: [KafkaRecord] = []
    let end = ContinuousClock.now + span
    while !enough(found), ContinuousClock.now < end {
      switch consumer.next(milliseconds: 100) {
      case .assigned(let partitions):
        try consumer.start(at: Dictionary(uniqueKeysWithValues: partitions.map { ($0, nil) }))
      case .records(let records): found += records
      case .revoked: try consumer.release()
      case .nothing, .trouble: break
      }
    }
    try consumer.close(milliseconds: 5_000)
    return found.sorted { ($0.partition, $0.offset) < ($1.partition, $1.offset) }
  }
}
