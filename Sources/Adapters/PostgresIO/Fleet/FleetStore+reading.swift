public import Model

extension FleetStore {
  /// When a run began, in milliseconds since 1970; nil where it has not.
  public func start(of run: Identifier) throws(PostgresError) -> Int64? {
    try database.run(
      "SELECT (extract(epoch FROM started_at) * 1000)::bigint FROM test WHERE run = $1", [PostgresValue(run)],
      action: "read the run's start"
    ).value.flatMap { Int64($0) }
  }

  /// Where a worker's life in a test is; nil where it is not known.
  public func stateOfWorker(_ incarnation: Identifier) throws(PostgresError) -> TestWorkerState? {
    try database.run(
      "SELECT state FROM test_worker WHERE incarnation = $1", [PostgresValue(incarnation)],
      action: "read the worker's state"
    ).value.flatMap(TestWorkerState.init(rawValue:))
  }
}
