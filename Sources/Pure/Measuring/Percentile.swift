extension Histogram {
  /// The value at or below which `p` percent of the recorded times lie (nearest rank), in microseconds.
  ///
  /// The answer is the middle of the bucket in which the ⌈p ÷ 100 × count⌉-th smallest time lies, kept within
  /// [min, max]: off by at most half a bucket, 1/256 of the value. 0 is the minimum and 100 the maximum, both
  /// exactly. Nil where nothing was recorded and for a `p` outside 0…100.
  public func percentile(_ p: Double) -> UInt32? {
    guard let rank = Percentile.rank(p, of: count) else { return nil }
    if p == 0 { return min }
    if p == 100 { return max }
    var below: UInt64 = 0
    for (bucket, times) in used {
      below = below.addingClamped(times)
      if below >= rank { return Swift.max(min, Swift.min(max, Bucket.middle(of: Int(bucket)))) }
    }
    return max
  }

  /// The standard deviation of the recorded times in microseconds, each taken as its bucket's middle
  /// (population form: √(Σ (x − mean)² ÷ count)); nil where empty.
  public var standardDeviation: Double? {
    guard let mean else { return nil }
    var squares = 0.0
    for (bucket, times) in used {
      let middle = Swift.max(min, Swift.min(max, Bucket.middle(of: Int(bucket))))
      let distance = Double(middle) - mean
      squares += distance * distance * Double(times)
    }
    return (squares / Double(count)).squareRoot()
  }
}

/// The arithmetic of ranks that every percentile shares.
public enum Percentile {
  /// ⌈p ÷ 100 × count⌉, at least 1: which of the sorted values is the p-th percentile (nearest rank).
  ///
  /// Counted in whole millionths of a percent, so that 99.9 % of 1,000 is the 999th value and not, by a rounding
  /// of binary fractions, the 1,000th. Nil for no values and for a `p` outside 0…100.
  public static func rank(_ p: Double, of count: UInt64) -> UInt64? {
    guard count > 0, p >= 0, p <= 100 else { return nil }
    let scale: UInt64 = 100_000_000
    let parts = UInt64((p * 1_000_000).rounded())
    let (high, low) = count.multipliedFullWidth(by: parts)
    // high < scale because parts ≤ scale and count < 2^64; the quotient is at most `count`.
    guard high < scale else { return count }
    let (quotient, remainder) = scale.dividingFullWidth((high, low))
    return Swift.max(1, remainder > 0 ? quotient.addingClamped(1) : quotient)
  }
}

extension UInt64 {
  /// The sum, or the greatest number where it would not fit: counts read from files must never trap.
  @inlinable
  public func addingClamped(_ other: UInt64) -> UInt64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}
