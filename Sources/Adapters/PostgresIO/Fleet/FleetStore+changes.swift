public import Model

extension FleetStore {
  /// Compare and set: moves a test into another state, and its workers that have not ended with it.
  ///
  /// - Parameters:
  ///   - startedAt: the run's T₀, in milliseconds since 1970; given when it begins to run.
  /// - Returns: false where it was in none of the expected states: nothing was changed.
  public func change(
    _ run: Identifier, from expected: [TestState], to state: TestState, reason: String? = nil,
    startedAt: Int64? = nil
  ) throws(FleetStoreError) -> Bool {
    let action = "move the test to \(state.rawValue)"
    return try asMaster(action) { () throws(PostgresError) in
      let start = PostgresValue(startedAt.map { String($0) })
      let changed = try database.run(
        """
        UPDATE test SET state = $2, state_since = now(), reason = coalesce($3, reason), term = $4,
          started_at = coalesce(to_timestamp($5::bigint / 1000.0), started_at),
          ended_at = CASE WHEN $6 THEN now() ELSE NULL END
        WHERE run = $1 AND state = ANY ($7::text[])
        """,
        [
          PostgresValue(run), PostgresValue(state.rawValue), PostgresValue(reason), PostgresValue(term), start,
          PostgresValue(state.isEnd), PostgresValue(array: expected.map { PostgresValue($0.rawValue) }),
        ], action: action)
      if changed.changed == 1, startedAt != nil {
        try database.run(
          "UPDATE run SET started_at = coalesce(started_at, to_timestamp($2::bigint / 1000.0)) WHERE run = $1",
          [PostgresValue(run), start], action: action)
      }
      if changed.changed == 1, state == .running || state == .draining {
        try database.run(
          "UPDATE test_worker SET state = $2 WHERE run = $1 AND ended_at IS NULL",
          [PostgresValue(run), PostgresValue(state.rawValue)], action: action)
      }
      return changed.changed == 1
    }
  }

  /// Begins an epoch with workers that are new to the test: the test goes from the expected epoch to the next, and
  /// `run_ledger` waits for their records from now on. All of it or nothing.
  ///
  /// - Returns: false where the test is in another state or epoch.
  /// - Throws: `.workerBusy` where one of them has a test already.
  public func assign(
    _ run: Identifier, from expected: [TestState], to state: TestState, epoch: UInt64, workers: [StoredTestWorker]
  ) throws(FleetStoreError) -> Bool {
    let action = "assign the workers"
    return try asMaster(action) { () throws(PostgresError) in
      let moved = try database.run(
        """
        UPDATE test SET state = $2, state_since = CASE WHEN state = $2 THEN state_since ELSE now() END, epoch = $3,
          term = $4
        WHERE run = $1 AND state = ANY ($5::text[]) AND epoch = $3::bigint - 1 RETURNING name
        """,
        [
          PostgresValue(run), PostgresValue(state.rawValue), PostgresValue(epoch), PostgresValue(term),
          PostgresValue(array: expected.map { PostgresValue($0.rawValue) }),
        ], action: action)
      guard let row = moved.rows.first else { return false }
      try database.run(
        "INSERT INTO test_epoch (run, epoch, term, workers) VALUES ($1, $2, $3, $4)",
        [PostgresValue(run), PostgresValue(epoch), PostgresValue(term), PostgresValue(workers.count)], action: action)
      try database.run(
        "INSERT INTO run (run, name) VALUES ($1, $2) ON CONFLICT (run) DO UPDATE SET name = coalesce(run.name, $2)",
        [PostgresValue(run), PostgresValue(row[0])], action: action)
      for worker in workers {
        try database.run(
          """
          INSERT INTO test_worker (incarnation, run, worker, host, share, shares, epoch, state)
          VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
          """,
          [
            PostgresValue(worker.incarnation), PostgresValue(run), PostgresValue(worker.worker),
            PostgresValue(worker.host), PostgresValue(worker.share), PostgresValue(worker.shares),
            PostgresValue(worker.epoch), PostgresValue(worker.state.rawValue),
          ], action: action)
        try database.run(
          """
          INSERT INTO incarnation (run, incarnation, worker) VALUES ($1, $2, $3)
          ON CONFLICT (run, incarnation) DO UPDATE SET worker = EXCLUDED.worker
          """, [PostgresValue(run), PostgresValue(worker.incarnation), PostgresValue(worker.worker)], action: action)
      }
      return true
    }
  }

  /// Ends the lives of workers in tests that have ended: an earlier master may have ended between the two, and a worker
  /// has one test at a time.
  public func endLivesOfEndedTests() throws(FleetStoreError) {
    let action = "end the workers of ended tests"
    _ = try asMaster(action) { () throws(PostgresError) in
      try database.run(
        """
        WITH ended AS (
          UPDATE test_worker AS w SET state = CASE WHEN t.started_at IS NULL THEN 'released' ELSE 'lost' END,
            ended_at = now()
          FROM test AS t WHERE t.run = w.run AND t.ended_at IS NOT NULL AND w.ended_at IS NULL
          RETURNING w.incarnation, w.state)
        UPDATE incarnation SET fate = ended.state FROM ended WHERE incarnation.incarnation = ended.incarnation
        """, action: action)
    }
  }

  /// Moves a worker's life in a test; what is nil stays as it is. One that has ended changes no more.
  ///
  /// - Returns: false where it had ended, or is not known.
  @discardableResult
  public func changeWorker(
    _ incarnation: Identifier, to state: TestWorkerState, records: UInt64? = nil, completed: UInt64? = nil,
    endedReason: String? = nil, problem: String? = nil
  ) throws(FleetStoreError) -> Bool {
    let action = "move the worker to \(state.rawValue)"
    return try asMaster(action) { () throws(PostgresError) in
      let changed = try database.run(
        """
        UPDATE test_worker SET state = $2, records = coalesce($3, records), completed = coalesce($4, completed),
          ended_reason = coalesce($5, ended_reason), problem = coalesce($6, problem),
          ended_at = CASE WHEN $7 THEN now() ELSE NULL END
        WHERE incarnation = $1 AND ended_at IS NULL
        """,
        [
          PostgresValue(incarnation), PostgresValue(state.rawValue), PostgresValue(records.map { String($0) }),
          PostgresValue(completed.map { String($0) }), PostgresValue(endedReason), PostgresValue(problem),
          PostgresValue(state.isEnd),
        ], action: action)
      let fate: String? = state == .lost ? "lost" : state == .released ? "released" : nil
      if changed.changed == 1, let fate {
        try database.run(
          "UPDATE incarnation SET fate = $2 WHERE incarnation = $1", [PostgresValue(incarnation), PostgresValue(fate)],
          action: action)
      }
      return changed.changed == 1
    }
  }
}
