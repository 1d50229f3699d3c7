import Measuring

/// The figures of one distribution of times, each beside the counts it stands on. All in microseconds.
public struct LatencyFigures: Sendable, Hashable {
  /// How many times it stands on, given-up requests included.
  public var count: UInt64 = 0
  /// How many of them are only lower bounds.
  public var censored: UInt64 = 0
  /// Their exact sum, lower bounds included.
  public var sum: UInt64 = 0
  public var min: Reading?
  public var mean: Reading?
  /// Population form; nil where given-up requests make it unknowable (it can be above or below).
  public var stdev: Reading?
  public var p50: Reading?
  public var p75: Reading?
  public var p90: Reading?
  public var p95: Reading?
  public var p99: Reading?
  public var p999: Reading?
  public var max: Reading?

  public init() {}

  public init(accepted: Histogram, censored given: Histogram = Histogram()) {
    let curve = PercentileCurve(accepted: accepted, censored: given)
    count = curve.count
    censored = given.count
    sum = accepted.sum.addingClamped(given.sum)
    min = curve.minimum
    mean = curve.mean
    if given.count == 0, let deviation = accepted.standardDeviation {
      stdev = .exact(UInt32(clamping: Int64(Swift.min(deviation, 4.3e9).rounded())))
    }
    p50 = curve.reading(50)
    p75 = curve.reading(75)
    p90 = curve.reading(90)
    p95 = curve.reading(95)
    p99 = curve.reading(99)
    p999 = curve.reading(99.9)
    max = curve.maximum
  }

  /// Every figure with the word it has in JSON and tables, in their order.
  public var all: [(word: String, reading: Reading?)] {
    [
      ("min", min), ("mean", mean), ("stdev", stdev), ("p50", p50), ("p75", p75), ("p90", p90), ("p95", p95),
      ("p99", p99), ("p999", p999), ("max", max),
    ]
  }
}
