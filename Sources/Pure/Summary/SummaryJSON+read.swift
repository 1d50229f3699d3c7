import JSONScan
import Measuring
import Model

extension SummaryJSON {
  /// Reads what `encode` wrote: encoded again it is the same bytes. Members it does not know are left alone, so that a
  /// later version's result can be read; what follows from others (`ok`, `success`, `equations`, `verdict`) is computed.
  ///
  /// What the form does not hold is empty: sums of times, and the names of each second.
  public static func decode(_ bytes: [UInt8]) throws(DescriptionError) -> RunSummary {
    let root: Node
    do { root = try JSONReader.document(bytes).root } catch {
      throw DescriptionError(place: error.place, field: "", found: error.found, expected: error.expected)
    }
    let fields = Fields(node: root, path: "")
    try fields.check(schema: schema)
    let endReasons = EndReason.allCases.map { (word: $0.word, value: $0) }
    return RunSummary(
      description: try RunDescription(try fields.object("run")),
      endReason: try fields.object("end").optional("reason") { (end) in
        { (key) throws(DescriptionError) in try end.word(key, endReasons) }
      },
      incompleteness: try fields.texts("incompleteBecause").map { .told($0) },
      planTime: try fields.span("planTimeUs"), timeToLastEnd: try fields.span("timeToLastEndUs"),
      rateOffered: try fields.optional("rateOffered", Fields.number),
      counts: try counts(try fields.object("counts")),
      totals: try row(try fields.object("totals"), isTotal: true),
      names: try rows(fields), iterations: try iterations(fields), phases: try phases(fields),
      warmUp: try warmUp(fields),
      thresholds: try thresholds(fields),
      generator: try generator(try fields.object("generator")),
      timeline: try timeline(fields))
  }

  private static func counts(_ fields: Fields) throws(DescriptionError) -> RunCounts {
    var counts = RunCounts()
    counts.schedule.planned = try fields.unsigned("planned")
    counts.schedule.started = try fields.unsigned("started")
    counts.schedule.unsent = try fields.unsigned("unsent")
    counts.schedule.gap = try fields.unsigned("gap")
    counts.requests = try requests(try fields.object("requests"))
    counts.unknown = try fields.unsigned("unknown")
    counts.workersCompleted = try fields.unsigned("workersCompleted")
    counts.stored = try fields.unsigned("stored")
    counts.explicitlyLost = try fields.unsigned("explicitlyLost")
    counts.http2 = try fields.optional("http2", Fields.unsigned) ?? 0
    counts.warmUp = try requests(try fields.object("warmUp"))
    if let warmUp = try fields.optional("warmUpSchedule", Fields.object) {
      counts.warmUpSchedule.planned = try warmUp.unsigned("planned")
      counts.warmUpSchedule.started = try warmUp.unsigned("started")
      counts.warmUpSchedule.unsent = try warmUp.unsigned("unsent")
      counts.warmUpSchedule.gap = try warmUp.unsigned("gap")
    }
    // An earlier version did not say it, and followed no redirects and tried nothing again.
    let failures = counts.requests.failed.addingReportingOverflow(counts.warmUp.failed)
    counts.failed = try fields.optional("failed", Fields.unsigned) ?? failures.partialValue
    counts.folded = try fields.unsigned("folded")
    counts.leniencies = try fields.unsigned("leniencies")
    counts.capped = try fields.unsigned("capped")
    if let iterations = try fields.optional("iterations", Fields.object) {
      counts.iterations.started = try iterations.unsigned("started")
      counts.iterations.completed = try iterations.unsigned("completed")
      counts.iterations.failed = try iterations.unsigned("failed")
      counts.iterations.cut = try iterations.unsigned("cut")
      counts.iterations.unknown = try iterations.unsigned("unknown")
    }
    return counts
  }

  static func requests(_ fields: Fields) throws(DescriptionError) -> RequestCounts {
    var counts = RequestCounts()
    counts.started = try fields.unsigned("started")
    counts.written = try fields.unsigned("written")
    counts.answered = try fields.unsigned("answered")
    counts.completed = try fields.unsigned("completed")
    counts.accepted = try fields.unsigned("accepted")
    counts.resent = try fields.unsigned("resent")
    counts.bytesOut = try fields.unsigned("bytesOut")
    counts.bytesIn = try fields.unsigned("bytesIn")
    counts.redirected = try fields.counted("redirected")
    counts.retried = try fields.counted("retried")
    return counts
  }

  static func rows(_ fields: Fields) throws(DescriptionError) -> [NameSummary] {
    var rows: [NameSummary] = []
    for each in try fields.list("names") { rows.append(try row(each, isTotal: false)) }
    return rows
  }

  static func row(_ fields: Fields, isTotal: Bool) throws(DescriptionError) -> NameSummary {
    var statuses: [StatusCount] = []
    for each in try fields.list("statuses") {
      statuses.append(StatusCount(status: try each.small("status"), count: try each.unsigned("count")))
    }
    return NameSummary(
      name: isTotal ? "" : try fields.text("name"), tenant: isTotal ? "" : try fields.text("tenant"),
      counts: try requests(try fields.object("counts")), statuses: statuses, errors: try errors(fields),
      checks: try checks(fields), causes: try causes(fields),
      response: try latency(fields, "response"), service: try latency(fields, "service"),
      failed: try latency(fields, "failed"), connect: try latency(fields, "connect"),
      firstByte: try latency(fields, "firstByte"), rps: try fields.number("rps"),
      throughput: try fields.number("throughput"))
  }

