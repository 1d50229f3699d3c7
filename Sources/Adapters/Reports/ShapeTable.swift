public import Model

/// A shape's parts as rows: when each begins, its levels, how long it lasts, and what falls due in it.
public enum ShapeTable {
  /// - Parameters:
  ///   - end: the end of the run.
  ///   - arrivals: how many arrivals a part has, from one time up to another; nil of users.
  public static func lines(
    _ shape: Shape, of measure: Shape.Measure, until end: TimeSpan, width: Int,
    arrivals: ((TimeSpan, TimeSpan) -> UInt64)?
  ) -> [String] {
    var table = TextTable(header: ["part", "from", "for", "level"] + (arrivals == nil ? [] : ["arrivals"]))
    var begin = TimeSpan.zero
    for (index, part) in shape.parts.enumerated() where begin < end {
      let stop = min(part.duration.map { begin + $0 } ?? end, end)
      let name = part.name.isEmpty ? "\(index + 1)" : part.name.harmless
      var row = [name, "\(begin)", "\(stop - begin)", level(part.curve, measure)]
      if let arrivals { row.append(FigureText.count(arrivals(begin, stop))) }
      table.add(row)
      begin = stop
    }
    return table.lines(width: width)
  }

  private static func level(_ curve: Shape.Curve, _ measure: Shape.Measure) -> String {
    func text(_ level: Shape.Level) -> String {
      let text = level.text
      return measure == .users || text.contains("/") ? text : text + "/s"
    }
    return switch curve {
    case .constant(let level): text(level)
    case .line(let from, let to): "\(text(from)) to \(text(to))"
    case .sine(let mean, let amplitude, let period): "\(text(mean)) ± \(text(amplitude)) in \(period)"
    }
  }
}
