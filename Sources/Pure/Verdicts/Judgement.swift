import Measuring
import Model
import Summary

/// One threshold held against what was measured.
struct Judgement {
  private let threshold: Threshold
  private let figures: MeasuredFigures

  init(_ threshold: Threshold, _ figures: MeasuredFigures) {
    self.threshold = threshold
    self.figures = figures
  }

  var result: ThresholdResult {
    switch threshold.measure {
    case .percentile(let millionths):
      let percent = Double(millionths) / 10_000
      return time(figures.response.reading(percent), worst: figures.response.worst(percent))
    case .mean: return time(figures.response.mean)
    case .least: return time(figures.response.minimum, worst: figures.response.worst(0))
    case .greatest: return time(figures.response.maximum)
    case .errors: return share(figures.counts.failed, of: figures.counts.outcomes, "no request had an outcome")
    case .checks:
      let all = figures.checksPassed.addingClamped(figures.checksFailed)
      return share(figures.checksPassed, of: all, "no check was made")
    case .rps: return rate()
    }
  }

  /// - Parameter worst: with every request that was given up at infinity; nil: that is infinity itself.
  private func time(_ reading: Reading?, worst: UInt32?) -> ThresholdResult {
    guard let reading else { return nothing("no response was measured") }
    let text = TimeText.duration(microseconds: Double(reading.microseconds))
    let found = reading.isLowerBound ? "≥ " + text : text
    let lowest = Int64(reading.microseconds)
    let holds: Bool
    switch threshold.comparison {
    case .below: holds = worst.map { Int64($0) < threshold.bound } ?? false
    case .atMost: holds = worst.map { Int64($0) <= threshold.bound } ?? false
    case .above: holds = lowest > threshold.bound
    case .atLeast: holds = lowest >= threshold.bound
    }
    let unknown = !holds && worst == nil && (threshold.comparison == .below || threshold.comparison == .atMost)
    return ThresholdResult(
      text: threshold.text, passed: holds, found: found,
      reason: unknown ? "requests were given up, so it may be any longer" : "")
  }

  /// A figure that is a bound as soon as anything was given up.
  private func time(_ reading: Reading?) -> ThresholdResult {
    time(reading, worst: reading.flatMap { $0.isLowerBound ? nil : $0.microseconds })
  }

  /// Compared exactly, in millionths.
  private func share(_ part: UInt64, of whole: UInt64, _ none: String) -> ThresholdResult {
    if whole == 0 { return nothing(none) }
    let left = part.multipliedFullWidth(by: 1_000_000)
    let right = whole.multipliedFullWidth(by: UInt64(max(0, threshold.bound)))
    let isLess = left.high != right.high ? left.high < right.high : left.low < right.low
    let isEqual = left == right
    let percent = Double(part) / Double(whole) * 100
    let digits = percent > 0 && percent < 0.1 || percent > 99.9 && percent < 100 ? 3 : 1
    return ThresholdResult(
      text: threshold.text, passed: holds(isLess: isLess, isEqual: isEqual),
      found: "\(TimeText.fixed(percent, places: digits)) % (\(part) of \(whole))")
  }

  private func rate() -> ThresholdResult {
    if figures.counts.completed == 0 || figures.seconds <= 0 { return nothing("no request was completed") }
    let rate = Double(figures.counts.completed) / figures.seconds
    let bound = Double(threshold.bound) / 1e6
    return ThresholdResult(
      text: threshold.text, passed: holds(isLess: rate < bound, isEqual: rate == bound),
      found: "\(TimeText.fixed(rate, places: rate < 100 ? 2 : 1))/s")
  }

  private func holds(isLess: Bool, isEqual: Bool) -> Bool {
    switch threshold.comparison {
    case .below: isLess
    case .atMost: isLess || isEqual
    case .above: !isLess && !isEqual
    case .atLeast: !isLess
    }
  }

  /// What was never measured holds nothing.
  private func nothing(_ reason: String) -> ThresholdResult {
    ThresholdResult(text: threshold.text, passed: false, found: "", reason: reason)
  }
}
