public import Model

/// When the n-th arrival is due: the inverse of the integral of the rate, computed for n directly.
///
/// ```
/// Λ(t) = ∫ rate          due(n) = Λ⁻¹(n), the last instant up to which no more than n have come,   n = 0, 1, 2 …
/// ```
/// Arrival 0 of a constant rate is due at once. Nothing is accumulated, so nothing drifts, and any machine can compute
/// any arrival from the plan alone. Constants and lines are exact; a sine is within 2^-59 of an arrival. In every shape
/// `due(n) < t` and `n < arrivals(before: t)` say the same.
///
/// Poisson arrivals are at Λ⁻¹(x) for positions x that are drawn (`Scatter`): one that lies between n and n + 1 is due
/// between the n-th and the next of the evenly spaced ones. Which there are, who has a cursor tells.
public struct Schedule: Sendable, Hashable {
  /// Arrivals and the time they fall due in, where the rate is the same all the time; else zero.
  @usableFromInline let count: UInt64
  @usableFromInline let per: UInt64
  /// The parts of the shape, and how many of their units are one arrival.
  @usableFromInline let line: TimeLine
  /// Where Poisson arrivals lie; nil where they are evenly spaced.
  @usableFromInline let scatter: Scatter?
  /// Arrivals with this number or a higher one are not part of the plan; of Poisson arrivals those that are due at the end
  /// or later are none either.
  public let bound: UInt64
  /// When nothing more becomes due: the plan's duration, the shape's own end, or just after the last of a bounded number
  /// of evenly spaced arrivals.
  public let end: TimeSpan
  /// Whether the number of arrivals ends the run, wherever in time that is.
  public let endsWithLastRequest: Bool

  /// A constant rate for a time, or for a number of arrivals, or for whichever bound is reached first.
  ///
  /// - Throws: `ValueError` where neither bounds the run, or the bound is beyond ten years.
  public init(rate: Rate, duration: TimeSpan?, requests: UInt64? = nil) throws(ValueError) {
    try self.init(shape: Shape(rate), duration: duration, requests: requests)
  }

  /// A shape to its own end, for a time, or for a number of arrivals: whichever bound is reached first.
  ///
  /// - Parameter seed: what Poisson arrivals are drawn from.
  /// - Throws: `ValueError` where nothing bounds the run, the bound is beyond ten years, or a level can't be one.
  public init(
    shape: Shape, spacing: Spacing = .even, seed: UInt64 = 0, duration: TimeSpan?, requests: UInt64? = nil
  ) throws(ValueError) {
    line = try TimeLine(shape)
    scatter = spacing == .poisson ? Scatter(seed: seed) : nil
    let constant = shape.constantRate
    count = UInt64(constant?.count ?? 0)
    per = UInt64(constant?.per.nanoseconds ?? 0)
    var end = min(duration ?? .longest, line.end)
    var bound = line.arrivals(before: end)
    let isBound = requests.map { $0 < bound } ?? false
    if !isBound, duration == nil, shape.duration == nil {
      throw ValueError(found: "no end", expected: "a duration or a number of requests that ends within 10 years")
    }
    if let requests, isBound, scatter == nil {
      bound = requests
      if duration == nil || requests > 0 {
        end = TimeSpan(nanoseconds: line.last(atMost: UInt128(requests) &* line.perArrival))
      }
    }
    endsWithLastRequest = scatter == nil && bound == requests
    self.bound = scatter == nil ? bound : requests ?? .max
    self.end = end
  }

  /// Whether they are Poisson arrivals.
  public var isScattered: Bool { scatter != nil }

  /// How many arrivals the whole plan has. Poisson arrivals are counted: O(arrivals).
  public var planned: UInt64 { scatter == nil ? bound : arrivals(before: end) }

  /// Nanoseconds after the run's start at which arrival n is due, evenly spaced, rounded down; of one that never is, the
  /// end of time.
  @inlinable
  public func due(_ n: UInt64) -> Int64 {
    if count > 0 { return Schedule.due(n, count: count, per: per) }
    return line.last(atMost: UInt128(n) &* UInt128(line.perArrival))
  }

  /// Nanoseconds after the run's start at which the cursor's arrival is due, rounded down; of one that never is, the end
  /// of time.
  public func due(at cursor: ArrivalCursor) -> Int64 {
    scatter == nil ? due(cursor.cell) : line.last(atMost: cursor.units(line.perArrival))
  }

  /// How many arrivals are due before a time after the run's start, never more than planned. Poisson arrivals are counted:
  /// O(arrivals).
  public func arrivals(before time: TimeSpan) -> UInt64 {
    if scatter == nil { return min(bound, line.arrivals(before: time)) }
    var tally = ArrivalTally(SlotRange(share: 0, of: 1), in: self)
    return tally.arrivals(before: time, in: self)
  }

  @inlinable @inline(__always)
  static func due(_ n: UInt64, count: UInt64, per: UInt64) -> Int64 {
    let (high, low) = n.multipliedFullWidth(by: per)
    if high >= count { return .max }
    let quotient = count.dividingFullWidth((high, low)).quotient
    return Int64(clamping: quotient)
  }
}
