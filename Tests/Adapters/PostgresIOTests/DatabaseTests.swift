import PostgresIO
import TestSupport
import Testing

@Suite(.enabled(if: PostgresServer.binaries != nil, "PostgreSQL is not installed"))
struct DatabaseTests {
  @Test func errorsNameTheActionAndTheStateAndNeverThePassword() throws {
    let bench = try Bench()
    #expect {
      try bench.database.run("SELECT 1/$1::int", ["0"], action: "divide")
    } throws: {
      ($0 as? PostgresError)?.description == "PostgreSQL, divide: division by zero (SQLSTATE 22012)"
    }
    for address in [
      "postgresql://u:hunter2@127.0.0.1:1/hunter2", "host=127.0.0.1 port=1 password=hunter2",
      "postgresql://u:hunter2@nowhere.invalid/x", "postgresql://u:hunter2@[::1/x", "host password=hunter2",
      "postgresql://u:hunter2@h:hunter2/", "postgresql://u:pw@h/?hunter2=1",
    ] {
      do {
        _ = try Database(PostgresAddress(address), application: "test")
        Issue.record("connected to \(address)")
      } catch {
        #expect(!"\(error)".contains("hunter2") && "\(error)".count > 20, "\(error)")
      }
    }
  }

  @Test func parametersComeBackAsTheyWere() throws {
    let bench = try Bench()
    for text in ["", "a'b\"c\\d", "{1,\"NULL\"}", "ä\n日本", "NULL"] {
      #expect(try bench.value("SELECT $1::text", PostgresValue(text)) == text)
      #expect(
        try bench.value("SELECT ($1::text[])[1]", PostgresValue(array: [PostgresValue(text), nil])) == text)
    }
    #expect(try bench.value("SELECT ($1::text[])[2] IS NULL", PostgresValue(array: ["a", nil])) == "t")
    #expect(try bench.value("SELECT encode($1, 'hex')", PostgresValue(bytes: [0, 15, 160, 255])) == "000fa0ff")
    #expect(throws: PostgresError.self) { try bench.value("SELECT $1::text", "a\0b") }
  }

  @Test func aFailedTransactionLeavesNothingAndTheConnectionGoesOn() throws {
    let bench = try Bench()
    try bench.database.script("CREATE TABLE t (n int PRIMARY KEY)", action: "make")
    #expect(throws: PostgresError.self) {
      try bench.database.transaction("insert twice") { () throws(PostgresError) in
        try bench.database.run("INSERT INTO t VALUES (1)", action: "first")
        try bench.database.run("INSERT INTO t VALUES (1)", action: "second")
      }
    }
    #expect(try bench.value("SELECT count(*) FROM t") == "0")
    // An error that the body swallows: COMMIT does not fail, it answers ROLLBACK.
    #expect(throws: PostgresError.self) {
      try bench.database.transaction("swallow") { () throws(PostgresError) in
        try bench.database.run("INSERT INTO t VALUES (2)", action: "first")
        _ = try? bench.database.run("SELECT 1/0", action: "divide")
      }
    }
    #expect(try bench.value("SELECT count(*) FROM t") == "0")
  }

  @Test func aLostConnectionIsToldApartFromARefusal() throws {
    let bench = try Bench()
    let victim = try Database(PostgresAddress(bench.url), application: "victim")
    #expect(victim.isConnected)
    _ = try bench.value("SELECT pg_terminate_backend($1, 2000)", PostgresValue(victim.backend))
    #expect {
      try victim.run("SELECT 1", action: "ask")
    } throws: {
      ($0 as? PostgresError)?.isDisconnected == true
    }
    #expect(!victim.isConnected)
  }

  @Test func migrationsAreDoneOnceInOrderAndComparedByTheirText() throws {
    let server = try PostgresServer.shared.get()
    let url = try server.database()
    let database = try Database(PostgresAddress(url), application: "test")
    #expect(try database.schemaState() == .behind(Database.newestMigration))
    #expect(try database.migrate() == Array(1...Database.newestMigration))
    #expect(try database.schemaState() == .current)
    #expect(try database.migrate() == [])
    try database.script("UPDATE schema_migration SET digest = 'x' WHERE number = 1", action: "forge")
    #expect(throws: PostgresError.self) { try database.schemaState() }
    try database.script(
      "DELETE FROM schema_migration; INSERT INTO schema_migration VALUES (99, 'later', 'y')", action: "age")
    #expect {
      try database.migrate()
    } throws: {
      "\($0)".contains("migration 99")
    }
  }
}
