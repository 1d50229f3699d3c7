import JSONScan
import Measuring
import Model

// Iterations, phases, checks and thresholds.
extension SummaryJSON {
  static func steps(_ writer: inout JSONWriter, _ summary: RunSummary) {
    writer.key("iterations")
    writer.array(of: summary.iterations) { writer, row in
      writer.object { writer in
        writer.member("name", row.name)
        writer.member("started", row.started)
        writer.member("completed", row.completed)
        writer.member("failed", row.failed)
        writer.member("cut", row.cut)
        writer.member("perSecond", rounded: row.perSecond)
        writer.key("duration")
        latency(&writer, row.duration)
      }
    }
    writer.key("phases")
    writer.array(of: summary.phases) { writer, phase in
      writer.object { writer in
        writer.member("index", phase.index)
        writer.member("name", phase.name)
        writer.member("warmUp", phase.isWarmUp)
        writer.member("fromUs", phase.from.inMicroseconds)
        writer.member("toUs", phase.to.inMicroseconds)
        writer.member("offered", phase.offered)
        writer.member("ok", phase.counts.accepted)
        writer.member("err", phase.counts.failed)
        writer.member("rps", rounded: phase.rps)
        writer.key("counts")
        requests(&writer, phase.counts)
        writer.key("response")
        write(phase.response, to: &writer)
      }
    }
    writer.key("warmUp")
    if let warmUp = summary.warmUp {
      writer.object { writer in
        writer.key("totals")
        row(&writer, warmUp.totals, isTotal: true)
        writer.key("names")
        writer.array(of: warmUp.names) { row(&$0, $1, isTotal: false) }
      }
    } else {
      writer.null()
    }
    writer.key("thresholds")
    writer.array(of: summary.thresholds) { writer, threshold in
      writer.object { writer in
        writer.member("threshold", threshold.text)
        writer.member("passed", threshold.passed)
        writer.member("found", threshold.found)
        writer.member("reason", threshold.reason)
      }
    }
  }

  static func checks(_ writer: inout JSONWriter, _ checks: [CheckCount]) {
    writer.key("checks")
    writer.array(of: checks) { writer, check in
      writer.object { writer in
        writer.member("name", check.name)
        writer.member("passed", check.passed)
        writer.member("failed", check.failed)
      }
    }
  }

  static func checks(_ fields: Fields) throws(DescriptionError) -> [CheckCount] {
    var checks: [CheckCount] = []
    for each in try fields.laterList("checks") {
      checks.append(
        CheckCount(
          name: try each.text("name"), passed: try each.unsigned("passed"), failed: try each.unsigned("failed")))
    }
    return checks
  }

  static func iterations(_ fields: Fields) throws(DescriptionError) -> [IterationSummary] {
    var rows: [IterationSummary] = []
    for each in try fields.laterList("iterations") {
      rows.append(
        IterationSummary(
          name: try each.text("name"), started: try each.unsigned("started"),
          completed: try each.unsigned("completed"), failed: try each.unsigned("failed"), cut: try each.unsigned("cut"),
          duration: try latency(each, "duration"), perSecond: try each.number("perSecond")))
    }
    return rows
  }

  static func phases(_ fields: Fields) throws(DescriptionError) -> [PhaseSummary] {
    var phases: [PhaseSummary] = []
    for each in try fields.laterList("phases") {
      phases.append(
        PhaseSummary(
          index: try each.small("index"), name: try each.text("name"), isWarmUp: try each.truth("warmUp"),
          from: try each.span("fromUs"), to: try each.span("toUs"), offered: try each.unsigned("offered"),
          counts: try requests(try each.object("counts")), response: try figures(each)))
    }
    return phases
  }

  static func warmUp(_ fields: Fields) throws(DescriptionError) -> WarmUpSummary? {
    guard let fields = try fields.optional("warmUp", Fields.object) else { return nil }
    return WarmUpSummary(totals: try row(try fields.object("totals"), isTotal: true), names: try rows(fields))
  }

  static func thresholds(_ fields: Fields) throws(DescriptionError) -> [ThresholdResult] {
    var thresholds: [ThresholdResult] = []
    for each in try fields.laterList("thresholds") {
      thresholds.append(
        ThresholdResult(
          text: try each.text("threshold"), passed: try each.truth("passed"), found: try each.text("found"),
          reason: try each.text("reason")))
    }
    return thresholds
  }
}
