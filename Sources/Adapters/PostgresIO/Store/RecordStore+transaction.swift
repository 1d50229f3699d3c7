import Measuring
import Model
import Processes

extension RecordStore {
  /// The partition's row of `consumer_offset`, as it is after the offset was moved.
  struct Source {
    let number: Int32
    /// The transaction's day, since 2000-01-01.
    let day: Int32
  }

  /// The transaction of one batch: the offset first, then what the records bring.
  ///
  /// - Parameter oneByOne: each record under a savepoint, so that one that breaks a constraint can be told apart.
  func write(
    _ records: [ReadRecord], after expected: Int64?, next: Int64, partition: Int32, oneByOne: Bool
  ) throws(StoreError) -> Outcome {
    var outcome = Outcome()
    outcome.next = next
    let source: Source?
    do throws(PostgresError) {
      source = try database.transaction(
        "store records of partition \(partition)", beforeCommit: { Failpoint.reached("before-commit") }
      ) { () throws(PostgresError) in
        guard let source = try moveOffset(partition, from: expected, to: next) else { return nil }
        if oneByOne {
          for record in records { try storeAlone(record, source, &outcome) }
        } else {
          try store(records, source, &outcome)
        }
        try count(outcome, source)
        return source
      }
    } catch { throw .postgres(error) }
    guard let source else { throw .moved(partition: partition, expected: expected) }
    Failpoint.reached("after-commit")
    // A failure shows again with the next batch, and until then the default partition takes the rows.
    try? preparePartitions(for: Int(source.day))
    return outcome
  }

  /// Compare and set: nil where PostgreSQL has another offset than the expected one.
  func moveOffset(
    _ partition: Int32, from expected: Int64?, to next: Int64
  ) throws(PostgresError) -> Source? {
    let place = [PostgresValue(clusterID), PostgresValue(topic), PostgresValue(partition), PostgresValue(next)]
    let returning = "RETURNING source, current_date - date '2000-01-01'"
    let rows: Database.Rows
    if let expected {
      rows = try database.run(
        """
        UPDATE consumer_offset SET next_offset = $4, changed_at = now()
        WHERE cluster_id = $1 AND topic = $2 AND partition = $3 AND next_offset = $5 \(returning)
        """, place + [PostgresValue(expected)], action: "move the offset")
    } else {
      rows = try database.run(
        """
        INSERT INTO consumer_offset (cluster_id, topic, partition, next_offset) VALUES ($1, $2, $3, $4)
        ON CONFLICT DO NOTHING \(returning)
        """, place, action: "set the first offset")
    }
    guard let row = rows.rows.first, row.count == 2, let number = row[0].flatMap({ Int32($0) }),
      let day = row[1].flatMap({ Int32($0) })
    else { return nil }
    return Source(number: number, day: day)
  }

  func count(_ outcome: Outcome, _ source: Source) throws(PostgresError) {
    try database.run(
      "UPDATE consumer_offset SET stored = stored + $2, repeated = repeated + $3, dead = dead + $4 WHERE source = $1",
      [
        PostgresValue(source.number), PostgresValue(outcome.stored), PostgresValue(outcome.repeated),
        PostgresValue(outcome.dead),
      ], action: "count the records")
  }

  private func storeAlone(
    _ record: ReadRecord, _ source: Source, _ outcome: inout Outcome
  ) throws(PostgresError) {
    let before = outcome
    do throws(PostgresError) {
      try database.savepoint("store one record") { () throws(PostgresError) in
        try store([record], source, &outcome)
      }
    } catch {
      guard error.isAboutData else { throw error }
      outcome = before
      try bury(record, source, reason: error.description, state: error.state)
      outcome.dead += 1
    }
  }

  /// Stores what the records bring: headers first, the rest only of those whose header was new.
  func store(
    _ records: [ReadRecord], _ source: Source, _ outcome: inout Outcome
  ) throws(PostgresError) {
    let intervals = records.filter { $0.interval != nil }
    Failpoint.reached("before-header-insert")
    let inserted = try insertHeaders(intervals, source)
    Failpoint.reached("after-header-insert")
    let new = intervals.filter { inserted.contains($0.source.offset) }
    try copyRows(of: new.compactMap(\.interval), source)
    try rollUp(new.compactMap(\.interval), source)
    Failpoint.reached("after-copy")
    outcome.stored += new.count

    let old = intervals.filter { !inserted.contains($0.source.offset) }
    let digests = try storedDigests(of: old.compactMap(\.key))
    for record in old { try settle(record, source, stored: record.key.flatMap { digests[$0] }, &outcome) }
    for record in records {
      guard let description = record.description else { continue }
      if try describe(description, digest: record.digest) {
        outcome.stored += 1
      } else {
        try settle(record, source, stored: try storedDigest(of: description), &outcome)
      }
    }
    for record in records {
      if case .rubbish(let reason) = record.content {
        try bury(record, source, reason: reason, state: nil)
        outcome.dead += 1
      }
    }
  }

  /// A record whose key was there already: the same again, or another one, which can't be kept beside it.
  private func settle(
    _ record: ReadRecord, _ source: Source, stored: [UInt8]?, _ outcome: inout Outcome
  ) throws(PostgresError) {
    if stored == record.digest {
      outcome.repeated += 1
    } else {
      try bury(record, source, reason: "its key was stored already, with other content", state: nil)
      outcome.dead += 1
    }
  }

  /// Puts a record aside, with the reason. Offsets move on in the same transaction.
  private func bury(
    _ record: ReadRecord, _ source: Source, reason: String, state: String?
  ) throws(PostgresError) {
    let key = record.key
    try database.run(
      """
      INSERT INTO dead_letter (source, record_offset, reason, sqlstate, run, incarnation, sequence, key, value)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING
      """,
      [
        PostgresValue(source.number), PostgresValue(record.source.offset),
        PostgresValue(reason.replacing("\0", with: "\u{FFFD}")), PostgresValue(state),
        PostgresValue(key?.run.description),
        PostgresValue(key?.incarnation.description), PostgresValue(key.map { String($0.sequence) }),
        record.source.key.map { PostgresValue(bytes: $0) } ?? nil,
        record.source.value.map { PostgresValue(bytes: $0) } ?? nil,
      ], action: "put a dead letter aside")
  }
}
