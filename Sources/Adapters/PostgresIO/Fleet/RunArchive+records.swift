import JSONScan
import Measuring
import Model

extension RunArchive {
  /// The records of some of a run's seconds, as they were when they were stored.
  func intervals(of run: Identifier, from: Int64, to: Int64) throws(PostgresError) -> [Interval] {
    let values = [PostgresValue(run), PostgresValue(from), PostgresValue(to)]
    let action = "read the records"
    var intervals: [Interval.Key: Interval] = [:]
    var order: [Interval.Key] = []
    let headers = try database.binaryRows(
      """
      SELECT incarnation, sequence, epoch, second, from_ns, to_ns, phase, phase_name, is_warm_up, planned, started,
        unsent, gap, final_records, final_completed, final_reason
      FROM record_header WHERE run = $1 AND second >= $2 AND second < $3 ORDER BY second, incarnation, sequence
      """, values, action: action)
    for cells in headers {
      guard let interval = Interval(header: ColumnReader(cells), run: run) else { throw Self.misfit(action) }
      intervals[interval.key] = interval
      order.append(interval.key)
    }
    if order.isEmpty { return [] }
    let workers = try database.binaryRows(
      """
      SELECT incarnation, sequence, loops, cpus, steal_ns, throttled_ns, cpu_ns, memory, lateness, from_woke, response
      FROM record_worker WHERE run = $1 AND second >= $2 AND second < $3
      """, values, action: action)
    for cells in workers {
      var row = ColumnReader(cells)
      guard let key = row.key(of: run) else { throw Self.misfit(action) }
      guard intervals[key] != nil else { continue }
      guard intervals[key]?.take(worker: row) == true else { throw Self.misfit(action) }
    }
    let names = try database.binaryRows(
      """
      SELECT incarnation, sequence, name, tenant, \(NameColumns.all), top_users
      FROM record_name WHERE run = $1 AND second >= $2 AND second < $3
      """, values, action: action)
    for cells in names {
      var row = ColumnReader(cells)
      guard let key = row.key(of: run), let name = NameInterval(columns: row) else { throw Self.misfit(action) }
      intervals[key]?.names.append(name)
    }
    let iterations = try database.binaryRows(
      """
      SELECT incarnation, sequence, scenario, started, completed, failed, cut, duration
      FROM record_iteration WHERE run = $1 AND second >= $2 AND second < $3 ORDER BY incarnation, sequence, place
      """, values, action: action)
    for cells in iterations {
      var row = ColumnReader(cells)
      guard let key = row.key(of: run), let iteration = IterationInterval(columns: row) else {
        throw Self.misfit(action)
      }
      intervals[key]?.iterations.append(iteration)
    }
    return order.compactMap { intervals[$0] }
  }

  private static func misfit(_ action: String) -> PostgresError {
    PostgresError(action: action, message: "found values of another form than this program writes")
  }
}

/// The cells of a row in binary form, taken from the left.
struct ColumnReader {
  private var rest: ArraySlice<[UInt8]?>

  init(_ cells: [[UInt8]?]) { rest = cells[...] }

  /// The next cell; nil for NULL, and beyond the end.
  mutating func next() -> [UInt8]? { rest.popFirst().flatMap { $0 } }

