public import Model

/// When the n-th arrival is due: the inverse of the integral of the rate, computed for n directly.
///
/// ```
/// Λ(t) = ∫ rate          due(n) = Λ⁻¹(n), the last instant up to which no more than n have come,   n = 0, 1, 2 …
/// ```
/// Arrival 0 of a constant rate is due at once. Nothing is accumulated, so nothing drifts, and any machine can compute
/// any arrival from the plan alone. Constants and lines are exact; a sine is within 2^-59 of an arrival. In every shape
/// `due(n) < t` and `n < arrivals(before: t)` say the same.
public struct Schedule: Sendable, Hashable {
  /// Arrivals and the time they fall due in, where the rate is the same all the time; else zero.
  @usableFromInline let count: UInt64
  @usableFromInline let per: UInt64
  /// The parts of the shape, and how many of their units are one arrival.
  @usableFromInline let line: TimeLine
  /// How many arrivals the whole plan has.
  public let planned: UInt64
  /// When nothing more becomes due: the plan's duration, the shape's own end, or just after the last of a bounded number
  /// of arrivals.
  public let end: TimeSpan

  /// A constant rate for a time, or for a number of arrivals, or for whichever bound is reached first.
  ///
  /// - Throws: `ValueError` where neither bounds the run, or the bound is beyond ten years.
  public init(rate: Rate, duration: TimeSpan?, requests: UInt64? = nil) throws(ValueError) {
    try self.init(shape: Shape(rate), duration: duration, requests: requests)
  }

  /// A shape to its own end, for a time, or for a number of arrivals: whichever bound is reached first.
  ///
  /// - Throws: `ValueError` where nothing bounds the run, the bound is beyond ten years, or a level can't be one.
  public init(shape: Shape, duration: TimeSpan?, requests: UInt64? = nil) throws(ValueError) {
    line = try TimeLine(shape)
    let constant = shape.constantRate
    count = UInt64(constant?.count ?? 0)
    per = UInt64(constant?.per.nanoseconds ?? 0)
    var end = min(duration ?? .longest, line.end)
    var planned = line.arrivals(before: end)
    if let requests, requests < planned {
      planned = requests
      if duration == nil || requests > 0 {
        end = TimeSpan(nanoseconds: line.last(atMost: UInt128(requests) &* line.perArrival))
      }
    } else if duration == nil, shape.duration == nil {
      throw ValueError(found: "no end", expected: "a duration or a number of requests that ends within 10 years")
    }
    self.planned = planned
    self.end = end
  }

  /// Nanoseconds after the run's start at which arrival n is due, rounded down; of one that never is, the end of time.
  @inlinable
  public func due(_ n: UInt64) -> Int64 {
    if count > 0 { return Schedule.due(n, count: count, per: per) }
    return line.last(atMost: UInt128(n) &* UInt128(line.perArrival))
  }

  /// How many arrivals are due before a time after the run's start, never more than planned.
  public func arrivals(before time: TimeSpan) -> UInt64 { min(planned, line.arrivals(before: time)) }

  @inlinable @inline(__always)
  static func due(_ n: UInt64, count: UInt64, per: UInt64) -> Int64 {
    let (high, low) = n.multipliedFullWidth(by: per)
    if high >= count { return .max }
    let quotient = count.dividingFullWidth((high, low)).quotient
    return Int64(clamping: quotient)
  }
}
