import JSONScan
import Measuring

extension CopyRows {
  /// A `histogram`; one that is empty is NULL.
  mutating func histogram(_ histogram: Histogram) {
    if histogram.count == 0 { return null() }
    composite(5) { rows in
      rows.type(TypeNumber.int2Array)
      rows.array(histogram.buckets, of: TypeNumber.int2) { $0.value(Int16(truncatingIfNeeded: $1)) }
      rows.type(TypeNumber.int8Array)
      rows.array(histogram.times, of: TypeNumber.int8) { $0.bigint($1, "a bucket's count") }
      rows.type(TypeNumber.int8)
      rows.bigint(histogram.sum, "a histogram's sum")
      rows.type(TypeNumber.int8)
      rows.value(Int64(histogram.min))
      rows.type(TypeNumber.int8)
      rows.value(Int64(histogram.max))
    }
  }

  /// All of a name's, in the order of `NameColumns.histograms`.
  mutating func histograms(_ all: NameHistograms) {
    for one in [
      all.response, all.service, all.failed, all.censored, all.censoredService, all.connect, all.firstByte,
    ] { histogram(one) }
  }

  mutating func counts(_ counts: RequestCounts) {
    bigint(counts.started, "started")
    bigint(counts.written, "written")
    bigint(counts.answered, "answered")
    bigint(counts.completed, "completed")
    bigint(counts.accepted, "accepted")
    bigint(counts.resent, "resent")
    bigint(counts.bytesOut, "bytes out")
    bigint(counts.bytesIn, "bytes in")
  }

  /// Statuses, errors and the plan's own counters, each as keys and numbers.
  mutating func tallies(_ statuses: [StatusCount], _ errors: [ErrorCount], _ custom: [CustomCount]) {
    array(statuses, of: TypeNumber.int4) { $0.value(Int32($1.status)) }
    array(statuses, of: TypeNumber.int8) { $0.bigint($1.count, "a status's count") }
    array(errors, of: TypeNumber.text) { $0.value($1.kind.word) }
    array(errors, of: TypeNumber.int8) { $0.bigint($1.count, "an error's count") }
    array(custom, of: TypeNumber.int4) { $0.value(Int32($1.key)) }
    array(custom, of: TypeNumber.int8) { $0.value($1.value) }
  }

  /// Redirects, retries and what checks said, in the order of `NameColumns.steps`.
  mutating func steps(_ counts: RequestCounts, _ checks: [CheckCount]) {
    bigint(counts.redirected, "redirected")
    bigint(counts.retried, "retried")
    array(checks, of: TypeNumber.text) { $0.value($1.name) }
    array(checks, of: TypeNumber.int8) { $0.bigint($1.passed, "a check's passes") }
    array(checks, of: TypeNumber.int8) { $0.bigint($1.failed, "a check's failures") }
  }

  /// Why requests failed, in the order of `NameColumns.causes`.
  mutating func causes(_ causes: [CauseCount]) {
    array(causes, of: TypeNumber.text) { $0.value($1.kind.word) }
    array(causes, of: TypeNumber.text) { $0.value($1.text) }
    array(causes, of: TypeNumber.int8) { $0.bigint($1.count, "a reason's count") }
  }

  /// A list of users with the most failures or cost; NULL where there is none.
  mutating func users(_ users: [UserCount]) {
    if users.isEmpty { return null() }
    var writer = JSONWriter()
    writer.array(of: users) { writer, user in
      writer.object { writer in
        writer.key("user")
        writer.integer(user.user)
        writer.key("failures")
        writer.integer(user.failures)
        writer.key("cost")
        writer.integer(user.cost)
      }
    }
    json(writer.bytes)
  }

  mutating func loops(_ loops: [LoopSecond]) {
    var writer = JSONWriter()
    writer.array(of: loops) { writer, loop in
      writer.object { writer in
        let figures: KeyValuePairs<String, UInt64> = [
          "loop": UInt64(loop.loop), "busy_ns": UInt64(clamping: loop.busy.nanoseconds),
          "spinning_ns": UInt64(clamping: loop.spinning.nanoseconds),
          "longest_turn_ns": UInt64(clamping: loop.longestTurn.nanoseconds), "late": loop.late,
          "taken_up_to": loop.takenUpTo, "in_flight": UInt64(loop.inFlight), "connections": UInt64(loop.connections),
          "waiting": UInt64(loop.waiting), "users": UInt64(loop.users), "opened": UInt64(loop.opened),
          "folded": loop.folded, "leniencies": loop.leniencies, "http2": loop.http2,
          "capped": loop.capped, "last_end_ns": UInt64(clamping: loop.lastEnd.nanoseconds),
        ]
        for (key, value) in figures {
          writer.key(key)
          writer.integer(value)
        }
      }
    }
    json(writer.bytes)
  }
}

/// Columns that `record_name` and `record_rollup` share, in their order.
enum NameColumns {
  static let counts = "started, written, answered, completed, accepted, resent, bytes_out, bytes_in"
  static let tallies = "statuses, status_counts, errors, error_counts, custom_keys, custom_values"
  static let histograms = "response, service, failed, censored, censored_service, connect, first_byte"
  static let steps = "redirected, retried, check_names, check_passed, check_failed"
  static let causes = "cause_kinds, cause_texts, cause_counts"
  static let all = "\(counts), \(tallies), \(histograms), \(steps), \(causes)"
  /// How many there are.
  static let width = 8 + 6 + 7 + 5 + 3
}

extension Histogram {
  /// Reads a `histogram` in binary form; nil for anything else.
  init?(postgres bytes: [UInt8]) {
    var reader = BinaryReader(bytes)
    func field() -> [UInt8]? {
      guard reader.integer(Int32.self) != nil else { return nil }
      return reader.value().map(Array.init)
    }
    guard reader.integer(Int32.self) == 5, let first = field(), let second = field(),
      let buckets = BinaryReader.array(first, { $0.number(Int16.self) }),
      let numbers = BinaryReader.array(second, { $0.number(Int64.self) }), buckets.count == numbers.count
    else { return nil }
    var last: [UInt64] = []
    for _ in 0..<3 {
      guard let bytes = field(), bytes.count == 8 else { return nil }
      last.append(bytes.reduce(0) { $0 << 8 | UInt64($1) })
    }
    var counts: [UInt64] = Array(repeating: 0, count: Bucket.count)
    for (bucket, number) in zip(buckets, numbers) {
      guard counts.indices.contains(Int(bucket)), number >= 0 else { return nil }
      counts[Int(bucket)] = UInt64(number)
    }
    self.init(counts: counts, sum: last[0], min: UInt32(clamping: last[1]), max: UInt32(clamping: last[2]))
  }
}
