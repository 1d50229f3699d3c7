import Measuring
import Model

extension RecordStore {
  /// Inserts a header for each record whose key is new, in the records' order.
  ///
  /// - Returns: the offsets of those that were inserted.
  func insertHeaders(_ records: [ReadRecord], _ source: Source) throws(PostgresError) -> Set<Int64> {
    if records.isEmpty { return [] }
    let rows: [(ReadRecord, Interval)] = records.compactMap { record in record.interval.map { (record, $0) } }
    func column(_ value: (ReadRecord, Interval) -> PostgresValue) -> PostgresValue {
      PostgresValue(array: rows.map { value($0.0, $0.1) })
    }
    func sum(_ count: KeyPath<RequestCounts, UInt64>) -> PostgresValue {
      column { _, interval in
        PostgresValue(interval.names.reduce(UInt64(0)) { $0.addingClamped($1.counts[keyPath: count]) })
      }
    }
    let columns: [(name: String, type: String, values: PostgresValue)] = [
      ("run", "uuid", column { PostgresValue($1.key.run) }),
      ("incarnation", "uuid", column { PostgresValue($1.key.incarnation) }),
      ("sequence", "bigint", column { PostgresValue($1.key.sequence) }),
      ("digest", "bytea", column { record, _ in PostgresValue(bytes: record.digest) }),
      ("record_offset", "bigint", column { record, _ in PostgresValue(record.source.offset) }),
      ("epoch", "bigint", column { PostgresValue($1.epoch) }),
      ("second", "bigint", column { PostgresValue($1.second) }),
      ("from_ns", "bigint", column { PostgresValue($1.from.nanoseconds) }),
      ("to_ns", "bigint", column { PostgresValue($1.to.nanoseconds) }),
      ("phase", "int", column { PostgresValue($1.phase.index) }),
      ("phase_name", "text", column { PostgresValue($1.phase.name) }),
      ("is_warm_up", "boolean", column { PostgresValue($1.phase.isWarmUp) }),
      ("planned", "bigint", column { PostgresValue($1.schedule.planned) }),
      ("started", "bigint", column { PostgresValue($1.schedule.started) }),
      ("unsent", "bigint", column { PostgresValue($1.schedule.unsent) }),
      ("gap", "bigint", column { PostgresValue($1.schedule.gap) }),
      ("requests_started", "bigint", sum(\.started)), ("requests_written", "bigint", sum(\.written)),
      ("requests_answered", "bigint", sum(\.answered)), ("requests_completed", "bigint", sum(\.completed)),
      ("final_records", "bigint", column { PostgresValue($1.final.map { String($0.records) }) }),
      ("final_completed", "bigint", column { PostgresValue($1.final?.completed.map { String($0) }) }),
      ("final_reason", "text", column { PostgresValue($1.final?.reason.word) }),
      // Zero where no loop states it, which is stored as not known.
      (
        "last_end_ns", "bigint",
        column { _, interval in
          let last = interval.loops.map(\.lastEnd.nanoseconds).max() ?? 0
          return PostgresValue(last > 0 ? String(last) : nil)
        }
      ),
      (
        "http2", "bigint",
        column { _, interval in PostgresValue(interval.loops.reduce(UInt64(0)) { $0.addingClamped($1.http2) }) }
      ),
    ]
    let names = columns.map(\.name).joined(separator: ", ")
    let arrays = columns.enumerated().map { "$\($0.offset + 1)::\($0.element.type)[]" }.joined(separator: ", ")
    let inserted = try database.run(
      """
      INSERT INTO record_header (source, \(names)) SELECT $\(columns.count + 1)::int, r.* FROM unnest(\(arrays)) AS r
      ON CONFLICT DO NOTHING RETURNING record_offset
      """, columns.map(\.values) + [PostgresValue(source.number)], action: "insert the headers")
    return Set(inserted.rows.compactMap { $0.first.flatMap { $0 }.flatMap { Int64($0) } })
  }

  /// The digests under which records of these keys were stored.
  func storedDigests(of keys: [Interval.Key]) throws(PostgresError) -> [Interval.Key: [UInt8]] {
    if keys.isEmpty { return [:] }
    let rows = try database.binaryRows(
      """
      SELECT r.run, r.incarnation, r.sequence, r.digest FROM record_header AS r
      JOIN unnest($1::uuid[], $2::uuid[], $3::bigint[]) AS k (run, incarnation, sequence) USING (run, incarnation, sequence)
      """,
      [
        PostgresValue(array: keys.map { PostgresValue($0.run) }),
        PostgresValue(array: keys.map { PostgresValue($0.incarnation) }),
        PostgresValue(array: keys.map { PostgresValue($0.sequence) }),
      ], action: "read the digests of records stored before")
    var digests: [Interval.Key: [UInt8]] = [:]
    for row in rows {
      guard row.count == 4, let run = row[0].flatMap(Identifier.init(postgres:)),
        let incarnation = row[1].flatMap(Identifier.init(postgres:)), let digest = row[3]
      else { continue }
      let sequence = (row[2] ?? []).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      digests[Interval.Key(run: run, incarnation: incarnation, sequence: sequence)] = digest
    }
    return digests
  }
}

extension Identifier {
  /// Reads a uuid in binary form; nil for anything but 16 bytes.
  init?(postgres bytes: [UInt8]) {
    guard bytes.count == 16 else { return nil }
    self.init(
      high: bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }, low: bytes.suffix(8).reduce(0) { $0 << 8 | UInt64($1) })
  }
}