  private static let kinds = ErrorKind.allCases.map { (word: $0.word, value: $0) }

  /// Left out by earlier versions, and where there are none.
  private static func causes(_ fields: Fields) throws(DescriptionError) -> [CauseCount] {
    var causes: [CauseCount] = []
    for each in try fields.laterList("causes") {
      causes.append(
        CauseCount(
          kind: try each.word("kind", kinds), text: try each.optional("text", Fields.text) ?? "",
          count: try each.unsigned("count")))
    }
    return causes
  }

  private static func errors(_ fields: Fields) throws(DescriptionError) -> [ErrorCount] {
    var errors: [ErrorCount] = []
    for each in try fields.list("errors") {
      errors.append(ErrorCount(kind: try each.word("kind", kinds), count: try each.unsigned("count")))
    }
    return errors
  }

  static func latency(_ fields: Fields, _ key: String) throws(DescriptionError) -> LatencyFigures {
    let fields = try fields.object(key)
    var figures = LatencyFigures()
    figures.count = try fields.unsigned("count")
    figures.censored = try fields.unsigned("censored")
    figures.min = try reading(fields, "min")
    figures.mean = try reading(fields, "mean")
    figures.stdev = try reading(fields, "stdev")
    figures.p50 = try reading(fields, "p50")
    figures.p75 = try reading(fields, "p75")
    figures.p90 = try reading(fields, "p90")
    figures.p95 = try reading(fields, "p95")
    figures.p99 = try reading(fields, "p99")
    figures.p999 = try reading(fields, "p999")
    figures.max = try reading(fields, "max")
    return figures
  }

  private static func reading(_ fields: Fields, _ key: String) throws(DescriptionError) -> Reading? {
    guard let node = fields.node[key], !node.isNull else { return nil }
    let member = try fields.object(key)
    let microseconds: UInt32 = try member.small("us")
    return try member.truth("atLeast") ? .atLeast(microseconds) : .exact(microseconds)
  }

  private static func generator(_ fields: Fields) throws(DescriptionError) -> GeneratorReport {
    var causes = Taint.allCases.map { (word: $0.rawValue, value: GeneratorReport.Finding.Cause.taint($0)) }
    causes.append((word: "late_waking", value: .lateWaking))
    var findings: [GeneratorReport.Finding] = []
    for each in try fields.list("findings") {
      findings.append(
        GeneratorReport.Finding(
          cause: try each.word("cause", causes), seconds: try each.count("seconds"), reason: try each.text("reason"),
          advice: try each.text("advice")))
    }
    return GeneratorReport(
      isLimited: try fields.truth("limited"), findings: findings, taintedSeconds: try fields.count("taintedSeconds"),
      activeSeconds: try fields.count("activeSeconds"), lateness: try latency(fields, "lateness"),
      fromWoke: try latency(fields, "fromWoke"), response: try latency(fields, "response"),
      isThroughputLimited: try fields.truth("throughputLimited"))
  }

  private static func timeline(_ fields: Fields) throws(DescriptionError) -> [SecondSummary] {
    var timeline: [SecondSummary] = []
    for each in try fields.list("timeline") {
      var second = SecondSummary(
        second: try each.small("second"), from: try each.span("fromUs"), to: try each.span("toUs"),
        isWarmUp: try each.truth("warmUp"))
      second.phase.index = UInt16(clamping: try each.counted("phase"))
      second.offered = try each.unsigned("offered")
      second.counts.started = try each.unsigned("started")
      second.counts.completed = try each.unsigned("completed")
      second.counts.accepted = try each.unsigned("ok")
      second.counts.redirected = try each.counted("redirected")
      second.counts.retried = try each.counted("retried")
      second.errors = try errors(each)
      second.response = try figures(each)
      second.gauges.inFlight = try each.unsigned("inFlight")
      second.gauges.connections = try each.unsigned("connections")
      second.gauges.waiting = try each.unsigned("waiting")
      second.gauges.users = try each.unsigned("users")
      second.latenessP99 = try each.optional("latenessP99Us") { (fields) in
        { (key) throws(DescriptionError) in try fields.small(key) }
      }
      second.taints = try taints(each)
      timeline.append(second)
    }
    return timeline
  }

  static func taints(_ fields: Fields) throws(DescriptionError) -> [Taint] {
    var taints: [Taint] = []
    for word in try fields.texts("tainted") {
      guard let taint = Taint(rawValue: word) else {
        throw fields.wrong(
          "tainted", "'\(Node.cut(word))'", "some of " + Taint.allCases.map(\.rawValue).joined(separator: ", "))
      }
      taints.append(taint)
    }
    return taints
  }

  static func figures(_ fields: Fields) throws(DescriptionError) -> SecondFigures {
    let fields = try fields.object("response")
    var figures = SecondFigures()
    figures.count = try fields.unsigned("count")
    figures.censored = try fields.unsigned("censored")
    figures.p50 = try reading(fields, "p50")
    figures.p90 = try reading(fields, "p90")
    figures.p95 = try reading(fields, "p95")
    figures.p99 = try reading(fields, "p99")
    figures.max = try reading(fields, "max")
    return figures
  }
}
