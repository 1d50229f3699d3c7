import Measuring
import Model

extension RecordStore {
  /// Names the runs and workers, and copies the rows of new records.
  func copyRows(of intervals: [Interval], _ source: Source) throws(PostgresError) {
    if intervals.isEmpty { return }
    try nameWorkers(of: intervals)
    var workers = CopyRows()
    var names = CopyRows()
    var iterations = CopyRows()
    for interval in intervals {
      workers.row(14)
      workers.value(source.day)
      workers.key(of: interval)
      workers.loops(interval.loops)
      workers.value(Int32(interval.host.cpus))
      workers.value(interval.host.steal.nanoseconds)
      workers.value(interval.host.throttled.nanoseconds)
      workers.value(interval.host.cpu.nanoseconds)
      workers.value(Int64(clamping: interval.host.memory))
      workers.histogram(interval.worker.lateness)
      workers.histogram(interval.worker.fromWoke)
      workers.histogram(interval.worker.response)
      for (place, iteration) in interval.iterations.enumerated() {
        iterations.row(12)
        iterations.key(of: interval)
        iterations.value(interval.phase.isWarmUp)
        iterations.value(Int32(clamping: place))
        iterations.value(iteration.name)
        iterations.bigint(iteration.started, "iterations started")
        iterations.bigint(iteration.completed, "iterations completed")
        iterations.bigint(iteration.failed, "iterations failed")
        iterations.bigint(iteration.cut, "iterations cut")
        iterations.histogram(iteration.duration)
      }
      for name in interval.names {
        names.row(9 + NameColumns.width)
        names.value(source.day)
        names.key(of: interval)
        names.value(interval.phase.isWarmUp)
        names.value(name.name)
        names.value(name.tenant)
        names.counts(name.counts)
        names.tallies(name.statuses, name.errors, name.custom)
        names.histograms(name.histograms)
        names.steps(name.counts, name.checks)
        names.causes(name.causes)
        names.users(name.topUsers)
      }
    }
    try database.copy(
      workers,
      into: """
        record_worker (stored_on, run, incarnation, sequence, second, loops, cpus, steal_ns, throttled_ns, cpu_ns, memory,
        lateness, from_woke, response)
        """, action: "copy the workers' figures")
    try database.copy(
      names,
      into: """
        record_name (stored_on, run, incarnation, sequence, second, is_warm_up, name, tenant, \(NameColumns.all), top_users)
        """, action: "copy the names' figures")
    if intervals.allSatisfy(\.iterations.isEmpty) { return }
    try database.copy(
      iterations,
      into: """
        record_iteration (run, incarnation, sequence, second, is_warm_up, place, scenario, started, completed, failed, cut,
        duration)
        """, action: "copy the iterations")
  }

  /// Adds the records to the sums of their names. The row of a partition is only written by who moves its offset.
  func rollUp(_ intervals: [Interval], _ source: Source) throws(PostgresError) {
    var sums: [RollupKey: NameSums] = [:]
    for interval in intervals {
      for name in interval.names {
        for span in RollupKey.spans {
          let key = RollupKey(
            span: span, run: interval.key.run, second: interval.second, isWarmUp: interval.phase.isWarmUp,
            name: name.name, tenant: name.tenant)
          sums[key, default: NameSums()].add(name)
        }
      }
    }
    if sums.isEmpty { return }
    for (key, before) in try takeSums(sums.keys, source) { sums[key, default: NameSums()].add(earlier: before) }
    var rows = CopyRows()
    for (key, sum) in sums {
      rows.row(8 + NameColumns.width)
      rows.value(key.run)
      rows.value(key.span)
      rows.value(key.second)
      rows.value(source.number)
      rows.value(key.isWarmUp)
      rows.value(key.nameKey)
      rows.value(key.name)
      rows.value(key.tenant)
      sum.write(into: &rows)
    }
    try database.copy(
      rows,
      into: """
        record_rollup (run, span_seconds, second, source, is_warm_up, name_key, name, tenant, \(NameColumns.all))
        """, action: "write the sums")
  }

  /// Takes the sums as they are out of the table; they are written back in the same transaction.
  private func takeSums(
    _ keys: some Collection<RollupKey>, _ source: Source
  ) throws(PostgresError) -> [(RollupKey, NameSums)] {
    let keys = Array(keys)
    func column(_ value: (RollupKey) -> PostgresValue) -> PostgresValue { PostgresValue(array: keys.map(value)) }
    let rows = try database.binaryRows(
      """
      DELETE FROM record_rollup AS r USING unnest($1::uuid[], $2::smallint[], $3::bigint[], $4::boolean[], $5::uuid[],
        $6::int[]) AS k (run, span, second, warm, name, place)
      WHERE r.run = k.run AND r.span_seconds = k.span AND r.second = k.second AND r.is_warm_up = k.warm
        AND r.name_key = k.name AND r.source = $7
      RETURNING k.place, \(NameColumns.all)
      """,
      [
        column { PostgresValue($0.run) }, column { PostgresValue($0.span) }, column { PostgresValue($0.second) },
        column { PostgresValue($0.isWarmUp) }, column { PostgresValue($0.nameKey) },
        PostgresValue(array: keys.indices.map { PostgresValue($0) }), PostgresValue(source.number),
      ], action: "read the sums")
    var sums: [(RollupKey, NameSums)] = []
    for row in rows {
      let place = (row.first.flatMap { $0 } ?? []).reduce(0) { $0 << 8 | Int($1) }
      guard keys.indices.contains(place), let sum = NameSums(postgres: row.dropFirst()) else {
        throw PostgresError(action: "read the sums", message: "found values of another form than this program writes")
      }
      sums.append((keys[place], sum))
    }
    return sums
  }
}

extension CopyRows {
  fileprivate mutating func key(of interval: Interval) {
    value(interval.key.run)
    value(interval.key.incarnation)
    bigint(interval.key.sequence, "a sequence")
    value(Int64(interval.second))
  }
}
