import Model

/// One part of a shape on the run's time line, in whole units so small that sums of parts are exact.
///
/// A unit is 1/`2R` of an arrival, R a common multiple of all the levels' times in nanoseconds; with a level of
/// `k/R` arrivals a nanosecond the integral at t nanoseconds after the part's beginning is
/// ```
/// constant   base + 2k·t
/// line       base + 2k·t ± change·t²/length
/// sine       base + 2k·t + swing·(1 − cos(2πt/period))      swing = amplitude·period/π
/// ```
/// Plain memory: it may be copied on the request path.
@usableFromInline struct Stretch: Sendable, Hashable {
  enum Curve: Sendable, Hashable {
    case constant
    case line(change: UInt64, rises: Bool)
    case sine(amplitude: UInt64, period: UInt64, swing: UInt128)
  }

  var curve: Curve
  /// Where it begins on the time line, and how long it lasts; nanoseconds.
  var begin: Int64
  var length: Int64
  /// The integral up to its beginning and up to its end; equal where its level is zero.
  @usableFromInline var base: UInt128
  @usableFromInline var top: UInt128 = 0
  /// The level at the beginning, of a sine its mean.
  var level: UInt64

  init(_ curve: Curve, begin: Int64, length: Int64, base: UInt128, level: UInt64) {
    self.curve = curve
    self.begin = begin
    self.length = length
    self.base = base
    self.level = level
    top = units(at: length)
  }

  /// The integral in units, rounded up, so many nanoseconds after the beginning; that of a sine within 2^-59 of an
  /// arrival, the others exactly.
  func units(at time: Int64) -> UInt128 {
    let time = UInt64(time)
    let even = level.multipliedFullWidth(by: time)
    let straight = base &+ (UInt128(even.high) << 65 | UInt128(even.low) << 1)
    switch curve {
    case .constant: return straight
    case .line(let change, let rises):
      let bend = squareQuotient(change, time, UInt64(length))
      return rises ? straight &+ bend.quotient &+ (bend.isWhole ? 0 : 1) : straight &- bend.quotient
    case .sine(_, let period, let swing):
      let rest = time % period
      let upper = period.divided(rest, 0)
      let phase = UInt128(upper.quotient) << 64 | UInt128(period.divided(upper.rest, 0).quotient)
      return straight &+ highProduct(swing, Wave.versine(phase: phase)) << 2
    }
  }

  /// The last nanosecond, counted from the run's start, at which no more than so many units have come.
  ///
  /// - Precondition: base ≤ units < top.
  @usableFromInline
  func last(atMost target: UInt128) -> Int64 {
    let wanted = target &- base
    switch curve {
    case .constant:
      let (high, low) = (UInt64(truncatingIfNeeded: wanted >> 64), UInt64(truncatingIfNeeded: wanted))
      return begin &+ Int64((level << 1).divided(high, low).quotient)
    case .line(let change, let rises):
      // level·2·t + s·t² = x, in the form that loses nothing where s is small or negative.
      let x = Double(near: wanted)
      let half = Double(level)
      let square = half * half + (rises ? x : -x) * Double(change) / Double(length)
      return begin &+ search(target, from: x / (half + max(0, square).squareRoot()))
    case .sine(let amplitude, let period, _):
      return begin &+ searchWave(target, Double(near: wanted), Double(amplitude), Double(period))
    }
  }

  /// The last time with `units(at:) ≤ target`, looked for from a guess on: right whatever the guess.
  private func search(_ target: UInt128, from guess: Double) -> Int64 {
    var low: Int64 = 0
    var high = length
    var time = Int64(min(max(0, guess), Double(high - 1)))
    time = min(time, high - 1)
    var step: Int64 = 1
    while high - low > 1 {
      if units(at: time) <= target {
        low = time
        time = high - time > step ? time + step : low + (high - low) / 2
      } else {
        high = time
        time = time - low > step ? time - step : low + (high - low) / 2
      }
      step = step < 1 << 60 ? step * 2 : step
    }
    return low
  }

  /// A sine is Kepler's equation: M = E − e·sin E, with e = amplitude/mean and E a quarter turn ahead.
  private func searchWave(_ target: UInt128, _ wanted: Double, _ amplitude: Double, _ period: Double) -> Int64 {
    let turn = 6.283_185_307_179_586
    let mean = Double(level)
    let e = amplitude / mean
    let perTurn = 2 * mean * period
    let turns = (wanted / perTurn).rounded(.down)
    let m = (wanted - turns * perTurn) / perTurn * turn - e
    // Of all starts near enough for every e ≤ 1 (Danby 1987), as angles of our sine.
    var angle = m + 0.85 * e * (m < turn / 4 || m > turn * 3 / 4 ? 1 : -1)
    for _ in 0..<6 {
      let (sine, cosine) = Turn.sineAndCosine(of: angle)
      let f = angle - e * cosine - m
      let first = 1 + e * sine
      let second = e * cosine
      let halley = f / (first - (first == 0 ? 0 : f * second / (2 * first)))
      guard halley.isFinite else { break }
      angle -= halley
      if abs(halley) < 1e-7 { break }
    }
    let guess = turns * period + angle / turn * period
    guard guess >= 0, guess < Double(length) - 1, guess < 0x1p60 else { return search(target, from: guess) }
    // One exact look says where the guess stands; the rest is a straight line, where that is surely near enough.
    var time = Int64(guess)
    let here = units(at: time)
    let gap = here <= target ? Double(near: target &- here) : -Double(near: here &- target)
    let slope = 2 * (mean + amplitude * Turn.sineAndCosine(of: angle).sine)
    let steps = gap / slope
    let whole = steps.rounded(.down)
    let bend = (abs(whole) + 2) * (abs(whole) + 2) * 2 * turn * amplitude / period + 64
    if min(steps - whole, whole + 1 - steps) * slope > bend, abs(whole) < 1_000_000 {
      time += Int64(whole)
      if time >= 0, time < length { return time }
    }
    return search(target, from: guess)
  }
}
