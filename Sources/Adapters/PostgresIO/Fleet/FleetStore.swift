public import Model

/// Terms, tests, epochs and workers in PostgreSQL, as the master keeps them.
///
/// Confined to one thread, as its connection is. Every write but a submission asks whether this master's term is the
/// newest, in the same transaction: a master that was replaced without knowing changes nothing.
public final class FleetStore {
  let database: Database
  /// This master's; 0 until it was taken.
  public private(set) var term: UInt64 = 0

  public init(_ database: Database) {
    self.database = database
  }

  /// Whether the connection is of any use still, as far as the last call saw.
  public var isConnected: Bool { database.isConnected }

  /// A store on another connection that goes on with a term taken before.
  public init(_ database: Database, term: UInt64) {
    self.database = database
    self.term = term
  }

  /// Takes a higher term than any master before.
  public func takeTerm(master: Identifier) throws(PostgresError) -> UInt64 {
    let action = "take a term"
    term = try database.transaction(action) { () throws(PostgresError) in
      // Waits for writes under older terms, which hold a row of it, and for others who take one.
      try database.run("LOCK TABLE master_term IN EXCLUSIVE MODE", action: action)
      try database.run("UPDATE master_term SET ended_at = now() WHERE ended_at IS NULL", action: action)
      let taken = try database.run(
        "INSERT INTO master_term (term, master) SELECT coalesce(max(term), 0) + 1, $1 FROM master_term RETURNING term",
        [PostgresValue(master)], action: action)
      return taken.value.flatMap { UInt64($0) } ?? 0
    }
    return term
  }

  /// Notes who did what. The detail is a JSON text.
  public func audit(_ who: String, _ what: String, object: String?, detail: String? = nil) throws(PostgresError) {
    try database.run(
      "INSERT INTO audit (who, what, object, detail) VALUES ($1, $2, $3, $4)",
      [PostgresValue(who), PostgresValue(what), PostgresValue(object), PostgresValue(detail)],
      action: "note in the audit log")
  }

  /// Runs the body in a transaction in which this master's term is sure to be the newest.
  func asMaster<Result>(
    _ action: String, _ body: () throws(PostgresError) -> Result
  ) throws(FleetStoreError) -> Result {
    let result: Result?
    do throws(PostgresError) {
      result = try database.transaction(action) { () throws(PostgresError) in
        let mine = try database.run(
          "SELECT 1 FROM master_term WHERE term = $1 AND ended_at IS NULL FOR SHARE", [PostgresValue(term)],
          action: action)
        return mine.rows.isEmpty ? nil : try body()
      }
    } catch {
      if error.state == "23505", error.message.contains("test_worker_busy") { throw .workerBusy(error.message) }
      throw .postgres(error)
    }
    guard let result else { throw .superseded(term: term) }
    return result
  }
}

/// Why the master's tables were not changed.
public enum FleetStoreError: Error, Sendable, Equatable, CustomStringConvertible {
  case postgres(PostgresError)
  /// Another master has taken a higher term.
  case superseded(term: UInt64)
  /// A worker has a test already.
  case workerBusy(String)

  public var description: String {
    switch self {
    case .postgres(let error): error.description
    case .superseded(let term): "another master has taken over: term \(term) is not the newest any more"
    case .workerBusy(let text): "a worker has a test already: \(text)"
    }
  }
}
