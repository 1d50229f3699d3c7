import Measuring
import Summary

extension TerminalReport {
  /// The sums, and whether the result is complete.
  mutating func counting() {
    gap()
    add("Counting: what went in equals what came out, or the result is not complete.")
    for equation in summary.equations {
      let right = equation.right.map { "\(FigureText.count($0.count)) \($0.word)" }.joined(separator: " + ")
      let over = FigureText.count(equation.residual.magnitude)
      let outcome = equation.residual == 0 ? "holds" : "\(over) \(equation.residual > 0 ? "missing" : "too many")"
      add(
        "\(FigureText.count(equation.left.count)) \(equation.left.word) = \(right): \(outcome)", indent: "  ",
        hanging: "    ")
    }
    if summary.description.isClosed {
      add("(planned is what the users started: in the closed model the first sum says nothing.)", indent: "  ")
    }
    if summary.isComplete { return }
    lines.append(paint(.red, "The result is NOT COMPLETE:"))
    for reason in summary.incompleteness { add(reason.text, indent: "  - ", hanging: "    ") }
  }

  /// Whether the figures tell of the target or of this machine.
  mutating func generator() {
    gap()
    let report = summary.generator
    if report.isLimited {
      lines.append(paint(.yellow, "GENERATOR-LIMITED"))
      add("These figures may tell of this machine and not of the target.")
    } else if report.activeSeconds == 0 {
      add("Generator: it had nothing to send.")
    } else {
      let lateness = report.lateness.p99.map {
        ": 99 % of requests were taken up within \(FigureText.reading($0)) of being due"
      }
      add("Generator: this machine kept up\(lateness ?? "").")
    }
    if report.isThroughputLimited { lines.append(paint(.yellow, "throughput limited by this machine")) }
    for finding in report.findings {
      add(finding.reason + (report.isLimited ? " " + finding.advice : ""), indent: "  - ", hanging: "    ")
    }
    if summary.counts.capped > 0 {
      let capped = summary.counts.capped
      add(
        "\(FigureText.count(capped)) \(capped == 1 ? "request" : "requests") found all connections allowed in use and "
          + "waited for one (--connections sets how many).")
    }
    if summary.counts.folded > 0 {
      add(
        "\(FigureText.count(summary.counts.folded)) values were put into another bucket than their own or under a "
          + "collective name, for want of room.")
    }
  }

  /// How it ended, the verdict, and where the files are.
  mutating func ending(_ directory: String?) {
    gap()
    add("Ended: \(endText)")
    let verdict = summary.verdict
    let colour: Paint.Colour = verdict == .passed ? .green : verdict == .stopped ? .yellow : .red
    lines.append(paint(colour, "Result: \(verdictText) (exit code \(verdict.exitCode))"))
    if let directory { lines.append("Saved in \(directory.harmless)") }
  }

  private var endText: String {
    switch summary.endReason {
    case .planEnded: "the plan was done"
    case .stopped: "stopped by the user; what was under way was awaited"
    case .aborted: "stopped by the user at once; what was under way was cut off"
    case .unreachable: "no target ever accepted a connection"
    case .failed: "the generator could not go on"
    case nil: "not known, the last record is missing"
    }
  }

  private var verdictText: String {
    switch summary.verdict {
    case .passed: "passed"
    case .failed: summary.endReason == .failed ? "failed" : "failed, not one reply was accepted"
    case .incomplete: "incomplete"
    case .stopped: "stopped by the user"
    case .thresholds: "failed, a threshold is broken"
    }
  }
}
