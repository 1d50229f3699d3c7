import PostgresIO
import Telemetry
import Threads

/// What a consumer tells those who ask it over HTTP. Any thread.
final class ConsumerBoard: Sendable {
  /// A partition that this consumer writes.
  private struct Place {
    /// Nil: nothing of it was ever stored.
    var next: Int64?
    /// Behind the partition's last record, as of the last fetch; nil before it.
    var end: Int64?
  }

  private struct State {
    /// What stands in the way of storing; nil where nothing does.
    var trouble: String? = "PostgreSQL and Kafka were not reached yet"
    /// Whether the group has said which partitions are this consumer's.
    var isAssigned = false
    var places: [Int32: Place] = [:]
    var records = RecordStore.Outcome()
    var batches = Batches()
    var lastCommit: ContinuousClock.Instant?
    var lettersSent: UInt64 = 0
    var lettersWaiting: Int?
  }

  /// How long transactions took.
  private struct Batches {
    static let bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
    var counts = [UInt64](repeating: 0, count: Batches.bounds.count)
    var count: UInt64 = 0
    var sum = 0.0

    mutating func add(_ seconds: Double) {
      count += 1
      sum += seconds
      for (place, bound) in Batches.bounds.enumerated() where seconds <= bound { counts[place] += 1 }
    }
  }

  private let state = Monitor(State())

  /// The database is there with its tables, and the cluster has answered.
  func opened() { state.read { $0.trouble = nil } }

  /// Nothing can be stored for now.
  func stuck(_ reason: String) { state.read { $0.trouble = reason } }

  /// The partitions this consumer writes from now on, with their offsets; those of before are not its own any more.
  func assigned(_ offsets: [Int32: Int64?]) {
    state.read { state in
      state.isAssigned = true
      state.places = offsets.mapValues { Place(next: $0) }
    }
  }

  func revoked() {
    state.read { state in
      state.isAssigned = false
      state.places = [:]
    }
  }

  /// A batch was committed.
  func stored(_ partition: Int32, _ outcome: RecordStore.Outcome, took: Duration) {
    state.read { state in
      state.trouble = nil
      state.places[partition]?.next = outcome.next
      state.records.stored += outcome.stored
      state.records.repeated += outcome.repeated
      state.records.dead += outcome.dead
      state.records.skipped += outcome.skipped
      state.batches.add(took / .seconds(1))
      state.lastCommit = .now
    }
  }

  /// How far the partitions' logs go.
  func ends(_ find: (Int32) -> Int64?) {
    state.read { state in
      for partition in state.places.keys { state.places[partition]?.end = find(partition) }
    }
  }

  /// Dead letters went to their topic; so many still wait.
  func letters(sent: Int, waiting: Int) {
    state.read { state in
      state.lettersSent += UInt64(sent)
      state.lettersWaiting = waiting
    }
  }

  /// What `/readyz` says is lacking.
  var lacking: [String] {
    let (trouble, isAssigned) = state.read { ($0.trouble, $0.isAssigned) }
    if let trouble { return [trouble] }
    return isAssigned ? [] : ["Kafka has given this consumer no partitions yet"]
  }

  /// What `/metrics` shows.
  func figures(version: String) -> Registry {
    let state = state.read { $0 }
    func gauge(_ name: String, _ help: String, _ value: (Place) -> Int64?) -> Figure {
      let samples = state.places.sorted { $0.key < $1.key }.compactMap { partition, place in
        value(place).map { Sample(.number(Double($0)), [Label("partition", "\(partition)")]) }
      }
      return Figure(name, .gauge, help: help, samples)
    }
    let outcomes: [(String, Int)] = [
      ("stored", state.records.stored), ("repeated", state.records.repeated), ("dead", state.records.dead),
      ("skipped", state.records.skipped),
    ]
    var registry = Registry([
      Figure("stampede_info", .gauge, help: "The version that runs.", [Sample(.count(1), [Label("version", version)])]),
      Figure(
        "stampede_consumer_ready", .gauge, help: "Whether records are stored as they come.",
        count: state.trouble == nil && state.isAssigned ? 1 : 0),
      Figure(
        "stampede_consumer_records_total", .counter,
        help: "Records by what became of them; skipped ones had been dealt with before.",
        outcomes.map { Sample(.count(UInt64($0.1)), [Label("outcome", $0.0)]) }),
      Figure(
        "stampede_consumer_batch_seconds", .histogram, help: "How long the transaction of a batch took.",
        [
          Sample(
            .distribution(
              Distribution(
                count: state.batches.count, sum: state.batches.sum,
                points: zip(Batches.bounds, state.batches.counts).map { .init($0, Double($1)) })))
        ]),
      gauge("stampede_consumer_next_offset", "The next offset to be stored.") { $0.next },
      gauge("stampede_consumer_lag_records", "Records of the partition that are not stored yet.") { place in
        place.end.map { max(0, $0 - (place.next ?? 0)) }
      },
      Figure(
        "stampede_consumer_dead_letters_sent_total", .counter,
        help: "Dead letters that this consumer brought to their topic.", count: state.lettersSent),
    ])
    if let last = state.lastCommit {
      registry.set(
        Figure(
          "stampede_consumer_last_commit_age_seconds", .gauge, help: "Since the last transaction with records.",
          (ContinuousClock.now - last) / .seconds(1)))
    }
    if let waiting = state.lettersWaiting {
      registry.set(
        Figure(
          "stampede_consumer_dead_letters_waiting", .gauge, help: "Dead letters that are not in their topic yet.",
          count: UInt64(max(0, waiting))))
    }
    return registry
  }
}
