import JSONScan
import Measuring
import Model

/// The public form of a result, `summary.json`; `proto-free-schema/summary.schema.json` describes it.
///
/// Members keep their order. Times are whole microseconds (names ending in `Us`, or `us` in a percentile), shares lie
/// between 0 and 1, and each percentile stands beside the counts it is made of.
public enum SummaryJSON {
  /// The version of the form: what it names never changes its meaning, members may be added.
  public static let schema = "stampede.summary/1"

  /// One JSON object, indented, with a line end behind it.
  public static func encode(_ summary: RunSummary) -> [UInt8] {
    var writer = JSONWriter(indented: true)
    writer.object { writer in
      writer.member("schema", schema)
      writer.key("run")
      writer.object { summary.description.writeMembers(to: &$0) }
      writer.key("end")
      writer.object { writer in
        writer.member("reason", summary.endReason?.word)
        writer.member("verdict", summary.verdict.rawValue)
        writer.member("exitCode", summary.verdict.exitCode)
      }
      writer.member("complete", summary.isComplete)
      writer.key("incompleteBecause")
      writer.array(of: summary.incompleteness) { $0.string($1.text) }
      writer.member("planTimeUs", summary.planTime.inMicroseconds)
      writer.member("timeToLastEndUs", summary.timeToLastEnd.inMicroseconds)
      writer.member("rateOffered", rounded: summary.rateOffered)
      writer.key("counts")
      counts(&writer, summary.counts)
      writer.key("equations")
      writer.array(of: summary.equations, equation)
      writer.key("totals")
      row(&writer, summary.totals, isTotal: true)
      writer.key("names")
      writer.array(of: summary.names) { row(&$0, $1, isTotal: false) }
      steps(&writer, summary)
      writer.key("generator")
      generator(&writer, summary.generator)
      writer.key("timeline")
      writer.array(of: summary.timeline, second)
    }
    return writer.bytes + [UInt8(ascii: "\n")]
  }

  private static func counts(_ writer: inout JSONWriter, _ counts: RunCounts) {
    writer.object { writer in
      writer.member("planned", counts.schedule.planned)
      writer.member("started", counts.schedule.started)
      writer.member("unsent", counts.schedule.unsent)
      writer.member("gap", counts.schedule.gap)
      writer.key("requests")
      requests(&writer, counts.requests)
      writer.member("unknown", counts.unknown)
      writer.member("workersCompleted", counts.workersCompleted)
      writer.member("stored", counts.stored)
      writer.member("explicitlyLost", counts.explicitlyLost)
      writer.member("http2", counts.http2)
      writer.key("warmUp")
      requests(&writer, counts.warmUp)
      writer.key("warmUpSchedule")
      writer.object { writer in
        writer.member("planned", counts.warmUpSchedule.planned)
        writer.member("started", counts.warmUpSchedule.started)
        writer.member("unsent", counts.warmUpSchedule.unsent)
        writer.member("gap", counts.warmUpSchedule.gap)
      }
      writer.member("failed", counts.failed)
      writer.member("folded", counts.folded)
      writer.member("leniencies", counts.leniencies)
      writer.member("capped", counts.capped)
      writer.key("iterations")
      writer.object { writer in
        writer.member("started", counts.iterations.started)
        writer.member("completed", counts.iterations.completed)
        writer.member("failed", counts.iterations.failed)
        writer.member("cut", counts.iterations.cut)
        writer.member("unknown", counts.iterations.unknown)
      }
    }
  }

  static func requests(_ writer: inout JSONWriter, _ counts: RequestCounts) {
    writer.object { writer in
      writer.member("started", counts.started)
      writer.member("written", counts.written)
      writer.member("answered", counts.answered)
      writer.member("completed", counts.completed)
      writer.member("accepted", counts.accepted)
      writer.member("resent", counts.resent)
      writer.member("bytesOut", counts.bytesOut)
      writer.member("bytesIn", counts.bytesIn)
      writer.member("redirected", counts.redirected)
      writer.member("retried", counts.retried)
    }
  }

  private static func equation(_ writer: inout JSONWriter, _ equation: Equation) {
    func term(_ writer: inout JSONWriter, _ term: Equation.Term) {
      writer.object { writer in
        writer.member("word", term.word)
        writer.member("count", term.count)
      }
    }
    writer.object { writer in
      writer.member("text", equation.text)
      writer.key("left")
      term(&writer, equation.left)
      writer.key("right")
      writer.array(of: equation.right, term)
      writer.member("residual", equation.residual)
    }
  }

