// Products and quotients wider than the standard library's, without a branch on how large the numbers are.

/// The upper half of a product of two 128-bit numbers, at most three too small.
@inline(__always)
func highProduct(_ a: UInt128, _ b: UInt128) -> UInt128 {
  let (a1, a0) = (UInt64(truncatingIfNeeded: a >> 64), UInt64(truncatingIfNeeded: a))
  let (b1, b0) = (UInt64(truncatingIfNeeded: b >> 64), UInt64(truncatingIfNeeded: b))
  let top = a1.multipliedFullWidth(by: b1)
  let middle = UInt128(a1.multipliedFullWidth(by: b0).high) &+ UInt128(a0.multipliedFullWidth(by: b1).high)
  return (UInt128(top.high) << 64 | UInt128(top.low)) &+ middle
}

/// change · time² ÷ length, rounded down, and whether there was a rest.
///
/// - Precondition: time ≤ length < 2^63, length > 0 and change < 2^63, so that the quotient is below 2^126.
@inline(__always)
func squareQuotient(_ change: UInt64, _ time: UInt64, _ length: UInt64) -> (quotient: UInt128, isWhole: Bool) {
  let square = time.multipliedFullWidth(by: time)
  let low = square.low.multipliedFullWidth(by: change)
  let high = square.high.multipliedFullWidth(by: change)
  let (second, carry) = high.low.addingReportingOverflow(low.high)
  let third = high.high &+ (carry ? 1 : 0)
  // third < length, for the quotient is time/length · change · time.
  let upper = length.divided(third, second)
  let lower = length.divided(upper.rest, low.low)
  return (UInt128(upper.quotient) << 64 | UInt128(lower.quotient), lower.rest == 0)
}

extension UInt64 {
  /// (high · 2^64 + low) ÷ self, by one division.
  ///
  /// - Precondition: high < self.
  @inline(__always)
  func divided(_ high: UInt64, _ low: UInt64) -> (quotient: UInt64, rest: UInt64) {
    let quotient = dividingFullWidth((high, low)).quotient
    return (quotient, low &- quotient &* self)
  }
}

extension Double {
  /// The nearest or next to nearest number.
  @inline(__always)
  init(near value: UInt128) {
    self = Double(UInt64(truncatingIfNeeded: value >> 64)) * 0x1p64 + Double(UInt64(truncatingIfNeeded: value))
  }
}
