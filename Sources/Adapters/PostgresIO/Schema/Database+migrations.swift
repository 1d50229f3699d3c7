/// How far a database's schema is.
public enum SchemaState: Equatable, Sendable {
  case current
  /// So many migrations are still to be done.
  case behind(Int)
}

extension Database {
  /// The number of the newest migration this program knows.
  public static var newestMigration: Int { Migration.all.count }

  /// Whether the database has the schema this program works with.
  ///
  /// - Throws: also for a schema that another version made: newer, or the same number with another text.
  public func schemaState() throws(PostgresError) -> SchemaState {
    let there = try run("SELECT to_regclass('schema_migration') IS NOT NULL", action: "look for the schema").value
    if there != "t" { return .behind(Migration.all.count) }
    let done = try run(
      "SELECT number, digest FROM schema_migration ORDER BY number", action: "read the schema's version")
    for row in done.rows {
      let number = row[0].flatMap { Int($0) } ?? 0
      guard let known = Migration.all.first(where: { $0.number == number }) else {
        throw PostgresError(
          action: "read the schema's version",
          message: "the database has migration \(number), this program knows \(Migration.all.count): it is older than "
            + "the one that made the database")
      }
      if known.digest != row[1] {
        throw PostgresError(
          action: "read the schema's version",
          message: "migration \(number) of the database is another text than this program's; use the version that made "
            + "the database")
      }
    }
    return done.rows.count == Migration.all.count ? .current : .behind(Migration.all.count - done.rows.count)
  }

  /// Brings the schema up to date: each missing migration in a transaction of its own, in order. Several programs may
  /// call it at once; an advisory lock lets one after the other work.
  ///
  /// - Returns: the numbers of the migrations done.
  @discardableResult
  public func migrate() throws(PostgresError) -> [Int] {
    var done: [Int] = []
    try run("SELECT pg_advisory_lock(hashtextextended('stampede.migrations', 0))", action: "wait for migrations")
    defer {
      _ = try? run("SELECT pg_advisory_unlock(hashtextextended('stampede.migrations', 0))", action: "migrate")
    }
    try script(
      """
      CREATE TABLE IF NOT EXISTS schema_migration (
        number int PRIMARY KEY, title text NOT NULL, digest text NOT NULL, done_at timestamptz NOT NULL DEFAULT now())
      """, action: "make the table of migrations")
    guard case .behind(let count) = try schemaState() else { return [] }
    for migration in Migration.all.suffix(count) {
      let action = "migration \(migration.number) (\(migration.title))"
      try transaction(action) { () throws(PostgresError) in
        try script(migration.script, action: action)
        try run(
          "INSERT INTO schema_migration (number, title, digest) VALUES ($1, $2, $3)",
          [PostgresValue(migration.number), PostgresValue(migration.title), PostgresValue(migration.digest)],
          action: action)
      }
      done.append(migration.number)
    }
    return done
  }
}
