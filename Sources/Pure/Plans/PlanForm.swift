import JSONScan

/// In which of the forms a text is written, told by its file's ending, else by its first line.
public enum PlanForm: Sendable, Hashable, CaseIterable {
  case yaml
  /// A plan; told by the file's ending alone.
  case toml
  /// A plan, or Vegeta targets: `isTargets` tells.
  case json
  /// Vegeta's JSON targets, one a line.
  case jsonLines
  /// Vegeta's text targets.
  case targets

  public static func of(_ bytes: [UInt8], file: String) -> PlanForm {
    switch ForeignFormat.ending(of: file) {
    case "yaml", "yml": return .yaml
    case "toml": return .toml
    case "json": return .json
    case "jsonl", "ndjson": return .jsonLines
    case _: return of(bytes)
    }
  }

  private static func of(_ bytes: [UInt8]) -> PlanForm {
    for line in bytes.split(separator: 0x0A) {
      let text = HeaderText.trim(String(decoding: line.filter { $0 != 0x0D }, as: UTF8.self))
      if text.isEmpty || text.hasPrefix("#") { continue }
      if text.hasPrefix("{") || text.hasPrefix("[") { return .json }
      if text.hasPrefix("- ") || text.hasPrefix("---") || text.hasPrefix("%YAML") || isKey(text) { return .yaml }
      return .targets
    }
    return .targets
  }

  /// Whether a line begins with a YAML key: `word:` and a blank or nothing.
  private static func isKey(_ line: String) -> Bool {
    guard let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")) else { return false }
    let key = line.utf8[..<colon]
    let after = line.utf8[line.utf8.index(after: colon)...].first
    let isWord = key.allSatisfy {
      0x61...0x7A ~= $0 | 0x20 || $0 == 0x5F || $0 == 0x2D || 0x30...0x39 ~= $0 || $0 == 0x22
    }
    return !key.isEmpty && isWord && (after == nil || after == 0x20)
  }

  /// Whether a JSON text whose first value is given holds Vegeta targets rather than a plan.
  public static func isTargets(_ first: Node) -> Bool {
    if let items = first.items {
      let steps = PlanFields.step.filter { !VegetaJSON.fields.contains($0) }
      return items.isEmpty || !steps.contains { items[0][$0] != nil }
    }
    let plan = PlanFields.top.contains { first[$0] != nil }
    return !plan && (first["url"] != nil || first["method"] != nil)
  }
}
