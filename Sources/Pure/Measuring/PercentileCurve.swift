/// Two histograms side by side, accepted and censored, as the list of their used buckets: any percentile can be
/// read from it, it is small enough to keep for every second, and it merges exactly, in any order.
public struct PercentileCurve: Sendable, Hashable {
  /// One used bucket.
  struct Rung: Sendable, Hashable {
    var bucket: UInt16
    var accepted: UInt64
    var censored: UInt64
  }

  /// Ascending by bucket; no rung is empty.
  var rungs: [Rung] = []
  public internal(set) var accepted = Extent()
  public internal(set) var censored = Extent()

  /// What is known exactly of one of the two histograms.
  public struct Extent: Sendable, Hashable {
    public internal(set) var count: UInt64 = 0
    /// The sum of all values in microseconds.
    public internal(set) var sum: UInt64 = 0
    /// Microseconds; both 0 where `count` is 0.
    public internal(set) var min: UInt32 = 0
    public internal(set) var max: UInt32 = 0

    init() {}

    init(_ histogram: Histogram) {
      count = histogram.count
      sum = histogram.sum
      min = histogram.min
      max = histogram.max
    }

    mutating func merge(_ other: Extent) {
      if other.count == 0 { return }
      min = count == 0 ? other.min : Swift.min(min, other.min)
      max = Swift.max(max, other.max)
      count = count.addingClamped(other.count)
      sum = sum.addingClamped(other.sum)
    }
  }

  public init() {}

  public init(accepted: Histogram, censored: Histogram = Histogram()) {
    self.accepted = Extent(accepted)
    self.censored = Extent(censored)
    rungs.reserveCapacity(accepted.buckets.count)
    var (mine, theirs) = (0, 0)
    // Two ascending lists in step.
    while mine < accepted.buckets.count || theirs < censored.buckets.count {
      let a = mine < accepted.buckets.count ? accepted.buckets[mine] : .max
      let c = theirs < censored.buckets.count ? censored.buckets[theirs] : .max
      rungs.append(
        Rung(
          bucket: Swift.min(a, c), accepted: a <= c ? accepted.times[mine] : 0,
          censored: c <= a ? censored.times[theirs] : 0))
      if a <= c { mine += 1 }
      if c <= a { theirs += 1 }
    }
  }

  /// How many values it stands on, accepted and censored together.
  public var count: UInt64 { accepted.count.addingClamped(censored.count) }

  /// Adds the other's values to this one's.
  public mutating func merge(_ other: PercentileCurve) {
    if other.rungs.isEmpty { return }
    accepted.merge(other.accepted)
    censored.merge(other.censored)
    if rungs.isEmpty {
      rungs = other.rungs
      return
    }
    var merged: [Rung] = []
    merged.reserveCapacity(rungs.count + other.rungs.count)
    var mine = rungs[...]
    var theirs = other.rungs[...]
    while let a = mine.first, let b = theirs.first {
      if a.bucket <= b.bucket { mine.removeFirst() }
      if b.bucket <= a.bucket { theirs.removeFirst() }
      if a.bucket == b.bucket {
        merged.append(
          Rung(
            bucket: a.bucket, accepted: a.accepted.addingClamped(b.accepted),
            censored: a.censored.addingClamped(b.censored)))
      } else {
        merged.append(a.bucket < b.bucket ? a : b)
      }
    }
    rungs = merged + mine + theirs
  }
}

extension PercentileCurve {
  /// The p-th percentile; see `Reading.percentile`. Nil where empty and for a `p` outside 0…100.
  public func reading(_ p: Double) -> Reading? {
    guard let rank = Percentile.rank(p, of: count) else { return nil }
    if p == 0 { return minimum }
    if p == 100 { return maximum }
    guard let low = rungs[atRank: rank, \.both] else { return maximum }
    // With the censored at infinity only the accepted are left to be ranked; beyond them lies infinity.
    if rank <= accepted.count, let high = rungs[atRank: rank, \.accepted], high.bucket == low.bucket {
      // The true value lies at or below an accepted one, so below the greatest of them.
      return .exact(Swift.max(least, Swift.min(accepted.max, Bucket.middle(of: Int(low.bucket)))))
    }
    return .atLeast(floor(of: low))
  }

  /// The p-th percentile in microseconds if every request that was given up had taken for ever; nil where that is for
  /// ever too, where empty, and for a `p` outside 0…100.
  public func worst(_ p: Double) -> UInt32? {
    guard let rank = Percentile.rank(p, of: count), rank <= accepted.count else { return nil }
    if p == 0 { return accepted.min }
    if p == 100 { return accepted.max }
    guard let rung = rungs[atRank: rank, \.accepted] else { return accepted.max }
    return Swift.max(accepted.min, Swift.min(accepted.max, Bucket.middle(of: Int(rung.bucket))))
  }

  /// The least time; a bound only where a given-up request's bound lies below every accepted reply.
  public var minimum: Reading? {
    if count == 0 { return nil }
    if accepted.count > 0, censored.count == 0 || Bucket.index(of: accepted.min) <= Bucket.index(of: censored.min) {
      return .exact(accepted.min)
    }
    return .atLeast(least)
  }

  /// The greatest time; a bound as soon as one request was given up.
  public var maximum: Reading? {
    if count == 0 { return nil }
    return censored.count == 0 ? .exact(greatest) : .atLeast(greatest)
  }

  /// The mean, rounded to whole microseconds; a bound as soon as one request was given up.
  public var mean: Reading? {
    if count == 0 { return nil }
    let value = (Double(accepted.sum) + Double(censored.sum)) / Double(count)
    let micros = UInt32(clamping: Int64(Swift.min(value, 4.3e9).rounded()))
    return censored.count == 0 ? .exact(micros) : .atLeast(micros)
  }

  private var least: UInt32 {
    if accepted.count == 0 { return censored.min }
    return censored.count == 0 ? accepted.min : Swift.min(accepted.min, censored.min)
  }

  private var greatest: UInt32 { Swift.max(accepted.max, censored.max) }

  /// The least value that anything in the rung's bucket can have: the bucket's lower bound, or better.
  private func floor(of rung: Rung) -> UInt32 {
    let bucket = Int(rung.bucket)
    func lowest(_ times: UInt64, _ extent: Extent) -> UInt32 {
      if times == 0 { return .max }
      return Bucket.index(of: extent.min) == bucket ? extent.min : Bucket.lowerBound(of: bucket)
    }
    return Swift.min(lowest(rung.accepted, accepted), lowest(rung.censored, censored))
  }
}

extension PercentileCurve.Rung {
  fileprivate var both: UInt64 { accepted.addingClamped(censored) }
}

extension [PercentileCurve.Rung] {
  /// The first rung at which the running sum reaches the rank.
  fileprivate subscript(atRank rank: UInt64, count: (PercentileCurve.Rung) -> UInt64) -> PercentileCurve.Rung? {
    var below: UInt64 = 0
    for rung in self {
      below = below.addingClamped(count(rung))
      if below >= rank { return rung }
    }
    return nil
  }
}