  /// So many cells.
  mutating func take(_ count: Int) -> ArraySlice<[UInt8]?> {
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  mutating func integer<T: FixedWidthInteger>(_ type: T.Type = T.self) -> T? {
    guard let bytes = next(), bytes.count == MemoryLayout<T>.size else { return nil }
    return bytes.reduce(0) { $0 << 8 | T(truncatingIfNeeded: $1) }
  }

  /// A bigint that is never negative.
  mutating func count() -> UInt64? { integer(Int64.self).flatMap { $0 < 0 ? nil : UInt64($0) } }

  mutating func span() -> TimeSpan? { integer(Int64.self).map { TimeSpan(nanoseconds: $0) } }
  mutating func text() -> String? { next().map { String(decoding: $0, as: UTF8.self) } }
  mutating func truth() -> Bool? { next().flatMap { $0.count == 1 ? $0[0] != 0 : nil } }

  mutating func identifier() -> Identifier? {
    guard let bytes = next(), bytes.count == 16 else { return nil }
    func half(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
    return Identifier(high: half(bytes.prefix(8)), low: half(bytes.dropFirst(8)))
  }

  /// The document of a jsonb; nil for NULL, and for anything else.
  mutating func json() -> Node? {
    guard let bytes = next(), bytes.first == 1 else { return nil }
    return try? JSONReader.document(Array(bytes.dropFirst())).root
  }

  /// A `histogram`, empty where it is NULL; nil for anything else.
  mutating func histogram() -> Histogram? {
    guard let bytes = next() else { return Histogram() }
    return Histogram(postgres: bytes)
  }

  /// Incarnation and sequence.
  mutating func key(of run: Identifier) -> Interval.Key? {
    guard let incarnation = identifier(), let sequence = count() else { return nil }
    return Interval.Key(run: run, incarnation: incarnation, sequence: sequence)
  }
}

extension Interval {
  /// What `record_header` keeps; loops, host and names are still to come.
  fileprivate init?(header: ColumnReader, run: Identifier) {
    var row = header
    guard let key = row.key(of: run), let epoch = row.count(), let second = row.count(), let from = row.span(),
      let to = row.span(), let phase = row.integer(Int32.self), let phaseName = row.text(),
      let isWarmUp = row.truth(), let planned = row.count(), let started = row.count(), let unsent = row.count(),
      let gap = row.count()
    else { return nil }
    self.init(key: key, second: UInt32(clamping: second), from: from, to: to)
    self.epoch = UInt32(clamping: epoch)
    self.phase = Phase(index: UInt16(clamping: phase), name: phaseName, isWarmUp: isWarmUp)
    schedule.planned = planned
    schedule.started = started
    schedule.unsent = unsent
    schedule.gap = gap
    let records = row.count()
    let completed = row.count()
    let word = row.text()
    guard let records else { return }
    guard let reason = EndReason.allCases.first(where: { $0.word == word }) else { return nil }
    final = Final(records: records, reason: reason, completed: completed)
  }

  /// What `record_worker` keeps, from its loops on; false where that is something else.
  fileprivate mutating func take(worker: ColumnReader) -> Bool {
    var row = worker
    guard let items = row.json()?.items, let cpus = row.integer(Int32.self), let steal = row.span(),
      let throttled = row.span(), let cpu = row.span(), let memory = row.count(), let lateness = row.histogram(),
      let fromWoke = row.histogram(), let response = row.histogram()
    else { return false }
    host.cpus = UInt16(clamping: cpus)
    host.steal = steal
    host.throttled = throttled
    host.cpu = cpu
    host.memory = memory
    self.worker.lateness = lateness
    self.worker.fromWoke = fromWoke
    self.worker.response = response
    loops = items.map(LoopSecond.init)
    return true
  }
}

extension LoopSecond {
  /// What is missing is zero: earlier versions wrote fewer figures.
  fileprivate init(_ node: Node) {
    self.init()
    func number(_ key: String) -> UInt64 { node[key]?.unsigned ?? 0 }
    func span(_ key: String) -> TimeSpan { TimeSpan(nanoseconds: Int64(clamping: number(key))) }
    loop = UInt16(clamping: number("loop"))
    busy = span("busy_ns")
    spinning = span("spinning_ns")
    longestTurn = span("longest_turn_ns")
    late = number("late")
    takenUpTo = number("taken_up_to")
    inFlight = UInt32(clamping: number("in_flight"))
    connections = UInt32(clamping: number("connections"))
    waiting = UInt32(clamping: number("waiting"))
    users = UInt32(clamping: number("users"))
    opened = UInt32(clamping: number("opened"))
    folded = number("folded")
    leniencies = number("leniencies")
    http2 = number("http2")
    capped = number("capped")
    lastEnd = span("last_end_ns")
  }
}

extension IterationInterval {
  /// What `record_iteration` keeps, from the scenario's name on.
  fileprivate init?(columns: ColumnReader) {
    var row = columns
    guard let name = row.text(), let started = row.count(), let completed = row.count(), let failed = row.count(),
      let cut = row.count(), let duration = row.histogram()
    else { return nil }
    self.init(name: name)
    self.started = started
    self.completed = completed
    self.failed = failed
    self.cut = cut
    self.duration = duration
  }
}

extension NameInterval {
  /// What `record_name` keeps, from the name on.
  fileprivate init?(columns: ColumnReader) {
    var row = columns
    guard let name = row.text(), let tenant = row.text() else { return nil }
    let cells = row.take(NameColumns.width)
    guard let sums = NameSums(postgres: cells), let causes = NameSums.causes(postgres: cells) else { return nil }
    self.init(name: name, tenant: tenant)
    counts = sums.counts
    statuses = sums.statusCounts
    errors = sums.errorCounts
    custom = sums.customCounts
    checks = sums.checks
    // As many as the record has, in its order.
    self.causes = causes
    histograms = sums.histograms
    topUsers = (row.json()?.items ?? []).map { node in
      UserCount(
        user: node["user"]?.unsigned ?? 0, failures: node["failures"]?.unsigned ?? 0,
        cost: Int64(node["cost"]?.int ?? 0))
    }
  }
}
