extension RecordStore {
  /// What became of dead letters that were tried again.
  public struct Replay: Sendable {
    public var stored = 0
    /// The same record had been stored meanwhile.
    public var repeated = 0
    /// Those that still can't be stored, with the reason of now: they stay.
    public var refused: [(letter: DeadLetter, reason: String)] = []

    public init() {}
  }

  /// A store through which dead letters are tried again: a partition of its own, number 0, that is no log's. Claim it.
  public static func forReplays(_ database: Database) throws(PostgresError) -> RecordStore {
    try RecordStore(database, clusterID: "", topic: "dead letters, replayed")
  }

  /// Tries dead letters again, all in one transaction: the same way into the tables as a partition's records take. What
  /// is stored now leaves `dead_letter` for `dead_letter_settled` in it; what is refused again stays, with the new reason.
  ///
  /// - Throws: `StoreError.moved` when somebody else replayed since the claim.
  public func replay(_ letters: [DeadLetter]) throws(StoreError) -> Replay {
    guard let place = places[0] else { throw .notClaimed(0) }
    var replay = Replay()
    if letters.isEmpty { return replay }
    let first = place.next ?? 0
    let next = first + Int64(letters.count)
    let source: Source?
    do throws(PostgresError) {
      source = try database.transaction("replay dead letters") { () throws(PostgresError) in
        guard let source = try moveOffset(0, from: place.next, to: next) else { return nil }
        var sum = Outcome()
        for (number, letter) in letters.enumerated() {
          let record = ReadRecord(
            StoredRecord(offset: first + Int64(number), key: letter.key, value: letter.value))
          try replayOne(letter, record, source, &sum, &replay)
        }
        try count(sum, source)
        return source
      }
    } catch { throw .postgres(error) }
    if source == nil { throw .moved(partition: 0, expected: place.next) }
    places[0] = Place(next: next)
    return replay
  }

  private func replayOne(
    _ letter: DeadLetter, _ record: ReadRecord, _ source: Source, _ sum: inout Outcome, _ replay: inout Replay
  ) throws(PostgresError) {
    let before = sum
    do throws(PostgresError) {
      if case .rubbish(let reason) = record.content { throw Self.refusal(reason) }
      try database.savepoint("replay a dead letter") { () throws(PostgresError) in
        try store([record], source, &sum)
        // That it was put aside once more is undone: it lies there already.
        if sum.dead > before.dead { throw Self.refusal("its key was stored already, with other content") }
        try settle(letter, as: sum.stored > before.stored ? "stored" : "repeated")
      }
    } catch {
      guard error.isAboutData else { throw error }
      sum = before
      sum.dead += 1
      let reason = error.state == Self.refused ? error.message : error.description
      replay.refused.append((letter, reason))
      try note(letter, reason)
      return
    }
    replay.stored += sum.stored - before.stored
    replay.repeated += sum.repeated - before.repeated
  }

  /// Of class 22, so that it is told from trouble with the server; PostgreSQL has none of this number.
  private static let refused = "22ZZZ"

  private static func refusal(_ reason: String) -> PostgresError {
    PostgresError(action: "replay a dead letter", state: refused, message: reason)
  }

  private func settle(_ letter: DeadLetter, as outcome: String) throws(PostgresError) {
    try database.run(
      """
      WITH gone AS (DELETE FROM dead_letter WHERE source = $1 AND record_offset = $2 RETURNING *)
      INSERT INTO dead_letter_settled SELECT gone.*, $3::text FROM gone
      """, [PostgresValue(letter.source), PostgresValue(letter.offset), PostgresValue(outcome)],
      action: "settle a dead letter")
  }

  private func note(_ letter: DeadLetter, _ reason: String) throws(PostgresError) {
    try database.run(
      "UPDATE dead_letter SET reason = $3, tried_at = now() WHERE source = $1 AND record_offset = $2",
      [
        PostgresValue(letter.source), PostgresValue(letter.offset),
        PostgresValue(reason.replacing("\0", with: "\u{FFFD}")),
      ], action: "note why a dead letter was refused again")
  }
}
