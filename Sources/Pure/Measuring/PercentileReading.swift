/// A figure that may be known exactly or only from below, because some requests never ended by themselves.
public enum Reading: Sendable, Hashable {
  /// Microseconds.
  case exact(UInt32)
  /// At least so many microseconds: the requests that were given up would have made it this or more.
  case atLeast(UInt32)

  /// The microseconds of either case.
  public var microseconds: UInt32 {
    switch self {
    case .exact(let value), .atLeast(let value): value
    }
  }

  /// Whether only a lower bound is known.
  public var isLowerBound: Bool {
    switch self {
    case .exact: false
    case .atLeast: true
    }
  }

  /// The p-th percentile over accepted replies and given-up requests (`censored`, known by their lower bounds).
  ///
  /// It is computed twice: with the censored values at their bounds, and at infinity. Where both fall into the same
  /// bucket the true percentile is there too, whatever the censored requests would have taken: `.exact`. Else
  /// `.atLeast` the first. Nil where both are empty and for a `p` outside 0…100.
  public static func percentile(_ p: Double, accepted: Histogram, censored: Histogram) -> Reading? {
    PercentileCurve(accepted: accepted, censored: censored).reading(p)
  }
}
