import Measuring
import Model
import Summary

extension TerminalReport {
  /// Failures by name and kind, totals, statuses, connections, bytes.
  mutating func details() {
    gap()
    failures()
    let totals = summary.totals
    var line =
      "Totals: \(FigureText.count(totals.counts.completed)) "
      + (totals.counts.completed == 1 ? "request" : "requests")
    if let success = totals.success { line += ", \(FigureText.percent(success)) success" }
    line += ", \(FigureText.span(summary.timeToLastEnd)), \(FigureText.rate(totals.rps)) rps"
    if totals.response.mean != nil { line += ", avg \(FigureText.reading(totals.response.mean))" }
    lines += DisplayText.wrapped(line, width: width, hanging: "  ").map { paint(.bold, $0) }
    if let offered = summary.rateOffered {
      add(
        "Rates: \(FigureText.rate(offered))/s offered over \(FigureText.span(summary.planTime)), "
          + "\(FigureText.rate(totals.throughput))/s answered with success", hanging: "  ")
    }
    if !totals.statuses.isEmpty {
      let codes = totals.statuses.map { status in
        (status.status == 0 ? "others" : "\(status.status)") + " × \(FigureText.count(status.count))"
      }
      add("Status codes: " + codes.joined(separator: ", "), hanging: "  ")
    }
    times("First byte", totals.firstByte, of: "reply", "replies")
    times("Connecting", totals.connect, of: "connection")
    if totals.counts.bytesOut > 0 {
      let received = FigureText.bytes(totals.counts.bytesIn)
      add("Bytes: \(FigureText.bytes(totals.counts.bytesOut)) sent, \(received) received")
    }
    if totals.counts.resent > 0 {
      add(
        "Sent again: \(FigureText.count(totals.counts.resent)) "
          + "(the target had closed the idle connection before the first byte of the reply)", hanging: "  ")
    }
    if totals.counts.redirected > 0 {
      add(
        "Redirects followed: \(FigureText.count(totals.counts.redirected)) "
          + "(requests, each counted; the response is the chain's last reply)", hanging: "  ")
    }
    if totals.counts.retried > 0 {
      let isOne = totals.counts.retried == 1
      add(
        "Tried again: \(FigureText.count(totals.counts.retried)) "
          + "\(isOne ? "request failed and was" : "requests failed and were") followed by another try", hanging: "  ")
    }
    if summary.counts.warmUp.started > 0 {
      let started = summary.counts.warmUp.started
      let requests = "\(FigureText.count(started)) \(started == 1 ? "request" : "requests")"
      add("Warm-up: \(requests), in none of these figures")
    }
  }

  private mutating func failures() {
    let failing = summary.names.filter { !$0.errors.isEmpty }
    if failing.isEmpty { return }
    lines.append(paint(.bold, "Failures:"))
    for row in failing {
      let kinds = row.errors.map { "\(FigureText.count($0.count)) × \($0.kind.text) (\($0.kind.word))" }
      let room = max(8, width / 2)
      add(
        DisplayText.shortened(rowName(row), to: room) + ": " + kinds.joined(separator: ", "), indent: "  ",
        hanging: "    ")
      reasons(row)
    }
    for (kind, cause) in causes.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      add("first \(kind.word): \(cause.harmless)", indent: "  ", hanging: "    ")
    }
    let tail = "in the tables above"
    times(
      "Time to fail", summary.totals.failed, of: "failure, not \(tail)", "failures, none of them \(tail)")
    gap()
  }

  /// The commonest reasons of each kind, where they say more than the kind does.
  private mutating func reasons(_ row: NameSummary) {
    for error in row.errors {
      let all = row.causes.filter { $0.kind == error.kind }
      let told = all.filter { !$0.text.isEmpty }.prefix(TerminalReport.mostReasons)
      for cause in told {
        add(
          "\(error.kind.word): \(cause.text.harmless) × \(FigureText.count(cause.count))", indent: "    ",
          hanging: "      ")
      }
      let rest = all.reduce(0) { $0.addingClamped($1.count) } - told.reduce(0) { $0.addingClamped($1.count) }
      if rest > 0 { add("\(error.kind.word): other reasons × \(FigureText.count(rest))", indent: "    ") }
    }
  }

  static let mostReasons = 5

  private mutating func times(_ word: String, _ figures: LatencyFigures, of one: String, _ several: String? = nil) {
    if figures.count == 0 { return }
    let what = figures.count == 1 ? one : several ?? one + "s"
    add(
      "\(word): p50 \(FigureText.reading(figures.p50)), p99 \(FigureText.reading(figures.p99)), "
        + "max \(FigureText.reading(figures.max)) (\(FigureText.count(figures.count)) \(what))", hanging: "  ")
  }
}
