/// ln x to about 1 part in 10^15, the same bits on every machine: the standard library has none.
///
/// ```
/// x = m · 2^e, √½ ≤ m < √2          s = (m − 1) / (m + 1)
/// ln x = e · ln 2 + 2 · (s + s³/3 + s⁵/5 + …)
/// ```
/// |s| < 0.172, so that terms up to s²¹ are enough. −∞ at 0, not a number below.
public func naturalLogarithm(_ x: Double) -> Double {
  if !(x > 0) { return x == 0 ? -.infinity : .nan }
  if x == .infinity { return x }
  var exponent = Double(x.exponent)
  var mantissa = x.significand
  if mantissa > 1.4142135623730951 {
    mantissa /= 2
    exponent += 1
  }
  let s = (mantissa - 1) / (mantissa + 1)
  let square = s * s
  var series = 0.0
  var power = 21.0
  while power >= 1 {
    series = series * square + 1 / power
    power -= 2
  }
  // ln 2 in two parts: the first one times any exponent is exact.
  return exponent * 0x1.62e42feep-1 + (exponent * 0x1.a39ef35793c76p-33 + 2 * s * series)
}
