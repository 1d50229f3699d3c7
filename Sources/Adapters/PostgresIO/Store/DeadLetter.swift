/// A record that could not be stored, as it lies in `dead_letter`.
public struct DeadLetter: Sendable, Equatable {
  /// Which partition it came from, and its place there: together its name.
  public let source: Int32
  public let offset: Int64
  public let topic: String
  public let partition: Int32
  /// Why it could not be stored.
  public let reason: String
  /// The SQLSTATE where a constraint was broken; nil where it could not even be read.
  public let state: String?
  /// The run it belongs to; nil where it could not be read.
  public let run: String?
  public let key: [UInt8]?
  public let value: [UInt8]?
  /// UTC, `2026-03-01T12:00:00.000Z`.
  public let storedAt: String
  /// When the topic of dead letters had it; nil while it has not.
  public let sentAt: String?

  static let columns = """
    d.source, d.record_offset, o.topic, o.partition, d.reason, d.sqlstate, d.run::text, d.key, d.value,
    to_char(d.stored_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    to_char(d.sent_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
    """

  /// Reads a row of `columns` in binary form; nil where it has another shape.
  init?(postgres row: [[UInt8]?]) {
    guard row.count == 11, let source = row[0], let offset = row[1], let topic = row[2], let partition = row[3],
      let reason = row[4], let storedAt = row[9]
    else { return nil }
    func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
    self.source = source.reduce(0) { $0 << 8 | Int32($1) }
    self.offset = offset.reduce(0) { $0 << 8 | Int64($1) }
    self.topic = text(topic)
    self.partition = partition.reduce(0) { $0 << 8 | Int32($1) }
    self.reason = text(reason)
    state = row[5].map(text)
    run = row[6].map(text)
    key = row[7]
    value = row[8]
    self.storedAt = text(storedAt)
    sentAt = row[10].map(text)
  }
}
