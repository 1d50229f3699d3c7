import Model

/// A shape's parts one after the other, in units of which `perArrival` are one arrival.
@usableFromInline struct TimeLine: Sendable, Hashable {
  /// Never empty; each begins where the one before ends.
  @usableFromInline let stretches: [Stretch]
  @usableFromInline let perArrival: UInt128
  let end: TimeSpan

  /// - Throws: `ValueError` where a level, a part or their sum is beyond what can be computed.
  init(_ shape: Shape) throws(ValueError) {
    let common = try TimeLine.commonTime(of: shape)
    var stretches: [Stretch] = []
    var begin: Int64 = 0
    var base: UInt128 = 0
    for part in shape.parts {
      let left = TimeSpan.longest.nanoseconds - begin
      let length = part.duration?.nanoseconds ?? left
      if length <= 0 || length > left {
        if length == 0, part.duration == nil { break }
        throw ValueError(found: "a part of \(TimeSpan(nanoseconds: length))", expected: "parts of 10 years in all")
      }
      let stretch = try TimeLine.stretch(part, begin: begin, length: length, base: base, common: common)
      base = stretch.top
      begin += length
      stretches.append(stretch)
    }
    self.stretches = stretches
    perArrival = UInt128(common) << 1
    end = TimeSpan(nanoseconds: begin)
  }

  private static func stretch(
    _ part: Shape.Part, begin: Int64, length: Int64, base: UInt128, common: UInt64
  ) throws(ValueError) -> Stretch {
    func units(_ level: Shape.Level) -> UInt64 {
      let (count, per) = reduced(level)
      return count * (common / per)
    }
    switch part.curve {
    case .constant(let level):
      return Stretch(.constant, begin: begin, length: length, base: base, level: units(level))
    case .line(let from, let to):
      if part.duration == nil { throw ValueError(found: "a line without an end", expected: "a duration") }
      let (a, b) = (units(from), units(to))
      let curve = a == b ? Stretch.Curve.constant : .line(change: a < b ? b - a : a - b, rises: a < b)
      return Stretch(curve, begin: begin, length: length, base: base, level: a)
    case .sine(let mean, let amplitude, let period):
      let (m, a) = (units(mean), units(amplitude))
      if a > m || period <= .zero {
        throw ValueError(found: "a wave that falls below zero", expected: "an amplitude of at most the mean")
      }
      if a == 0 { return Stretch(.constant, begin: begin, length: length, base: base, level: m) }
      let product = a.multipliedFullWidth(by: UInt64(period.nanoseconds))
      let swing = highProduct(UInt128(product.high) << 64 | UInt128(product.low), Wave.perPi)
      let curve = Stretch.Curve.sine(amplitude: a, period: UInt64(period.nanoseconds), swing: swing)
      return Stretch(curve, begin: begin, length: length, base: base, level: m)
    }
  }

  /// A multiple of all the levels' times, in nanoseconds; with a sine among them a large one, for its integral is no
  /// fraction.
  private static func commonTime(of shape: Shape) throws(ValueError) -> UInt64 {
    var common: UInt64 = 1
    var hasSine = false
    for level in shape.parts.flatMap(\.curve.levels) {
      if level.perSecond > Rate.highestPerSecond {
        throw ValueError(found: "\(level.perSecond)/s", expected: "at most 100000000/s")
      }
      let per = reduced(level).per
      let (product, overflow) = common.multipliedReportingOverflow(by: per / greatestDivisor(common, per))
      if overflow || product > 1 << 61 {
        throw ValueError(
          found: "levels in too many different times", expected: "levels in the same time, such as 500/s")
      }
      common = product
    }
    for part in shape.parts { if case .sine = part.curve { hasSine = true } }
    while hasSine, common <= 1 << 60 { common <<= 1 }
    return common
  }

  private static func reduced(_ level: Shape.Level) -> (count: UInt64, per: UInt64) {
    let (count, per) = (UInt64(level.count), UInt64(level.per.nanoseconds))
    let divisor = greatestDivisor(count, per)
    return (count / divisor, per / divisor)
  }

  private static func greatestDivisor(_ a: UInt64, _ b: UInt64) -> UInt64 {
    var (a, b) = (a, b)
    while b != 0 { (a, b) = (b, a % b) }
    return max(a, 1)
  }

  /// The part in which so many units have come and not one more; nil beyond the end.
  @usableFromInline
  func stretch(atMost target: UInt128) -> Stretch? {
    var low = 0
    var high = stretches.count
    while low < high {
      let middle = (low + high) / 2
      if stretches[middle].top > target { high = middle } else { low = middle + 1 }
    }
    return low < stretches.count ? stretches[low] : nil
  }

  @usableFromInline
  func last(atMost target: UInt128) -> Int64 { stretch(atMost: target)?.last(atMost: target) ?? .max }

  /// The integral up to a time in units, rounded up.
  func units(at time: TimeSpan) -> UInt128 {
    if time <= .zero { return 0 }
    var low = 0
    var high = stretches.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if stretches[middle].begin <= time.nanoseconds { low = middle } else { high = middle - 1 }
    }
    let stretch = stretches[low]
    return stretch.units(at: min(time.nanoseconds - stretch.begin, stretch.length))
  }

  /// The smallest n that is not due before the time: ⌈Λ(time)⌉.
  ///
  /// A sine's rounding may lie the other way a billionth of an arrival from a whole number: what `last` says counts.
  func arrivals(before time: TimeSpan) -> UInt64 {
    if time <= .zero { return 0 }
    let units = units(at: time)
    var count = UInt64(clamping: (units &+ perArrival &- 1) / perArrival)
    while count > 0, last(atMost: UInt128(count - 1) &* perArrival) >= time.nanoseconds { count -= 1 }
    while last(atMost: UInt128(count) &* perArrival) < time.nanoseconds { count += 1 }
    return count
  }
}
