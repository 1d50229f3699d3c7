import Measuring
import Summary

// Thresholds, phases, iterations and checks: shown where the plan has them.
extension TerminalReport {
  /// The verdict first, then each threshold with what was measured.
  mutating func thresholds() {
    if summary.thresholds.isEmpty { return }
    gap()
    let broken = summary.thresholds.count { !$0.passed }
    let all = summary.thresholds.count
    if broken == 0 {
      lines.append(paint(.green, all == 1 ? "The threshold holds." : "All \(all) thresholds hold."))
    } else {
      lines.append(paint(.red, "\(broken) of \(all) \(all == 1 ? "threshold is" : "thresholds are") BROKEN."))
    }
    for threshold in summary.thresholds {
      var text = threshold.text.harmless
      if !threshold.found.isEmpty { text += ": \(threshold.found.harmless)" }
      if !threshold.reason.isEmpty { text += " (\(threshold.reason.harmless))" }
      mark(threshold.passed, text)
    }
  }

  /// The warm-up and the parts of the load's shape.
  mutating func phases() {
    if summary.phases.isEmpty { return }
    gap()
    add("Phases, with response times:")
    var table = TextTable(header: ["Phase", "from", "to", "OK", "ERR", "p50", "p99", "max", "rps"])
    for phase in summary.phases {
      let name = phase.name.isEmpty ? "part \(phase.index + 1)" : phase.name.harmless
      let from = phase.from == .zero ? "0 s" : FigureText.span(phase.from)
      table.add(
        [phase.isWarmUp ? "warm-up (\(name))" : name, from, FigureText.span(phase.to)]
          + [FigureText.count(phase.counts.accepted), FigureText.count(phase.counts.failed)]
          + [phase.response.p50, phase.response.p99, phase.response.max].map(FigureText.reading)
          + [FigureText.rate(phase.rps)])
    }
    show(table)
    if summary.phases.contains(where: \.isWarmUp) {
      add("A request belongs to the warm-up if it was due in it. The warm-up is in no other table.")
    }
  }

  /// What was due in the warm-up, by name.
  mutating func warmUp() {
    guard let warmUp = summary.warmUp else { return }
    gap()
    add("Warm-up by name, with response times:")
    var table = TextTable(header: ["Name", "OK", "ERR", "p50", "p99", "max", "rps"])
    func figures(_ row: NameSummary) -> [String] {
      [FigureText.count(row.ok), FigureText.count(row.err)]
        + [row.response.p50, row.response.p99, row.response.max].map(FigureText.reading) + [FigureText.rate(row.rps)]
    }
    for row in warmUp.names { table.add([rowName(row)] + figures(row)) }
    if warmUp.names.count != 1 { table.add(["All"] + figures(warmUp.totals)) }
    show(table)
  }

  /// Passes of users through their scenarios.
  mutating func iterations() {
    if summary.iterations.isEmpty { return }
    gap()
    add("Iterations, from the arrival to the last reply of those completed:")
    var table = TextTable(header: ["Scenario", "completed", "failed", "cut", "mean", "p50", "p99", "max", "a second"])
    for row in summary.iterations {
      let times = row.duration
      table.add(
        [row.name.harmless] + [row.completed, row.failed, row.cut].map(FigureText.count)
          + [times.mean, times.p50, times.p99, times.max].map(FigureText.reading) + [FigureText.rate(row.perSecond)])
    }
    show(table)
  }

  /// What the plan's checks said, by name.
  mutating func checks() {
    let rows = summary.names.filter { !$0.checks.isEmpty }
    if rows.isEmpty { return }
    gap()
    add("Checks:")
    for row in rows {
      let name = DisplayText.shortened(rowName(row), to: max(8, width / 2))
      for check in row.checks {
        let all = check.passed.addingClamped(check.failed)
        let share = all == 0 ? "" : " (\(FigureText.percent(Double(check.passed) / Double(all))))"
        mark(
          check.failed == 0,
          "\(name): \(check.name.harmless): \(FigureText.count(check.passed)) of \(FigureText.count(all))\(share)")
      }
    }
  }

  private mutating func mark(_ holds: Bool, _ text: String) {
    let marked = DisplayText.wrapped((holds ? "✓ " : "✗ ") + text, width: width, indent: "  ", hanging: "    ")
    lines += holds ? marked : marked.map { paint(.red, $0) }
  }

  private mutating func show(_ table: TextTable) {
    for (place, line) in table.lines(width: width).enumerated() {
      lines.append(place == 0 ? paint(.bold, line) : line)
    }
  }
}
