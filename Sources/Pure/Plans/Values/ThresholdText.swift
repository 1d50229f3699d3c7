import JSONScan
import Model

/// Thresholds as people write them: `p99<250ms`, `mean<10ms`, `errors<1%`, `rps>=500`, `checks>99%`, `Login:p95<400ms`.
public enum ThresholdText {
  public static let expected =
    "a threshold such as 'p99<250ms', 'mean<10ms', 'errors<1%', 'rps>=500', 'checks>99%' or 'Login:p95<400ms'"

  public static func read(_ text: String) throws(ValueError) -> Threshold {
    let wrong = ValueError(found: text.isEmpty ? "nothing" : "'\(Node.cut(text))'", expected: expected)
    // A name may hold anything, so the last sign is the one that compares.
    guard let sign = text.lastIndex(where: { $0 == "<" || $0 == ">" }) else { throw wrong }
    let after = text[text.index(after: sign)...]
    let isOrEqual = after.hasPrefix("=")
    let bound = HeaderText.trim(isOrEqual ? after.dropFirst() : after)
    guard let comparison = Threshold.Comparison(rawValue: "\(text[sign])\(isOrEqual ? "=" : "")") else { throw wrong }
    let left = text[..<sign]
    let colon = left.lastIndex(of: ":")
    let name = colon.map { HeaderText.trim(left[..<$0]) }
    let word = HeaderText.trim(colon.map { left[left.index(after: $0)...] } ?? left)
    if name?.isEmpty == true { throw wrong }
    let measure = try measure(word, wrong)
    return Threshold(
      text: HeaderText.trim(text), name: name, measure: measure, comparison: comparison,
      bound: try self.bound(bound, measure, wrong))
  }

  private static let words: [String: Threshold.Measure] = [
    "mean": .mean, "avg": .mean, "average": .mean, "min": .least, "max": .greatest, "errors": .errors,
    "error_rate": .errors, "failures": .errors, "rps": .rps, "throughput": .rps, "checks": .checks,
    "median": .percentile(millionths: 500_000),
  ]

  private static func measure(_ word: String, _ wrong: ValueError) throws(ValueError) -> Threshold.Measure {
    if let known = words[word.lowercased()] { return known }
    if word.first == "p" || word.first == "P", let share = try? Percentage(text: word.dropFirst() + "%") {
      if share.billionths % 1_000 == 0, share.billionths > 0 {
        return .percentile(millionths: Int(share.billionths / 1_000))
      }
    }
    let known = ["p50", "p95", "p99"] + words.keys.sorted()
    let hint = word.isEmpty ? "" : Suggestion.clause(for: word, among: known)
    throw ValueError(found: wrong.found, expected: wrong.expected + hint)
  }

  private static func bound(
    _ text: String, _ measure: Threshold.Measure, _ wrong: ValueError
  ) throws(ValueError) -> Int64 {
    switch measure {
    case .percentile, .mean, .least, .greatest:
      guard let span = try? TimeSpan(text: text) else {
        throw ValueError(found: wrong.found, expected: "a time with its unit behind the sign, such as 250ms")
      }
      if span.nanoseconds % 1_000 == 0 { return span.nanoseconds / 1_000 }
      throw ValueError(found: wrong.found, expected: "whole microseconds")
    case .errors, .checks:
      guard let share = try? Percentage(text: text) else {
        throw ValueError(found: wrong.found, expected: "a percentage behind the sign, such as 1%")
      }
      if share.billionths % 1_000 == 0 { return share.billionths / 1_000 }
      throw ValueError(found: wrong.found, expected: "a percentage of at most four decimals")
    case .rps:
      guard let rate = try? Rate(text: text) else {
        throw ValueError(found: wrong.found, expected: "requests a second behind the sign, such as 500")
      }
      let (high, low) = rate.count.magnitude.multipliedFullWidth(by: 1_000_000_000_000_000)
      if high >= rate.per.nanoseconds.magnitude { throw wrong }
      return Int64(clamping: rate.per.nanoseconds.magnitude.dividingFullWidth((high, low)).quotient)
    }
  }
}
