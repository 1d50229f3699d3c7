import JSONScan
import Measuring
public import Model
public import Summary
import Verdicts

/// Reads a run's records back out of PostgreSQL and sums them up as a run directory's are: what REST answers is what
/// the rows say.
///
/// Confined to one thread, as its connection is. It holds one stretch of the run's seconds in memory at a time.
public final class RunArchive {
  let database: Database
  /// Seconds of a run that are read at once, so that a long run needs little memory.
  static let stretch: Int64 = 30

  public init(_ database: Database) {
    self.database = database
  }

  /// The result of what is stored by now; nil where nothing says what the run was.
  ///
  /// - Parameter fallback: describes the run where no worker's own description was stored yet.
  public func summary(of run: Identifier, fallback: RunDescription? = nil) throws(PostgresError) -> RunSummary? {
    let action = "read the run"
    // One moment's view of all the rows, whatever is stored meanwhile.
    try database.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", action: action)
    defer { _ = try? database.run("ROLLBACK", action: action) }
    var known = try description(of: run)
    if known == nil, let fallback { known = try lives(of: run, in: fallback) }
    guard let description = known else { return nil }
    var builder = SummaryBuilder(description)
    let bounds = try database.run(
      "SELECT min(second), max(second) FROM record_header WHERE run = $1", [PostgresValue(run)], action: action)
    if let row = bounds.rows.first, let first = row[0].flatMap({ Int64($0) }), let last = row[1].flatMap({ Int64($0) })
    {
      var second = first
      while second <= last {
        let stretch = try intervals(of: run, from: second, to: second + Self.stretch)
        for interval in stretch { builder.add(interval) }
        second += Self.stretch
        // A record may name any second: a gap of years is not walked through.
        if stretch.isEmpty, second <= last { second = try next(of: run, from: second) ?? last + 1 }
      }
    }
    return builder.judged()
  }

  /// The first second from this one on of which there is a record.
  private func next(of run: Identifier, from second: Int64) throws(PostgresError) -> Int64? {
    try database.run(
      "SELECT min(second) FROM record_header WHERE run = $1 AND second >= $2",
      [PostgresValue(run), PostgresValue(second)], action: "read the run"
    ).value.flatMap { Int64($0) }
  }

  /// What the workers said of the run, put together; nil where none has said anything yet.
  func description(of run: Identifier) throws(PostgresError) -> RunDescription? {
    let action = "read the run's description"
    let first = try database.run("SELECT description FROM run WHERE run = $1", [PostgresValue(run)], action: action)
    guard let text = first.value else { return nil }
    var whole = try Self.read(text)
    let each = try database.run(
      """
      SELECT description FROM incarnation
      WHERE run = $1 AND description IS NOT NULL ORDER BY first_stored_at, incarnation
      """, [PostgresValue(run)], action: action)
    var parts: [RunDescription] = []
    for row in each.rows { if let text = row[0] { parts.append(try Self.read(text)) } }
    if parts.count > 1 { whole.join(parts) }
    return try lives(of: run, in: whole)
  }

  /// The description with the lives of workers that PostgreSQL knows, in the order in which they came.
  private func lives(of run: Identifier, in description: RunDescription) throws(PostgresError) -> RunDescription {
    let rows = try database.run(
      """
      SELECT i.incarnation, i.fate, l.final_completed FROM incarnation AS i LEFT JOIN LATERAL (
        SELECT final_completed FROM record_header AS h
        WHERE h.run = i.run AND h.incarnation = i.incarnation AND final_records IS NOT NULL
        ORDER BY sequence DESC LIMIT 1) AS l ON true
      WHERE i.run = $1 AND (i.fate IS DISTINCT FROM 'released' OR EXISTS (
        SELECT FROM record_header AS h WHERE h.run = i.run AND h.incarnation = i.incarnation))
      ORDER BY i.first_stored_at, i.incarnation
      """, [PostgresValue(run)], action: "read the run's workers"
    ).rows
    var description = description
    description.incarnations = rows.compactMap { row in
      guard let id = row[0].flatMap({ Identifier(text: $0) }) else { return nil }
      var life = RunDescription.Incarnation(id: id, completed: row[2].flatMap { UInt64($0) })
      life.isGivenUp = row[1] == "lost"
      return life
    }
    return description
  }

  private static func read(_ text: String) throws(PostgresError) -> RunDescription {
    do throws(DescriptionError) { return try RunDescription(json: Array(text.utf8)) } catch {
      throw PostgresError(action: "read the run's description", message: "\(error)")
    }
  }
}

extension RunDescription {
  /// Adds up what each worker says of itself.
  mutating func join(_ parts: [RunDescription]) {
    loops = parts.reduce(0) { $0 + $1.loops }
    cpus = parts.reduce(0) { $0 + $1.cpus }
    let caps = parts.compactMap(\.connections)
    connections = caps.count == parts.count ? caps.reduce(0) { $0.addingReportingOverflow($1).partialValue } : nil
    shortage = parts.lazy.compactMap(\.shortage).first
    targetIsHere = parts.contains(where: \.targetIsHere)
    if parts.contains(where: { $0.pacing == .sleeping }) { pacing = .sleeping }
  }
}
