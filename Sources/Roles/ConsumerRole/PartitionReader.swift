import KafkaIO
import Log
import Model
import PostgresIO
import Threads

/// One membership in the group: from joining to leaving it. Confined to one thread.
///
/// ```
/// assigned: claim, then read from PostgreSQL's offsets     records: one transaction a partition
/// revoked: let go of the claims, then of the partitions     trouble with PostgreSQL: wait, reconnect, claim again
/// ```
final class PartitionReader {
  private let settings: ConsumerSettings
  private let log: Logger
  private let board: ConsumerBoard
  private let stopping: () -> Bool
  private let consumer: Consumer
  private var store: RecordStore
  /// The partitions that this member may write.
  private var owned: Set<Int32> = []
  private var source = SystemRandomNumberGenerator()

  init(
    _ settings: ConsumerSettings, store: RecordStore, board: ConsumerBoard, log: Logger,
    stopping: @escaping () -> Bool
  ) throws {
    self.board = board
    self.settings = settings
    self.store = store
    self.log = log
    self.stopping = stopping
    consumer = try Consumer(
      servers: settings.servers, group: settings.group, topic: settings.topic, instance: settings.instance)
  }

  /// Stores until it is to stop, or until something is wrong that a new membership may mend.
  func run() throws {
    log.info("reading", Field("topic", settings.topic), Field("group", settings.group))
    let result = Result {
      while !stopping() {
        try take(consumer.next(milliseconds: 100, records: 500))
        board.ends(consumer.end(of:))
      }
    }
    board.revoked()
    for partition in owned.sorted() { try? store.release(partition) }
    do { try consumer.close(milliseconds: 2_000) } catch { log.warning("\(error)") }
    try result.get()
  }

  private func take(_ happening: Consumer.Happening) throws {
    switch happening {
    case .nothing: break
    case .assigned(let partitions):
      // Nothing is read until its claim is granted; the partitions' former writers may still be at work.
      try claim(partitions, isFresh: true)
    case .revoked(let partitions, let isLost):
      log.info("partitions revoked", Field("partitions", partitions), Field("lost", isLost))
      for partition in owned.sorted() { try? store.release(partition) }
      owned = []
      board.revoked()
      try consumer.release()
    case .records(let records):
      for (partition, batch) in Dictionary(grouping: records, by: \.partition).sorted(by: { $0.key < $1.key })
      where owned.contains(partition) {
        try persist(
          batch.map { StoredRecord(offset: $0.offset, key: $0.key, value: $0.value) }, partition)
      }
    case .trouble(let error, let partition):
      if error.isFatal { throw error }
      log.warning("\(error)", Field("partition", partition.map(String.init) ?? "-"))
      if error.isOffsetMissing, let partition, owned.contains(partition) { try startAnew(partition) }
    }
  }

  /// Becomes the writer of the partitions and reads them from where PostgreSQL is.
  private func claim(_ partitions: [Int32], isFresh: Bool, former: Int32? = nil) throws {
    var offsets: [Int32: Int64?] = [:]
    for partition in partitions {
      switch try store.claim(partition, evict: isFresh, former: former) {
      case .granted(let next): offsets[partition] = .some(next)
      case .held(let backend):
        // The group will say so soon: another member has it.
        log.warning("partition held by another", Field("partition", partition), Field("backend", backend))
      }
    }
    owned = Set(offsets.keys)
    try consumer.start(at: offsets)
    board.assigned(offsets)
    log.info(
      "partitions assigned",
      Field("offsets", offsets.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value.map(String.init) ?? "first")" }))
  }

  /// Kafka has no record at the offset that PostgreSQL waits for: it was dropped, or the topic was made anew. Every
  /// record is known by its key, so reading from the earliest on stores none twice and misses none that is there.
  private func startAnew(_ partition: Int32) throws {
    log.error(
      "Kafka has nothing at the offset to go on with; reading from the earliest (stored records are recognised)",
      Field("partition", partition))
    store.forgetPlace(partition)
    var offsets: [Int32: Int64?] = [:]
    for other in owned { offsets[other] = .some(other == partition ? nil : store.next(other)) }
    try consumer.start(at: offsets)
  }

  /// Stores a batch; does not give up before the group's patience is at its end.
  private func persist(_ records: [StoredRecord], _ partition: Int32) throws {
    var backOff = BackOff.ofConsumer
    let start = ContinuousClock.now
    while true {
      let begin = ContinuousClock.now
      do throws(StoreError) {
        let outcome = try store.persist(records, partition: partition)
        board.stored(partition, outcome, took: ContinuousClock.now - begin)
        if outcome.dead > 0 {
          log.warning("records put aside in dead_letter", Field("partition", partition), Field("count", outcome.dead))
        }
        log.debug(
          "stored", Field("partition", partition), Field("records", outcome.stored), Field("next", outcome.next))
        return
      } catch {
        if ContinuousClock.now - start > settings.patience || stopping() { throw error }
        log.warning("\(error)", Field("try", backOff.tries + 1))
        board.stuck("\(error)")
        guard case .postgres(let reason) = error else {
          // Somebody else wrote it: its records are read again from where it is now, if it is still ours.
          try claim(owned.sorted(), isFresh: false)
          return
        }
        pause(backOff.nextPause(&source))
        if reason.isDisconnected, try !reconnect(holding: partition) { return }
      }
    }
  }

  /// A new connection, with the claims of the old one; false where the partition in hand is another's by now.
  private func reconnect(holding partition: Int32) throws -> Bool {
    let former = store.backend
    let database: Database
    do { database = try Database(settings.database, application: "stampede-consumer") } catch {
      log.warning("\(error)")
      return true
    }
    store = try RecordStore(database, clusterID: store.clusterID, topic: settings.topic)
    let before = owned
    var lost: Set<Int32> = []
    for other in before.sorted() {
      if case .held = try store.claim(other, evict: false, former: former) { lost.insert(other) }
    }
    // What was committed without our knowing lies below the offset that was read just now, and is skipped.
    if !lost.isEmpty { try claim(before.subtracting(lost).sorted(), isFresh: false) }
    return !lost.contains(partition)
  }

  private func pause(_ span: Duration) {
    let end = ContinuousClock.now + span
    let never = Monitor(())
    while ContinuousClock.now < end, !stopping() { _ = never.wait(within: .milliseconds(20)) { _ in nil as Bool? } }
  }
}
