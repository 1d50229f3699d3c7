import RunSession

/// What became of the records that were to be published, in lines for a person.
enum PublishText {
  static func lines(_ report: PublishReport) -> [String] {
    var lines = ["Kafka: \(records(report.published)) published to \(report.topic)"]
    if report.earlierPublished > 0 {
      lines[0] += ", and \(records(report.earlierPublished)) that earlier runs had left"
    }
    if report.isOneDisk == true { lines[0] += " (one broker: they are as safe as its disk)" }
    let kept = report.kept + report.earlierKept
    if kept > 0 {
      let reason = report.trouble.map { " (\($0))" } ?? ""
      let earlier = report.earlierKept > 0 ? ", \(report.earlierKept) of them of earlier runs" : ""
      lines.append(
        "warning: \(records(kept)) kept in \(report.spool)\(earlier)\(reason); "
          + "the next run with --kafka-broker sends them")
    }
    if report.lost > 0 {
      lines.append("warning: \(records(report.lost)) could not be kept for Kafka; the run directory may have them")
    }
    return lines
  }

  private static func records(_ count: Int) -> String { count == 1 ? "1 record" : "\(count) records" }
}
