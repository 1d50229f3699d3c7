public import Model

/// Reads and marks what could not be stored. Confined to one thread, as its connection is.
public final class DeadLetters {
  let database: Database

  public init(_ database: Database) {
    self.database = database
  }

  /// Letters of a topic that the topic of dead letters has not got, the oldest places first.
  public func unsent(clusterID: String, topic: String, most: Int) throws(PostgresError) -> [DeadLetter] {
    try read(
      """
      WHERE d.sent_at IS NULL AND o.cluster_id = $1 AND o.topic = $2 ORDER BY d.source, d.record_offset LIMIT $3
      """, [PostgresValue(clusterID), PostgresValue(topic), PostgresValue(most)])
  }

  /// How many of a topic's letters wait to be sent.
  public func unsentCount(clusterID: String, topic: String) throws(PostgresError) -> Int {
    let count = try database.run(
      """
      SELECT count(*) FROM dead_letter AS d JOIN consumer_offset AS o USING (source)
      WHERE d.sent_at IS NULL AND o.cluster_id = $1 AND o.topic = $2
      """, [PostgresValue(clusterID), PostgresValue(topic)], action: "count the dead letters")
    return count.value.flatMap { Int($0) } ?? 0
  }

  /// Notes that letters are in the topic of dead letters, or (with a problem) that they never will be.
  public func markSent(_ letters: [(letter: DeadLetter, problem: String?)]) throws(PostgresError) {
    if letters.isEmpty { return }
    try database.run(
      """
      UPDATE dead_letter AS d SET sent_at = now(), send_problem = m.problem
      FROM unnest($1::int[], $2::bigint[], $3::text[]) AS m (source, place, problem)
      WHERE d.source = m.source AND d.record_offset = m.place
      """,
      [
        PostgresValue(array: letters.map { PostgresValue($0.letter.source) }),
        PostgresValue(array: letters.map { PostgresValue($0.letter.offset) }),
        PostgresValue(array: letters.map { PostgresValue($0.problem) }),
      ], action: "mark dead letters as sent")
  }

  /// Letters behind a place, by source and offset.
  ///
  /// - Parameters:
  ///   - run: only those of this run.
  ///   - after: the last letter seen; nil: from the first.
  public func list(
    run: Identifier? = nil, after: DeadLetter? = nil, most: Int
  ) throws(PostgresError) -> [DeadLetter] {
    try read(
      """
      WHERE ($1::uuid IS NULL OR d.run = $1::uuid) AND (d.source, d.record_offset) > ($2::int, $3::bigint)
      ORDER BY d.source, d.record_offset LIMIT $4
      """,
      [
        PostgresValue(run?.description), PostgresValue(after?.source ?? -1), PostgresValue(after?.offset ?? -1),
        PostgresValue(most),
      ])
  }

  /// Whether this connection is the one that sends the topic's letters: at most one is, until it is closed.
  public func mayTakeTurn(clusterID: String, topic: String) throws(PostgresError) -> Bool {
    try database.run(
      "SELECT pg_try_advisory_lock(hashtextextended($1, 0))",
      [PostgresValue("stampede.dead-letters:\(clusterID):\(topic)")], action: "become the sender of dead letters"
    ).value == "t"
  }

  private func read(_ clause: String, _ values: [PostgresValue]) throws(PostgresError) -> [DeadLetter] {
    let action = "read the dead letters"
    let rows = try database.binaryRows(
      "SELECT \(DeadLetter.columns) FROM dead_letter AS d JOIN consumer_offset AS o USING (source) \(clause)", values,
      action: action)
    var letters: [DeadLetter] = []
    for row in rows {
      guard let letter = DeadLetter(postgres: row) else {
        throw PostgresError(action: action, message: "found values of another form than this program writes")
      }
      letters.append(letter)
    }
    return letters
  }
}
