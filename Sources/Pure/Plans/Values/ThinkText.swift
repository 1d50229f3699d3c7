import JSONScan
import Model

/// Pauses as people write them: `2s`, `1s..3s`, `normal 2s 500ms`, `exp 2s`.
public enum ThinkText {
  static let expected = "a pause such as 2s, 1s..3s, 'normal 2s 500ms' or 'exp 2s'"

  public static func read(_ text: String) throws(ValueError) -> ThinkTime {
    let wrong = ValueError(found: text.isEmpty ? "nothing" : "'\(Node.cut(text))'", expected: expected)
    let words = text.split { $0 == " " || $0 == "\t" }.map(String.init)
    func span(_ text: some StringProtocol) throws(ValueError) -> TimeSpan {
      do throws(ValueError) { return try TimeSpan(text: HeaderText.trim(text)) } catch { throw wrong }
    }
    switch (words.first?.lowercased() ?? "", words.count) {
    case ("normal", 3): return .normal(mean: try span(words[1]), deviation: try span(words[2]))
    case ("exp", 2), ("exponential", 2): return .exponential(mean: try span(words[1]))
    case ("uniform", 3):
      let (low, high) = (try span(words[1]), try span(words[2]))
      if low <= high { return .uniform(low...high) }
    case _:
      let dots = text.split(separator: "..", maxSplits: 1, omittingEmptySubsequences: false)
      if dots.count == 2 {
        let (low, high) = (try span(dots[0]), try span(dots[1]))
        if low <= high { return .uniform(low...high) }
      } else if words.count == 1 {
        return .fixed(try span(words[0]))
      }
    }
    throw wrong
  }

  /// The text that reads back as the pause.
  static func text(_ think: ThinkTime) -> String {
    switch think {
    case .fixed(let span): "\(span)"
    case .uniform(let range): "\(range.lowerBound)..\(range.upperBound)"
    case .normal(let mean, let deviation): "normal \(mean) \(deviation)"
    case .exponential(let mean): "exp \(mean)"
    }
  }
}
