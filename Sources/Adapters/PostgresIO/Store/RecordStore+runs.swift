import Measuring
import Model
import Wire

extension RecordStore {
  /// A run or worker that nobody announced is known from its first record on.
  func nameWorkers(of intervals: [Interval]) throws(PostgresError) {
    let lives = Set(intervals.map { [$0.key.run.description, $0.key.incarnation.description] })
      .sorted { $0.lexicographicallyPrecedes($1) }
    let arrays = [
      PostgresValue(array: lives.map { PostgresValue($0.first) }),
      PostgresValue(array: lives.map { PostgresValue($0.last) }),
    ]
    try database.run(
      "INSERT INTO run (run) SELECT DISTINCT run FROM unnest($1::uuid[]) AS r (run) ORDER BY run ON CONFLICT DO NOTHING",
      Array(arrays.prefix(1)), action: "name the run")
    try database.run(
      "INSERT INTO incarnation (run, incarnation) SELECT * FROM unnest($1::uuid[], $2::uuid[]) ON CONFLICT DO NOTHING",
      arrays, action: "name the worker")
  }

  /// Stores what a worker says of its run; false where it has said something before.
  func describe(_ run: RunRecord, digest: [UInt8]) throws(PostgresError) -> Bool {
    // The first description of a run stays: all of its workers say the same.
    try database.run(
      """
      INSERT INTO run (run, name, description, started_at)
      VALUES ($1, $2, $3, to_timestamp(($3::jsonb->>'startedAtSeconds')::float8))
      ON CONFLICT (run) DO UPDATE
      SET name = EXCLUDED.name, description = EXCLUDED.description, started_at = EXCLUDED.started_at
      WHERE run.description IS NULL
      """, [PostgresValue(run.run), PostgresValue(run.name), PostgresValue(run.description)],
      action: "describe the run")
    let said = try database.run(
      """
      INSERT INTO incarnation (run, incarnation, version, digest, description) VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (run, incarnation) DO UPDATE
      SET version = EXCLUDED.version, digest = EXCLUDED.digest, description = EXCLUDED.description
      WHERE incarnation.digest IS NULL
      """,
      [
        PostgresValue(run.run), PostgresValue(run.incarnation), PostgresValue(run.version),
        PostgresValue(bytes: digest), PostgresValue(run.description),
      ], action: "describe the worker")
    return said.changed == 1
  }

  func storedDigest(of run: RunRecord) throws(PostgresError) -> [UInt8]? {
    let rows = try database.binaryRows(
      "SELECT digest FROM incarnation WHERE run = $1 AND incarnation = $2",
      [PostgresValue(run.run), PostgresValue(run.incarnation)], action: "read the worker's digest")
    return rows.first?.first.flatMap { $0 }
  }
}
