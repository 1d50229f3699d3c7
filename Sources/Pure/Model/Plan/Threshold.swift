/// What a result must hold: `p99<250ms`, `errors<1%`, `rps>=500`, `checks>99%`, `Login:p95<400ms`.
public struct Threshold: Sendable, Hashable {
  public enum Measure: Sendable, Hashable {
    /// Response time at this percentile, in millionths (990,000 is p99); failures are not in it, lower bounds are.
    case percentile(millionths: Int)
    /// Response times in microseconds; lower bounds are in them, too.
    case mean, least, greatest
    /// Share of outcomes that are failures, in millionths.
    case errors
    /// Completed requests a second.
    case rps
    /// Share of checks that held, in millionths.
    case checks
  }

  public enum Comparison: String, Sendable, Hashable, CaseIterable {
    case below = "<"
    case atMost = "<="
    case above = ">"
    case atLeast = ">="
  }

  /// As it was written.
  public var text: String
  /// The name whose figures are judged; nil: all together.
  public var name: String?
  public var measure: Measure
  public var comparison: Comparison
  /// Microseconds, millionths, or requests a second times a million: by the measure.
  public var bound: Int64

  public init(text: String, name: String?, measure: Measure, comparison: Comparison, bound: Int64) {
    self.text = text
    self.name = name
    self.measure = measure
    self.comparison = comparison
    self.bound = bound
  }
}

extension Threshold {
  /// `--fail-on-error-rate`: no more failures than this share.
  public init(failOnErrorRate limit: Percentage) {
    self.init(
      text: "errors<=\(limit)", name: nil, measure: .errors, comparison: .atMost, bound: limit.billionths / 1_000)
  }
}
