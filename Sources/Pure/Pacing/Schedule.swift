public import Model

/// When the n-th arrival is due: the inverse of the integral of the rate, computed for n directly.
///
/// For a constant rate of `count` arrivals per `per`:
/// ```
/// Λ(t) = t · count / per          due(n) = Λ⁻¹(n) = n · per / count,   n = 0, 1, 2 …
/// ```
/// Arrival 0 is due at once. Nothing is accumulated, so nothing drifts, and any machine can compute any
/// arrival from the plan alone.
public struct Schedule: Sendable, Hashable {
  /// Arrivals and the time they fall due in.
  @usableFromInline let count: UInt64
  @usableFromInline let per: UInt64
  /// How many arrivals the whole plan has.
  public let planned: UInt64
  /// When nothing more becomes due: the plan's duration, or just after the last of a bounded number of arrivals.
  public let end: TimeSpan

  /// A constant rate for a time, or for a number of arrivals, or for whichever bound is reached first.
  ///
  /// - Throws: `ValueError` where neither bounds the run, or the bound is beyond ten years.
  public init(rate: Rate, duration: TimeSpan?, requests: UInt64? = nil) throws(ValueError) {
    count = UInt64(rate.count)
    per = UInt64(rate.per.nanoseconds)
    let longest = TimeSpan.longest
    var end = duration ?? longest
    var planned = Schedule.arrivals(before: end, count: count, per: per)
    if let requests, requests < planned {
      planned = requests
      if duration == nil || requests > 0 {
        end = TimeSpan(nanoseconds: Schedule.due(requests, count: count, per: per))
      }
    } else if duration == nil {
      throw ValueError(found: "no end", expected: "a duration or a number of requests that ends within 10 years")
    }
    self.planned = planned
    self.end = end
  }

  /// Nanoseconds after the run's start at which arrival n is due, rounded down.
  @inlinable
  public func due(_ n: UInt64) -> Int64 { Schedule.due(n, count: count, per: per) }

  /// How many arrivals are due before a time after the run's start, never more than planned.
  public func arrivals(before time: TimeSpan) -> UInt64 {
    min(planned, Schedule.arrivals(before: time, count: count, per: per))
  }

  @inlinable
  static func due(_ n: UInt64, count: UInt64, per: UInt64) -> Int64 {
    let (high, low) = n.multipliedFullWidth(by: per)
    if high >= count { return .max }
    let quotient = count.dividingFullWidth((high, low)).quotient
    return Int64(clamping: quotient)
  }

  /// The smallest n that is not due before the time: ⌈time · count / per⌉.
  private static func arrivals(before time: TimeSpan, count: UInt64, per: UInt64) -> UInt64 {
    if time.nanoseconds <= 0 { return 0 }
    let product = UInt128(time.nanoseconds) * UInt128(count)
    return UInt64(clamping: (product + UInt128(per) - 1) / UInt128(per))
  }
}