  static func row(_ writer: inout JSONWriter, _ row: NameSummary, isTotal: Bool) {
    writer.object { writer in
      if !isTotal {
        writer.member("name", row.name)
        writer.member("tenant", row.tenant)
      }
      writer.member("ok", row.ok)
      writer.member("err", row.err)
      writer.member("success", rounded: row.success)
      writer.member("rps", rounded: row.rps)
      writer.member("throughput", rounded: row.throughput)
      writer.key("counts")
      requests(&writer, row.counts)
      writer.key("statuses")
      writer.array(of: row.statuses) { writer, status in
        writer.object { writer in
          writer.member("status", status.status)
          writer.member("count", status.count)
        }
      }
      writer.key("errors")
      errors(&writer, row.errors)
      causes(&writer, row.causes)
      checks(&writer, row.checks)
      for (word, figures) in [
        ("response", row.response), ("service", row.service), ("failed", row.failed), ("connect", row.connect),
        ("firstByte", row.firstByte),
      ] {
        writer.key(word)
        latency(&writer, figures)
      }
    }
  }

  private static func errors(_ writer: inout JSONWriter, _ errors: [ErrorCount]) {
    writer.array(of: errors) { writer, error in
      writer.object { writer in
        writer.member("kind", error.kind.word)
        writer.member("count", error.count)
      }
    }
  }

  /// Left out where nothing failed for a reason in words.
  private static func causes(_ writer: inout JSONWriter, _ causes: [CauseCount]) {
    if causes.isEmpty { return }
    writer.key("causes")
    writer.array(of: causes) { writer, cause in
      writer.object { writer in
        writer.member("kind", cause.kind.word)
        writer.member("text", cause.text.isEmpty ? nil : cause.text)
        writer.member("count", cause.count)
      }
    }
  }

  static func latency(_ writer: inout JSONWriter, _ figures: LatencyFigures) {
    writer.object { writer in
      writer.member("count", figures.count)
      writer.member("censored", figures.censored)
      for (word, value) in figures.all { reading(&writer, word, value) }
    }
  }

  private static func reading(_ writer: inout JSONWriter, _ word: String, _ reading: Reading?) {
    writer.key(word)
    guard let reading else { return writer.null() }
    writer.object { writer in
      writer.member("us", reading.microseconds)
      writer.member("atLeast", reading.isLowerBound)
    }
  }

  private static func generator(_ writer: inout JSONWriter, _ report: GeneratorReport) {
    writer.object { writer in
      writer.member("limited", report.isLimited)
      writer.member("throughputLimited", report.isThroughputLimited)
      writer.member("taintedSeconds", report.taintedSeconds)
      writer.member("activeSeconds", report.activeSeconds)
      writer.key("findings")
      writer.array(of: report.findings) { writer, finding in
        writer.object { writer in
          writer.member("cause", finding.word)
          writer.member("seconds", finding.seconds)
          writer.member("reason", finding.reason)
          writer.member("advice", finding.advice)
        }
      }
      for (word, figures) in [
        ("lateness", report.lateness), ("fromWoke", report.fromWoke), ("response", report.response),
      ] {
        writer.key(word)
        latency(&writer, figures)
      }
    }
  }

  static func write(_ figures: SecondFigures, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("count", figures.count)
      writer.member("censored", figures.censored)
      reading(&writer, "p50", figures.p50)
      reading(&writer, "p90", figures.p90)
      reading(&writer, "p95", figures.p95)
      reading(&writer, "p99", figures.p99)
      reading(&writer, "max", figures.max)
    }
  }

  private static func second(_ writer: inout JSONWriter, _ second: SecondSummary) {
    writer.object { writer in
      writer.member("second", second.second)
      writer.member("fromUs", second.from.inMicroseconds)
      writer.member("toUs", second.to.inMicroseconds)
      writer.member("warmUp", second.isWarmUp)
      writer.member("phase", second.phase.index)
      writer.member("offered", second.offered)
      writer.member("started", second.counts.started)
      writer.member("completed", second.counts.completed)
      writer.member("ok", second.counts.accepted)
      writer.member("redirected", second.counts.redirected)
      writer.member("retried", second.counts.retried)
      writer.key("errors")
      errors(&writer, second.errors)
      writer.key("response")
      write(second.response, to: &writer)
      writer.member("inFlight", second.gauges.inFlight)
      writer.member("connections", second.gauges.connections)
      writer.member("waiting", second.gauges.waiting)
      writer.member("users", second.gauges.users)
      writer.member("latenessP99Us", second.latenessP99)
      writer.key("tainted")
      writer.array(of: second.taints) { $0.string($1.rawValue) }
    }
  }
}
