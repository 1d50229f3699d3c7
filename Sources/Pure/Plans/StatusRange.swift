import JSONScan

/// The statuses that count as success: `200`, `200-299`, `2xx`.
enum StatusRange {
  static let expected = "a status such as 200, or a range such as 200-299 or 2xx"

  static func read(_ node: Node, _ field: String, _ reading: inout Reading) -> ClosedRange<Int>? {
    if let items = node.items {
      if items.count == 1 { return read(items[0], field, &reading) }
      reading.wrong(node, field, expected: "one range (a list is not in this version)")
      return nil
    }
    if let text = node.number ?? node.text, let range = range(of: text) { return range }
    reading.wrong(node, field, expected: expected)
    return nil
  }

  static func range(of text: String) -> ClosedRange<Int>? {
    if text.utf8.count == 3, text.lowercased().hasSuffix("xx"), let digit = text.first?.wholeNumberValue {
      return 1...5 ~= digit ? digit * 100...digit * 100 + 99 : nil
    }
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int(HeaderText.trim($0)) ?? 0 }
    guard ends.count < 3, let low = ends.first, let high = ends.last, low <= high else { return nil }
    return 100...599 ~= low && 100...599 ~= high ? low...high : nil
  }

  /// The text that reads back as the range.
  static func text(_ range: ClosedRange<Int>) -> String {
    range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
  }
}
