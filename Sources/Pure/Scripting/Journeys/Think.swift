import Model

/// A pause's law, in numbers.
public struct Think: Sendable, Hashable {
  enum Law: UInt8, Sendable {
    case none, fixed, uniform, normal, exponential
  }

  private let law: Law
  private let first: Int64
  private let second: Int64

  /// No pause for nil.
  public init(_ time: ThinkTime?) {
    switch time {
    case nil: (law, first, second) = (.none, 0, 0)
    case .fixed(let span): (law, first, second) = (.fixed, max(0, span.nanoseconds), 0)
    case .uniform(let range):
      (law, first, second) = (.uniform, max(0, range.lowerBound.nanoseconds), max(0, range.upperBound.nanoseconds))
    case .normal(let mean, let deviation):
      (law, first, second) = (.normal, mean.nanoseconds, deviation.nanoseconds)
    case .exponential(let mean): (law, first, second) = (.exponential, max(0, mean.nanoseconds), 0)
    }
  }

  /// Whether it differs from one time to the next.
  var isDrawn: Bool { law.rawValue > Law.fixed.rawValue }

  /// Nanoseconds, never below zero.
  func sample(_ key: DrawKey) -> Int64 {
    switch law {
    case .none: return 0
    case .fixed: return first
    case .uniform: return first &+ Int64(clamping: key.below(UInt64(second &- first) &+ 1))
    case .normal: return Think.clamp(Double(first) + Double(second) * Normal.quantile(key.fraction))
    case .exponential: return Think.clamp(-Double(first) * Logarithm.natural(key.fraction))
    }
  }

  private static func clamp(_ nanoseconds: Double) -> Int64 {
    // A double can't hold the greatest Int64; ten years are far below both.
    nanoseconds >= 9.2e18 ? .max : nanoseconds > 0 ? Int64(nanoseconds.rounded()) : 0
  }
}

/// ln, which the standard library does not have.
enum Logarithm {
  /// For x > 0 and finite, to a few units in the last place: with x = m · 2ᵉ and √½ ≤ m < √2
  /// ```
  /// ln x = e · ln 2 + 2 · artanh s        s = (m − 1) / (m + 1), |s| < 0.1716
  /// artanh s = s + s³/3 + s⁵/5 + …        ten terms: the rest is below 2⁻⁵³ of the sum
  /// ```
  static func natural(_ x: Double) -> Double {
    var mantissa = x.significand
    var exponent = Double(x.exponent)
    if mantissa > 1.4142135623730951 {
      mantissa /= 2
      exponent += 1
    }
    let s = (mantissa - 1) / (mantissa + 1)
    let square = s * s
    var sum = 0.0
    var term = 21.0
    while term > 1 {
      sum = (sum + 1 / term) * square
      term -= 2
    }
    return exponent * 0.6931471805599453 + 2 * s * (1 + sum)
  }
}

/// The normal distribution's quantile function: Wichura's AS 241 (Applied Statistics 37, 1988), exact to 16 digits.
enum Normal {
  private static func ratio(_ r: Double, _ above: [8 of Double], _ below: [7 of Double]) -> Double {
    var top = above[7]
    for place in (0..<7).reversed() { top = top * r + above[place] }
    var bottom = below[6]
    for place in (0..<6).reversed() { bottom = bottom * r + below[place] }
    return top / (bottom * r + 1)
  }

  /// z with Φ(z) = p, for 0 < p < 1.
  static func quantile(_ p: Double) -> Double {
    let q = p - 0.5
    if abs(q) <= 0.425 {
      return q
        * ratio(
          0.180625 - q * q,
          [
            3.3871328727963666080e0, 1.3314166789178437745e+2, 1.9715909503065514427e+3, 1.3731693765509461125e+4,
            4.5921953931549871457e+4, 6.7265770927008700853e+4, 3.3430575583588128105e+4, 2.5090809287301226727e+3,
          ],
          [
            4.2313330701600911252e+1, 6.8718700749205790830e+2, 5.3941960214247511077e+3, 2.1213794301586595867e+4,
            3.9307895800092710610e+4, 2.8729085735721942674e+4, 5.2264952788528545610e+3,
          ])
    }
    let tail = q < 0 ? p : 1 - p
    let r = (-Logarithm.natural(tail)).squareRoot()
    let z: Double
    if r <= 5 {
      z = ratio(
        r - 1.6,
        [
          1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
          1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4,
        ],
        [
          2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1, 1.48103976427480074590e-1,
          1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9,
        ])
    } else {
      z = ratio(
        r - 5,
        [
          6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
          2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
        ],
        [
          5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2, 7.86869131145613259100e-4,
          1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15,
        ])
    }
    return q < 0 ? -z : z
  }
}
