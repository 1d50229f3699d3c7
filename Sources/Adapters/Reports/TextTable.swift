/// A table of text with aligned columns: the first to the left and as wide as is left over, the others to the right.
public struct TextTable {
  private var rows: [[String]]

  /// - Parameter header: the columns' names; the first names the rows.
  public init(header: [String]) {
    rows = [header]
  }

  public mutating func add(_ row: [String]) {
    rows.append(row)
  }

  /// The lines, header first. Figures are never cut: names are shortened, to 8 columns at the least.
  public func lines(width: Int) -> [String] {
    let columns = rows.map(\.count).max() ?? 0
    var widths = Array(repeating: 0, count: columns)
    for row in rows {
      for (column, cell) in row.enumerated() { widths[column] = max(widths[column], DisplayText.width(cell)) }
    }
    let figures = widths.dropFirst().reduce(0) { $0 + $1 + TextTable.gap }
    let name = min(widths.first ?? 0, max(8, width - figures))
    return rows.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        if column == 0 {
          line = DisplayText.padded(DisplayText.shortened(cell, to: name), to: name)
        } else {
          line += DisplayText.padded(cell, to: widths[column] + TextTable.gap, right: true)
        }
      }
      return line
    }
  }

  private static let gap = 2
}
