import Model
import Summary

/// One second of a run in progress, as one line.
public enum LiveText {
  /// The line, without a line end.
  ///
  /// On a terminal (`terminal`) it has a bar and never takes more than `width` − 1 columns, so that it can be written
  /// over the one before. Else it is a sentence for a log, however wide.
  public static func line(_ live: LiveLine, width: Int, terminal: Bool) -> String {
    terminal ? bar(live, width: width) : sentence(live)
  }

  private static func bar(_ live: LiveLine, width: Int) -> String {
    var parts: [String] = []
    parts.append(time(live, " + ", "/"))
    parts.append(load(live))
    parts.append("\(FigureText.rate(live.rps)) rps")
    parts.append("err \(live.errorShare.map(FigureText.percent) ?? "–")")
    parts.append("p50 \(FigureText.reading(live.response.p50))")
    parts.append("p95 \(FigureText.reading(live.response.p95))")
    parts.append("p99 \(FigureText.reading(live.response.p99))")
    if !live.taints.isEmpty { parts.append("generator late!") }
    let room = max(0, width - 1)
    // What is most worth knowing stands in front: parts that do not fit are left out from the end.
    var text = parts.joined(separator: "  ")
    while parts.count > 1, DisplayText.width(text) > room {
      parts.removeLast()
      text = parts.joined(separator: "  ")
    }
    let left = room - DisplayText.width(text) - 4
    if let progress = live.progress, left >= 6 {
      let length = min(20, left)
      let full = Int((progress * Double(length)).rounded(.down))
      text = "[" + String(repeating: "#", count: full) + String(repeating: ".", count: length - full) + "]  " + text
    }
    return DisplayText.taken(text, room)
  }

  private static func sentence(_ live: LiveLine) -> String {
    var text = time(live, " and ", " of ") + ": \(load(live)), \(FigureText.rate(live.rps)) requests/s"
    if live.response.count > 0 {
      text += ", p50 \(FigureText.reading(live.response.p50)), p95 \(FigureText.reading(live.response.p95))"
      text += ", p99 \(FigureText.reading(live.response.p99))"
    }
    text += ", \(live.errorShare.map(FigureText.percent) ?? "–") errors, \(FigureText.count(live.inFlight)) in flight"
    if !live.taints.isEmpty { text += "; generator late (\(live.taints.map(\.word).joined(separator: ", ")))" }
    return text
  }

  /// How far it has come: `7s of 10s`; when the plan is over and replies are awaited, `10s and 8s`.
  private static func time(_ live: LiveLine, _ past: String, _ within: String) -> String {
    guard let total = live.total else { return clock(live.elapsed) }
    let over = live.elapsed - total
    if over >= .milliseconds(500) { return clock(total) + past + clock(over) }
    return clock(live.elapsed) + within + clock(total)
  }

  /// The rate of a shape is that of the second's own arrivals: at its end another part may have begun.
  private static func load(_ live: LiveLine) -> String {
    switch live.load {
    case .arrivals(let shape):
      shape.constantRate.map { "\($0)" }
        ?? "\(FigureText.rate(live.offered ?? shape.level(at: live.elapsed)))/s"
    case .users: "\(FigureText.count(live.users)) \(live.users == 1 ? "user" : "users")"
    }
  }

  /// Whole seconds as a clock shows them: `7s`, `1:05`, `1:00:05`.
  private static func clock(_ span: TimeSpan) -> String {
    let seconds = max(0, Int64(span.inSeconds.rounded()))
    func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    if seconds < 60 { return "\(seconds)s" }
    if seconds < 3600 { return "\(seconds / 60):\(two(seconds % 60))" }
    return "\(seconds / 3600):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
  }
}

extension Taint {
  /// A few words for a line with little room.
  var word: String {
    switch self {
    case .lateArrivals: "requests late"
    case .busyLoop: "loop full"
    case .longTurn: "loop held up"
    case .steal: "CPU stolen"
    case .throttled: "no free CPU"
    case .ports: "no free port"
    case .descriptors: "no free descriptor"
    }
  }
}
