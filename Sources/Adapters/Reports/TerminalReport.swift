import Measuring
import Model
import Summary

/// The result of a run as text for a terminal.
public struct TerminalReport {
  let summary: RunSummary
  let width: Int
  let paint: Paint
  let causes: [ErrorKind: String]
  let kept: FailureDigest
  var lines: [String] = []

  /// The whole report, ending in a line end.
  ///
  /// - Parameters:
  ///   - width: columns; lines are kept within it as far as figures, which are never cut, allow. At least 40.
  ///   - colour: whether escape sequences for colours may be put in. Without it the text holds no control character but
  ///     line ends, whatever the names hold.
  ///   - directory: where the run's files are, named in the last lines; nil where there are none.
  ///   - causes: the first cause seen of a kind of failure, in words.
  ///   - kept: the failing exchanges that were kept in the directory.
  public static func text(
    _ summary: RunSummary, width: Int, colour: Bool, directory: String? = nil, causes: [ErrorKind: String] = [:],
    kept: FailureDigest = FailureDigest()
  ) -> String {
    var report = TerminalReport(
      summary: summary, width: max(40, width), paint: Paint(isOn: colour), causes: causes, kept: kept)
    report.heading()
    report.thresholds()
    report.tables()
    report.phases()
    report.warmUp()
    report.iterations()
    report.details()
    report.checks()
    report.exchanges(directory)
    report.samples(directory)
    report.counting()
    report.generator()
    report.ending(directory)
    return report.lines.map { $0 + "\n" }.joined()
  }

  mutating func add(_ text: String, indent: String = "", hanging: String? = nil) {
    lines += DisplayText.wrapped(text, width: width, indent: indent, hanging: hanging)
  }

  mutating func gap() {
    lines.append("")
  }

  /// What was run: name, load, target.
  private mutating func heading() {
    let run = summary.description
    let name = DisplayText.shortened(run.name.harmless, to: width)
    lines.append(paint(.bold, name))
    add(loadText)
    let hosts = run.targets.map(\.url)
    if let first = hosts.first {
      let more = hosts.count > 1 ? " and \(hosts.count - 1) more" : ""
      let here = run.targetIsHere ? " (on this machine)" : ""
      let room = max(16, width - 8 - DisplayText.width(more + here))
      lines.append("Target: " + DisplayText.shortened(first.harmless, to: room) + more + here)
    }
    // The native engine is what everybody expects.
    if run.engine != TransportOptions().engineText { add("Engine: " + run.engine.harmless) }
    if let spoken = spokenText { add(spoken) }
    if run.isClosed {
      add("closed model: users wait for replies, so a slow target is asked less often")
    }
  }

  /// Which HTTP the replies came by, where HTTP/2 was asked for; nil where that goes without saying.
  private var spokenText: String? {
    let (replies, http2) = (summary.counts.replies, summary.counts.http2)
    if replies == 0 || http2 == 0 && !summary.description.asksForHTTP2 { return nil }
    let (all, some) = (FigureText.count(replies), FigureText.count(http2))
    if http2 >= replies { return "HTTP/2: all \(all) replies" }
    let rest = FigureText.count(replies - http2)
    return http2 == 0
      ? "HTTP/1.1: all \(all) replies, for the target did not agree to HTTP/2"
      : "HTTP/2: \(some) of \(all) replies; HTTP/1.1: \(rest), for not every target agreed to HTTP/2"
  }

  private var loadText: String {
    let load = summary.description.load
    var text: String
    switch load.model {
    case .arrivals(let shape):
      text = "Load: \(shape)\(load.spacing == .poisson ? ", Poisson" : ""), open model"
    case .users(let shape):
      if let users = shape.constantUsers {
        text = "Load: \(FigureText.count(users)) \(users == 1 ? "user" : "users"), closed model"
      } else {
        text = "Load: users \(shape.text(of: .users)), closed model"
      }
    }
    if let duration = load.duration { text += ", for \(duration)" }
    if let requests = load.requests { text += ", at most \(FigureText.count(requests)) requests" }
    return text
  }
}
