/// Counts of times by bucket, with their exact number, sum, least and greatest: a value that is merged by adding.
///
/// This is the form for merging, storing and asking; the request path records into a `Bank` instead.
public struct Histogram: Sendable, Hashable {
  /// Counts by bucket, up to the highest bucket ever used; never ends in a zero.
  public private(set) var counts: [UInt64] = []
  /// How many values were recorded.
  public private(set) var count: UInt64 = 0
  /// Their sum in microseconds.
  public private(set) var sum: UInt64 = 0
  /// The least and greatest value in microseconds; 0 where `count` is 0.
  public private(set) var min: UInt32 = 0
  public private(set) var max: UInt32 = 0

  public init() {}

  /// Counts one time of so many microseconds, `times` times.
  public mutating func record(_ microseconds: UInt32, times: UInt64 = 1) {
    if times == 0 { return }
    add(times, toBucket: Bucket.index(of: microseconds))
    min = count == 0 ? microseconds : Swift.min(min, microseconds)
    max = Swift.max(max, microseconds)
    count = count.addingClamped(times)
    let (product, overflow) = UInt64(microseconds).multipliedReportingOverflow(by: times)
    sum = sum.addingClamped(overflow ? .max : product)
  }

  /// Adds the other's values to this one's; the order of merges never matters. Sums beyond 64 bits stay at their end.
  public mutating func merge(_ other: Histogram) {
    if other.count == 0 { return }
    if counts.count < other.counts.count {
      counts.append(contentsOf: repeatElement(0, count: other.counts.count - counts.count))
    }
    // Most buckets of a second are empty: below the least value all of them are.
    for bucket in Bucket.index(of: other.min)..<other.counts.count {
      let times = other.counts[bucket]
      if times > 0 { counts[bucket] = counts[bucket].addingClamped(times) }
    }
    min = count == 0 ? other.min : Swift.min(min, other.min)
    max = Swift.max(max, other.max)
    count = count.addingClamped(other.count)
    sum = sum.addingClamped(other.sum)
  }

  private mutating func add(_ times: UInt64, toBucket bucket: Int) {
    if bucket >= counts.count {
      counts.append(contentsOf: repeatElement(0, count: bucket + 1 - counts.count))
    }
    counts[bucket] = counts[bucket].addingClamped(times)
  }

  /// Made from its parts as stored; nil where they contradict each other (so that no stored bytes can
  /// make a histogram that recording could not have made).
  public init?(counts: [UInt64], sum: UInt64, min: UInt32, max: UInt32) {
    var counts = counts
    while counts.last == 0 { counts.removeLast() }
    var total: UInt64 = 0
    for count in counts {
      let (next, overflow) = total.addingReportingOverflow(count)
      if overflow { return nil }
      total = next
    }
    if counts.count > Bucket.count { return nil }
    if let lowest = counts.firstIndex(where: { $0 > 0 }) {
      guard Bucket.index(of: min) == lowest, Bucket.index(of: max) == counts.count - 1, min <= max else { return nil }
    } else if min != 0 || max != 0 || sum != 0 {
      return nil
    }
    self.counts = counts
    self.count = total
    self.sum = sum
    self.min = min
    self.max = max
  }

  /// Made from counts of which some were folded into a neighbouring bucket: least and greatest are those of the
  /// buckets, and the sum is kept.
  init(folded counts: [UInt64], sum: UInt64) {
    var counts = counts
    while counts.last == 0 { counts.removeLast() }
    guard let lowest = counts.firstIndex(where: { $0 > 0 }) else { return }
    self.counts = counts
    self.count = counts.reduce(0, +)
    self.sum = sum
    self.min = Bucket.lowerBound(of: lowest)
    self.max = Bucket.upperBound(of: counts.count - 1)
  }

  /// Made where no bucket was kept: the least and the greatest are put where they were, all others at the mean of the
  /// rest. The number, the sum, the least and the greatest stay exact.
  init(count: UInt64, sum: UInt64, min: UInt32, max: UInt32) {
    self.init()
    if count == 0 || min > max { return }
    record(min)
    if count > 1 { record(max) }
    if count > 2 {
      let ends = UInt64(min) + UInt64(max)
      let rest = (sum > ends ? sum - ends : 0) / (count - 2)
      record(Swift.max(min, Swift.min(max, UInt32(clamping: rest))), times: count - 2)
    }
    self.sum = sum
  }

  /// The mean in microseconds; nil where empty.
  public var mean: Double? { count == 0 ? nil : Double(sum) / Double(count) }
}
