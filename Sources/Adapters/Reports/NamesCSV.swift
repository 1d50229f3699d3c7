import Measuring
import Model
import Summary

/// The table per name as comma-separated values: what `--out FILE.csv` writes.
public enum NamesCSV {
  private static let kinds = ["response", "service", "failed", "connect", "first_byte"]

  /// The columns. `scope` is `name`, `total` in the row of all together, or `warm-up` in the rows below it: what was due
  /// in the warm-up, by name, in no other row. Times are whole microseconds, each group beside the
  /// number of times it stands on, how many of them are lower bounds, and which of its figures therefore are. `checks`
  /// lists `name=passed/all`.
  public static let columns = first + kinds.flatMap(columns) + last

  private static let first = [
    "scope", "name", "tenant", "ok", "err", "success", "rps", "throughput", "started", "written", "answered",
    "completed", "resent", "bytes_out", "bytes_in", "statuses", "errors",
  ]
  private static let last = ["redirected", "retried", "checks_passed", "checks_failed", "checks"]

  private static func columns(_ kind: String) -> [String] {
    ["times", "given_up"].map { "\(kind)_\($0)" } + LatencyFigures().all.map { "\(kind)_\($0.word)_us" }
      + ["\(kind)_at_least"]
  }

  /// The whole file: the header, a row for each name in the summary's order, the row of all together, and a row for
  /// each name of the warm-up.
  public static func encode(_ summary: RunSummary) -> [UInt8] {
    var writer = CSVWriter()
    writer.header(columns)
    for name in summary.names { row(&writer, "name", name) }
    row(&writer, "total", summary.totals)
    for name in summary.warmUp?.names ?? [] { row(&writer, "warm-up", name) }
    return writer.bytes
  }

  private static func row(_ writer: inout CSVWriter, _ scope: String, _ row: NameSummary) {
    writer.text(scope)
    writer.text(row.name)
    writer.text(row.tenant)
    writer.integer(row.ok)
    writer.integer(row.err)
    writer.number(row.success)
    writer.number(row.rps)
    writer.number(row.throughput)
    let counts = row.counts
    for count in [
      counts.started, counts.written, counts.answered, counts.completed, counts.resent, counts.bytesOut,
      counts.bytesIn,
    ] {
      writer.integer(count)
    }
    writer.text(row.statuses.map { "\($0.status)=\($0.count)" }.joined(separator: " "))
    writer.text(row.errors.map { "\($0.kind.word)=\($0.count)" }.joined(separator: " "))
    for figures in [row.response, row.service, row.failed, row.connect, row.firstByte] {
      writer.integer(figures.count)
      writer.integer(figures.censored)
      writer.times(figures.all.map(\.reading))
      writer.text(figures.all.filter { $0.reading?.isLowerBound == true }.map(\.word).joined(separator: " "))
    }
    writer.integer(row.counts.redirected)
    writer.integer(row.counts.retried)
    writer.integer(row.checks.reduce(UInt64(0)) { $0.addingClamped($1.passed) })
    writer.integer(row.checks.reduce(UInt64(0)) { $0.addingClamped($1.failed) })
    let checks = row.checks.map { "\($0.name)=\($0.passed)/\($0.passed.addingClamped($0.failed))" }
    writer.text(checks.joined(separator: "; "))
    writer.endRow()
  }
}
