import Model

/// Puts records into PostgreSQL, each exactly once, whatever is killed.
///
/// Confined to one thread, as its connection is. A partition must be claimed first. After an error that says
/// `isDisconnected` the store is of no more use: make a new one, claim again, and give it the same records.
public final class RecordStore {
  let database: Database
  public let clusterID: String
  public let topic: String
  /// Where each claimed partition stands, as this store last read or wrote it.
  var places: [Int32: Place] = [:]
  /// The last day (since 2000-01-01) for which partitions of the tables are known to be there.
  private var preparedDay = -1

  /// What is known of a claimed partition.
  struct Place {
    /// As PostgreSQL has it; nil: nothing was ever stored of it.
    var next: Int64?
    /// Records below are dealt with already.
    var floor: Int64

    init(next: Int64?) {
      self.next = next
      floor = next ?? 0
    }
  }

  /// What became of a batch.
  public struct Outcome: Sendable, Equatable {
    public var stored = 0
    /// The same record a second time, at another offset.
    public var repeated = 0
    public var dead = 0
    /// Already dealt with before: their offset lies below the one that PostgreSQL has.
    public var skipped = 0
    /// The offset to go on with.
    public var next: Int64 = 0

    public init() {}
  }

  /// - Parameters:
  ///   - clusterID: of the Kafka cluster, so that offsets of another one are never taken for this one's.
  public init(_ database: Database, clusterID: String, topic: String) throws(PostgresError) {
    self.database = database
    self.clusterID = clusterID
    self.topic = topic
    try preparePartitions()
  }

  /// The process id of the server's end: what `claim(former:)` wants to know after a reconnect.
  public var backend: Int32 { database.backend }

  /// Stores a batch of one partition in one transaction; the records' offsets ascend.
  ///
  /// Records that can't be read, or that break a constraint, become rows of `dead_letter` in the transaction that
  /// moves the offset.
  /// - Throws: `StoreError.moved` when somebody else wrote the partition since it was claimed: nothing was stored, and
  ///   it must be claimed again. `StoreError.postgres` for what may be tried again.
  public func persist(_ records: [StoredRecord], partition: Int32) throws(StoreError) -> Outcome {
    guard let place = places[partition] else { throw .notClaimed(partition) }
    let new = records.filter { $0.offset >= place.floor }
    var outcome = Outcome()
    outcome.next = place.next ?? 0
    if let last = new.last {
      let read = new.map(ReadRecord.init)
      do throws(StoreError) {
        outcome = try write(read, after: place.next, next: last.offset + 1, partition: partition, oneByOne: false)
      } catch {
        guard case .postgres(let reason) = error, reason.isAboutData else { throw error }
        // One of them is to blame, and only one after the other tells which.
        outcome = try write(read, after: place.next, next: last.offset + 1, partition: partition, oneByOne: true)
      }
      places[partition] = Place(next: outcome.next)
    }
    outcome.skipped = records.count - new.count
    return outcome
  }

  /// The offset to go on with in a claimed partition; nil: the earliest there is.
  public func next(_ partition: Int32) -> Int64? { places[partition]?.next }

  /// Takes records below the stored offset as well from now on: Kafka has none at that offset any more. Those that were
  /// stored before are known by their keys.
  public func forgetPlace(_ partition: Int32) { places[partition]?.floor = 0 }

  /// Makes the tables' partitions of the days to come, once a day; outside of any transaction.
  func preparePartitions(for day: Int? = nil) throws(PostgresError) {
    if let day, day <= preparedDay { return }
    let today = try database.run(
      "SELECT current_date - date '2000-01-01' FROM make_partitions()", action: "make the partitions of the day")
    preparedDay = today.value.flatMap { Int($0) } ?? preparedDay
  }
}

/// Why a batch was not stored.
public enum StoreError: Error, Sendable, CustomStringConvertible {
  case postgres(PostgresError)
  /// PostgreSQL has another offset than the one that was read last.
  case moved(partition: Int32, expected: Int64?)
  case notClaimed(Int32)

  public var description: String {
    switch self {
    case .postgres(let error): error.description
    case .moved(let partition, let expected):
      "partition \(partition) was written by somebody else: its offset is no more \(expected.map(String.init) ?? "unset")"
    case .notClaimed(let partition): "partition \(partition) was not claimed"
    }
  }
}
