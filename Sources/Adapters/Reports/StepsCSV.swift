import Measuring
import Model
import Summary

/// The smaller tables of a result as comma-separated values, each a file of its own: thresholds, phases, iterations and
/// checks.
public enum StepsCSV: String, CaseIterable, Sendable {
  case thresholds
  case phases
  case iterations
  case checks

  /// The columns. Times are whole microseconds, empty where nothing was measured; `at_least` names those of the row that
  /// are only lower bounds. `passed` of a threshold is `true` or `false`.
  public var columns: [String] {
    switch self {
    case .thresholds: ["threshold", "passed", "found", "reason"]
    case .phases:
      [
        "phase", "name", "part", "from_us", "to_us", "offered", "started", "completed", "ok", "err", "rps", "p50_us",
        "p90_us", "p95_us", "p99_us", "max_us", "at_least",
      ]
    case .iterations:
      ["scenario", "started", "completed", "failed", "cut", "per_second", "times"]
        + LatencyFigures().all.map { "\($0.word)_us" }
    case .checks: ["phase", "name", "tenant", "check", "passed", "failed"]
    }
  }

  /// The whole file, header first; nil where the result has no row for it.
  public func encode(_ summary: RunSummary) -> [UInt8]? {
    var writer = CSVWriter()
    writer.header(columns)
    let header = writer.bytes.count
    switch self {
    case .thresholds: for row in summary.thresholds { threshold(&writer, row) }
    case .phases: for row in summary.phases { phase(&writer, row) }
    case .iterations: for row in summary.iterations { iteration(&writer, row) }
    case .checks:
      for row in summary.warmUp?.names ?? [] { checks(&writer, "warm-up", row) }
      for row in summary.names { checks(&writer, "measured", row) }
    }
    return writer.bytes.count > header ? writer.bytes : nil
  }

  private func threshold(_ writer: inout CSVWriter, _ row: ThresholdResult) {
    writer.text(row.text)
    writer.text(row.passed ? "true" : "false")
    writer.text(row.found)
    writer.text(row.reason)
    writer.endRow()
  }

  private func phase(_ writer: inout CSVWriter, _ row: PhaseSummary) {
    writer.text(row.isWarmUp ? "warm-up" : "measured")
    writer.text(row.name)
    writer.integer(row.index)
    writer.integer(row.from.inMicroseconds)
    writer.integer(row.to.inMicroseconds)
    for count in [row.offered, row.counts.started, row.counts.completed, row.counts.accepted, row.counts.failed] {
      writer.integer(count)
    }
    writer.number(row.rps)
    let times = row.response
    let named: [(word: String, reading: Reading?)] = [
      ("p50", times.p50), ("p90", times.p90), ("p95", times.p95), ("p99", times.p99), ("max", times.max),
    ]
    writer.times(named.map(\.reading))
    writer.text(named.filter { $0.reading?.isLowerBound == true }.map(\.word).joined(separator: " "))
    writer.endRow()
  }

  private func iteration(_ writer: inout CSVWriter, _ row: IterationSummary) {
    writer.text(row.name)
    for count in [row.started, row.completed, row.failed, row.cut] { writer.integer(count) }
    writer.number(row.perSecond)
    writer.integer(row.duration.count)
    writer.times(row.duration.all.map(\.reading))
    writer.endRow()
  }

  private func checks(_ writer: inout CSVWriter, _ phase: String, _ row: NameSummary) {
    for check in row.checks {
      writer.text(phase)
      writer.text(row.name)
      writer.text(row.tenant)
      writer.text(check.name)
      writer.integer(check.passed)
      writer.integer(check.failed)
      writer.endRow()
    }
  }
}
