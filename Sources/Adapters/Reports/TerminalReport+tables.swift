import Measuring
import Summary

extension TerminalReport {
  private var isWide: Bool { width >= 110 }

  /// Response times, service times, and what `≥` means where it occurs.
  mutating func tables() {
    let isWide = isWide
    gap()
    add("Response time, from when a request was due to the end of its reply:")
    table(
      ["Name", "OK", "ERR"] + (isWide ? ["success", "mean"] : []) + ["p50", "p90"] + (isWide ? ["p95"] : [])
        + ["p99", "max", "rps"]
    ) { row in
      let times = row.response
      let wide = [row.success.map(FigureText.percent) ?? "–", FigureText.reading(times.mean)]
      return [FigureText.count(row.ok), FigureText.count(row.err)] + (isWide ? wide : [])
        + [times.p50, times.p90].map(FigureText.reading) + (isWide ? [FigureText.reading(times.p95)] : [])
        + [times.p99, times.max].map(FigureText.reading) + [FigureText.rate(row.rps)]
    }
    gap()
    add("Service time, from when a request was sent to the end of its reply:")
    table(["Name", "mean", "p50", "p90", "p99", "max"]) { row in
      [row.service.mean, row.service.p50, row.service.p90, row.service.p99, row.service.max].map(FigureText.reading)
    }
    let givenUp = summary.totals.response.censored
    if givenUp > 0 {
      add(
        "≥ means at least: \(FigureText.count(givenUp)) \(givenUp == 1 ? "request was" : "requests were") given up, and "
          + "how long \(givenUp == 1 ? "it" : "they") would have taken is known only from below.")
    }
  }

  private mutating func table(_ header: [String], _ figures: (NameSummary) -> [String]) {
    var table = TextTable(header: header)
    for row in summary.names { table.add([rowName(row)] + figures(row)) }
    if summary.names.count != 1 { table.add(["All"] + figures(summary.totals)) }
    for (place, line) in table.lines(width: width).enumerated() {
      let row = place - 1
      if place == 0 {
        lines.append(paint(.bold, line))
      } else if summary.names.indices.contains(row), summary.names[row].err > 0 {
        lines.append(paint(.red, line))
      } else {
        lines.append(line)
      }
    }
  }

  func rowName(_ row: NameSummary) -> String {
    let name = row.tenant.isEmpty ? row.name : "\(row.name) [\(row.tenant)]"
    return name.harmless
  }
}
