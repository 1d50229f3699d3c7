public import Model

/// A drawing of a shape over time: braille dots where the terminal can show them, else ASCII.
public struct ShapePlot {
  private let levels: [Double]
  private let top: Double
  private let unit: String
  private let end: TimeSpan
  private let columns: Int
  private let isASCII: Bool
  private static let rows = 10
  private static let margin = 11

  /// - Parameters:
  ///   - end: the end of the time shown; more than zero.
  ///   - width: columns of the terminal.
  public init(_ shape: Shape, of measure: Shape.Measure, until end: TimeSpan, width: Int, isASCII: Bool) {
    columns = max(20, min(width, 160) - ShapePlot.margin)
    self.isASCII = isASCII
    self.end = end
    unit = measure == .users ? "" : "/s"
    let dots = isASCII ? columns : columns * 2
    // The middle of each dot's time.
    levels = (0..<dots).map { dot in
      shape.level(at: TimeSpan(nanoseconds: Int64((Double(dot) + 0.5) / Double(dots) * Double(end.nanoseconds))))
    }
    // The peak itself, where a dot only just misses it.
    let highest = levels.max() ?? 0
    let peak = shape.peak.perSecond
    top = max(highest > peak * 0.95 ? peak : highest, 1e-12)
  }

  /// The lines, the highest level first, the time below.
  public var lines: [String] {
    var lines: [String] = []
    for row in 0..<ShapePlot.rows {
      let label = row == 0 ? FigureText.rate(top) + unit : row == ShapePlot.rows - 1 ? "0" : ""
      lines.append(
        DisplayText.padded(label, to: ShapePlot.margin - 2, right: true) + (isASCII ? " |" : " ┤") + cells(row))
    }
    let last = "\(end)"
    let blanks = String(repeating: " ", count: max(1, columns - 2 - last.count))
    lines.append(String(repeating: " ", count: ShapePlot.margin) + "0s" + blanks + last)
    return lines
  }

  private func cells(_ row: Int) -> String {
    var text = ""
    for column in 0..<columns {
      text += isASCII ? ascii(row, column) : braille(row, column)
    }
    while text.last == " " || text.last == "\u{2800}" { text.removeLast() }
    return text
  }

  /// How many dots of a column are filled, of so many.
  private func height(_ level: Double, of dots: Int) -> Int {
    if level <= 0 { return 0 }
    return max(1, Int((level / top * Double(dots)).rounded()))
  }

  private func ascii(_ row: Int, _ column: Int) -> String {
    height(levels[column], of: ShapePlot.rows) >= ShapePlot.rows - row ? "#" : " "
  }

  /// Four dots above each other and two beside each other in a cell (U+2800).
  private func braille(_ row: Int, _ column: Int) -> String {
    let bits: [[UInt32]] = [[0x40, 0x04, 0x02, 0x01], [0x80, 0x20, 0x10, 0x08]]
    let below = (ShapePlot.rows - 1 - row) * 4
    var cell: UInt32 = 0x2800
    for side in 0..<2 {
      let filled = height(levels[column * 2 + side], of: ShapePlot.rows * 4) - below
      for dot in 0..<4 where filled > dot { cell |= bits[side][dot] }
    }
    return Unicode.Scalar(cell).map { String(Character($0)) } ?? " "
  }
}
