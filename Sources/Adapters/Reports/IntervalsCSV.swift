import Measuring
import Model
import Summary

/// `intervals.csv`: a row for every second, and under it a row for every name that had anything to count in it.
public enum IntervalsCSV {
  /// The columns. `scope` is `total` or `name`. Times are whole microseconds, empty where nothing was measured;
  /// `at_least` names the percentiles of the row that are only lower bounds. `errors` lists `kind=count`, and the
  /// columns from `errors` on are of the whole second, so empty in rows of names.
  public static let columns = [
    "second", "from_us", "to_us", "phase", "scope", "name", "tenant", "started", "written", "answered", "completed",
    "ok", "err", "bytes_out", "bytes_in", "times", "p50_us", "p90_us", "p95_us", "p99_us", "max_us", "at_least",
    "errors", "offered", "in_flight", "connections", "waiting", "users", "lateness_p99_us", "tainted",
    "part",
  ]

  /// The whole file.
  public static func encode(_ summary: RunSummary) -> [UInt8] {
    var bytes: [UInt8] = []
    write(summary) { bytes += $0 }
    return bytes
  }

  /// The file in pieces, the header first and then second by second: for long runs of many names.
  ///
  /// - Throws: what `sink` throws; nothing is then given to it any more.
  public static func write<Failure: Error>(
    _ summary: RunSummary, to sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    var header = CSVWriter()
    header.header(columns)
    try sink(header.bytes)
    for second in summary.timeline {
      var writer = CSVWriter()
      total(&writer, second)
      for name in second.names.all where summary.names.indices.contains(name.row) {
        time(&writer, second)
        writer.text("name")
        writer.text(summary.names[name.row].name)
        writer.text(summary.names[name.row].tenant)
        figures(&writer, name.counts, name.response)
        for _ in 0..<9 { writer.text("") }
        writer.endRow()
      }
      try sink(writer.bytes)
    }
  }

  private static func total(_ writer: inout CSVWriter, _ second: SecondSummary) {
    time(&writer, second)
    writer.text("total")
    writer.text("")
    writer.text("")
    figures(&writer, second.counts, second.response)
    writer.text(second.errors.map { "\($0.kind.word)=\($0.count)" }.joined(separator: " "))
    writer.integer(second.offered)
    writer.integer(second.gauges.inFlight)
    writer.integer(second.gauges.connections)
    writer.integer(second.gauges.waiting)
    writer.integer(second.gauges.users)
    writer.integer(second.latenessP99)
    writer.text(second.taints.map(\.rawValue).joined(separator: " "))
    writer.integer(second.phase.index)
    writer.endRow()
  }

  private static func time(_ writer: inout CSVWriter, _ second: SecondSummary) {
    writer.integer(second.second)
    writer.integer(second.from.inMicroseconds)
    writer.integer(second.to.inMicroseconds)
    writer.text(second.isWarmUp ? "warm-up" : "measured")
  }

  private static func figures(_ writer: inout CSVWriter, _ counts: RequestCounts, _ times: SecondFigures) {
    writer.integer(counts.started)
    writer.integer(counts.written)
    writer.integer(counts.answered)
    writer.integer(counts.completed)
    writer.integer(counts.accepted)
    writer.integer(counts.failed)
    writer.integer(counts.bytesOut)
    writer.integer(counts.bytesIn)
    writer.integer(times.count)
    let named: [(String, Reading?)] = [
      ("p50", times.p50), ("p90", times.p90), ("p95", times.p95), ("p99", times.p99), ("max", times.max),
    ]
    writer.times(named.map(\.1))
    writer.text(named.filter { $0.1?.isLowerBound == true }.map(\.0).joined(separator: " "))
  }
}
