public import Model

/// What became of a submission.
public enum Submission: Sendable, Equatable {
  case made(StoredTest)
  /// The same was submitted before, with the same key.
  case known(StoredTest)
  /// The key was used before, for something else.
  case keyReused
}

extension FleetStore {
  /// Keeps a test as queued.
  public func submit(_ test: NewTest) throws(PostgresError) -> Submission {
    let action = "submit the test"
    // The tests' order of submission is the order of their commits: a page that was read lacks none before it.
    let (isMade, found) = try database.transaction(action) { () throws(PostgresError) -> (Bool, [String?]?) in
      try database.run("SELECT pg_advisory_xact_lock(hashtextextended('stampede.tests', 0))", action: action)
      let made = try database.run(
        """
        INSERT INTO test (run, name, state, plan, workers_wanted, submitted_by, idempotency_key)
        VALUES ($1, $2, 'queued', $3, $4, $5, $6) ON CONFLICT (submitted_by, idempotency_key) DO NOTHING RETURNING run
        """,
        [
          PostgresValue(test.run), PostgresValue(test.name), PostgresValue(test.plan),
          PostgresValue(test.workersWanted.map { String($0) }), PostgresValue(test.submittedBy),
          PostgresValue(test.idempotencyKey),
        ], action: action)
      if let row = made.rows.first { return (true, row) }
      let known = try database.run(
        """
        SELECT run FROM test WHERE submitted_by = $1 AND idempotency_key = $2 AND plan = $3 AND name = $4
          AND workers_wanted IS NOT DISTINCT FROM $5
        """,
        [
          PostgresValue(test.submittedBy), PostgresValue(test.idempotencyKey), PostgresValue(test.plan),
          PostgresValue(test.name), PostgresValue(test.workersWanted.map { String($0) }),
        ], action: action)
      return (false, known.rows.first)
    }
    guard let run = found?.first.flatMap({ $0 }).flatMap({ Identifier(text: $0) }), let stored = try find(run) else {
      return .keyReused
    }
    return isMade ? .made(stored) : .known(stored)
  }

  /// The test of a run; nil where there is none.
  public func find(_ run: Identifier) throws(PostgresError) -> StoredTest? {
    try tests("WHERE test.run = $1", [PostgresValue(run)]).first
  }

  /// Those that have not ended, in the order of their submission.
  public func open() throws(PostgresError) -> [StoredTest] {
    try tests("WHERE test.ended_at IS NULL ORDER BY test.number", [])
  }

  /// The latest first.
  ///
  /// - Parameters:
  ///   - limit: 1…1,000.
  ///   - before: only those with a lower number.
  public func list(limit: Int, before: Int64? = nil, state: TestState? = nil) throws(PostgresError) -> [StoredTest] {
    try tests(
      """
      WHERE ($1::bigint IS NULL OR test.number < $1) AND ($2::text IS NULL OR test.state = $2)
      ORDER BY test.number DESC LIMIT $3
      """,
      [
        PostgresValue(before.map { String($0) }), PostgresValue(state?.rawValue),
        PostgresValue(max(1, min(limit, 1_000))),
      ])
  }

  /// The plan of a test as JSON.
  public func plan(of run: Identifier) throws(PostgresError) -> String? {
    try database.run("SELECT plan FROM test WHERE run = $1", [PostgresValue(run)], action: "read the plan").value
  }

  /// How many tests there are in each state.
  public func counts() throws(PostgresError) -> [TestState: Int] {
    let rows = try database.run("SELECT state, count(*) FROM test GROUP BY state", action: "count the tests").rows
    var counts: [TestState: Int] = [:]
    for row in rows {
      if let state = row[0].flatMap(TestState.init(rawValue:)) { counts[state] = row[1].flatMap { Int($0) } }
    }
    return counts
  }

  private func tests(_ condition: String, _ values: [PostgresValue]) throws(PostgresError) -> [StoredTest] {
    func time(_ column: String) -> String {
      "to_char(\(column) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"
    }
    // Tests and their workers as they were at one moment.
    try database.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", action: "read the tests")
    defer { _ = try? database.run("ROLLBACK", action: "read the tests") }
    let rows = try database.run(
      """
      SELECT test.run, test.number, test.name, test.state, test.reason, test.submitted_by, \(time("test.submitted_at")),
        \(time("test.started_at")), \(time("test.ended_at")), test.workers_wanted, test.epoch, test.term,
        coalesce((SELECT is_complete FROM run_ledger WHERE run_ledger.run = test.run), false)
      FROM test \(condition)
      """, values, action: "read the tests"
    ).rows
    let runs = rows.compactMap { $0[0] }
    let workers = try workers(of: runs)
    return rows.compactMap { row in
      guard let run = row[0].flatMap({ Identifier(text: $0) }), let state = row[3].flatMap(TestState.init(rawValue:))
      else { return nil }
      return StoredTest(
        run: run, number: row[1].flatMap { Int64($0) } ?? 0, name: row[2] ?? "", state: state, reason: row[4],
        submittedBy: row[5] ?? "", submittedAt: row[6] ?? "", startedAt: row[7], endedAt: row[8],
        workersWanted: row[9].flatMap { Int($0) }, epoch: row[10].flatMap { UInt64($0) } ?? 0,
        term: row[11].flatMap { UInt64($0) } ?? 0, isComplete: row[12] == "t", workers: workers[run] ?? [])
    }
  }

  private func workers(of runs: [String]) throws(PostgresError) -> [Identifier: [StoredTestWorker]] {
    if runs.isEmpty { return [:] }
    let rows = try database.run(
      """
      SELECT run, incarnation, worker, host, share, shares, epoch, state, records, completed, ended_reason, problem
      FROM test_worker WHERE run = ANY ($1::uuid[]) ORDER BY run, share, assigned_at, incarnation
      """, [PostgresValue(array: runs.map { PostgresValue($0) })], action: "read the tests' workers"
    ).rows
    var workers: [Identifier: [StoredTestWorker]] = [:]
    for row in rows {
      guard let run = row[0].flatMap({ Identifier(text: $0) }),
        let incarnation = row[1].flatMap({ Identifier(text: $0) }),
        let state = row[7].flatMap(TestWorkerState.init(rawValue:))
      else { continue }
      var worker = StoredTestWorker(
        incarnation: incarnation, worker: row[2] ?? "", host: row[3] ?? "", share: row[4].flatMap { Int($0) } ?? 0,
        shares: row[5].flatMap { Int($0) } ?? 0, epoch: row[6].flatMap { UInt64($0) } ?? 0)
      worker.state = state
      worker.records = row[8].flatMap { UInt64($0) }
      worker.completed = row[9].flatMap { UInt64($0) }
      worker.endedReason = row[10]
      worker.problem = row[11]
      workers[run, default: []].append(worker)
    }
    return workers
  }
}
