import Glibc

extension RecordStore {
  /// What came of an attempt to become a partition's writer.
  public enum Claim: Sendable, Equatable {
    /// This store may write from the offset on; nil: from the earliest there is.
    case granted(next: Int64?)
    /// Another connection holds the partition, and was left alone.
    case held(by: Int32)
  }

  /// Becomes the partition's only writer and reads the offset to go on with. Blocks for about `grace` at most.
  ///
  /// - Parameters:
  ///   - evict: whether the group gave this consumer the partition just now. Whoever still holds it then was revoked
  ///     (frozen, cut off, or its connection not yet seen to be gone): after the grace time its backend is ended.
  ///   - former: the backend of this consumer's own connection that broke; it is ended in any case.
  public func claim(
    _ partition: Int32, evict: Bool, former: Int32? = nil, grace: Duration = .milliseconds(500)
  ) throws(PostgresError) -> Claim {
    let end = ContinuousClock.now + grace
    let lock = [PostgresValue("stampede:\(clusterID):\(topic):\(partition)")]
    var evicted = 0
    while true {
      let got = try database.run(
        "SELECT pg_try_advisory_lock(hashtextextended($1, 0))", lock, action: "lock partition \(partition)")
      if got.value == "t" { break }
      guard let holder = try holder(lock) else { continue }
      if holder == former || evict && ContinuousClock.now >= end {
        evicted += 1
        if evicted > 10 { return .held(by: holder) }
        try database.run(
          "SELECT pg_terminate_backend($1, 2000)", [PostgresValue(holder)],
          action: "end the connection of partition \(partition)'s former writer")
      } else if !evict, ContinuousClock.now >= end {
        return .held(by: holder)
      } else {
        usleep(20_000)
      }
    }
    return .granted(next: try reread(partition))
  }

  /// Reads the offset of a partition that this store holds: after a COMMIT of which nobody knows, or `moved`.
  public func reread(_ partition: Int32) throws(PostgresError) -> Int64? {
    let next = try database.run(
      "SELECT next_offset FROM consumer_offset WHERE cluster_id = $1 AND topic = $2 AND partition = $3",
      [PostgresValue(clusterID), PostgresValue(topic), PostgresValue(partition)],
      action: "read the offset of partition \(partition)"
    ).value.flatMap { Int64($0) }
    places[partition] = Place(next: next)
    return next
  }

  /// Gives the partition up; call it when its last transaction is over.
  public func release(_ partition: Int32) throws(PostgresError) {
    guard places.removeValue(forKey: partition) != nil else { return }
    try database.run(
      "SELECT pg_advisory_unlock(hashtextextended($1, 0))",
      [PostgresValue("stampede:\(clusterID):\(topic):\(partition)")], action: "unlock partition \(partition)")
  }

  /// The backend that holds the advisory lock; nil where nobody does by now.
  private func holder(_ lock: [PostgresValue]) throws(PostgresError) -> Int32? {
    try database.run(
      """
      SELECT pid FROM pg_locks, hashtextextended($1, 0) AS key
      WHERE locktype = 'advisory' AND granted AND objsubid = 1
        AND classid::bigint = (key >> 32) & 4294967295 AND objid::bigint = key & 4294967295
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      """, lock, action: "look for the partition's writer"
    ).value.flatMap { Int32($0) }
  }
}
