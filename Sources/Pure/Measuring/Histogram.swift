/// Counts of times by bucket, with their exact number, sum, least and greatest: a value that is merged by adding.
///
/// This is the form for merging, storing and asking; the request path records into a `Bank` instead.
/// Only buckets in use are kept: a name with ten replies a second, and there may be a thousand, takes few hundred bytes.
public struct Histogram: Sendable, Hashable {
  /// The buckets in use, ascending, and beside each how many values it holds: at least one.
  public private(set) var buckets: [UInt16] = []
  public private(set) var times: [UInt64] = []
  /// How many values were recorded.
  public private(set) var count: UInt64 = 0
  /// Their sum in microseconds.
  public private(set) var sum: UInt64 = 0
  /// The least and greatest value in microseconds; 0 where `count` is 0.
  public private(set) var min: UInt32 = 0
  public private(set) var max: UInt32 = 0

  public init() {}

  /// The buckets in use, ascending, each with its number of values.
  public var used: Zip2Sequence<[UInt16], [UInt64]> { zip(buckets, times) }

  /// Counts by bucket, from 0 up to the highest in use; put together at each call.
  public var counts: [UInt64] {
    var counts = [UInt64](repeating: 0, count: buckets.last.map { Int($0) + 1 } ?? 0)
    for (bucket, number) in used { counts[Int(bucket)] = number }
    return counts
  }

  /// Counts one time of so many microseconds, `times` times.
  public mutating func record(_ microseconds: UInt32, times: UInt64 = 1) {
    if times == 0 { return }
    add(times, toBucket: UInt16(truncatingIfNeeded: Bucket.index(of: microseconds)))
    min = count == 0 ? microseconds : Swift.min(min, microseconds)
    max = Swift.max(max, microseconds)
    count = count.addingClamped(times)
    let (product, overflow) = UInt64(microseconds).multipliedReportingOverflow(by: times)
    sum = sum.addingClamped(overflow ? .max : product)
  }

  /// Adds the other's values to this one's; the order of merges never matters. Sums beyond 64 bits stay at their end.
  public mutating func merge(_ other: Histogram) {
    if other.count == 0 { return }
    if count == 0 {
      self = other
      return
    }
    mergeBuckets(other)
    min = Swift.min(min, other.min)
    max = Swift.max(max, other.max)
    count = count.addingClamped(other.count)
    sum = sum.addingClamped(other.sum)
  }

  /// In place as long as the other's buckets are in use here too, which after some seconds they mostly are.
  private mutating func mergeBuckets(_ other: Histogram) {
    var place = 0
    var strange = 0
    for (bucket, number) in other.used {
      place = firstPlace(notBelow: bucket, from: place)
      if place < buckets.count, buckets[place] == bucket {
        times[place] = times[place].addingClamped(number)
      } else {
        strange += 1
      }
    }
    if strange == 0 { return }
    var (newBuckets, newTimes) = ([UInt16](), [UInt64]())
    newBuckets.reserveCapacity(buckets.count + strange)
    newTimes.reserveCapacity(buckets.count + strange)
    place = 0
    func take(below bucket: Int) {
      while place < buckets.count, Int(buckets[place]) < bucket {
        newBuckets.append(buckets[place])
        newTimes.append(times[place])
        place += 1
      }
    }
    for (bucket, number) in other.used {
      take(below: Int(bucket))
      if place < buckets.count, buckets[place] == bucket { continue }
      newBuckets.append(bucket)
      newTimes.append(number)
    }
    take(below: .max)
    (buckets, times) = (newBuckets, newTimes)
  }

  private mutating func add(_ number: UInt64, toBucket bucket: UInt16) {
    let place = firstPlace(notBelow: bucket, from: 0)
    if place < buckets.count, buckets[place] == bucket {
      times[place] = times[place].addingClamped(number)
    } else {
      buckets.insert(bucket, at: place)
      times.insert(number, at: place)
    }
  }

  /// Where the first bucket in use is that is not below this one. O(log n).
  private func firstPlace(notBelow bucket: UInt16, from start: Int) -> Int {
    var (low, high) = (start, buckets.count)
    while low < high {
      let middle = (low + high) / 2
      if buckets[middle] < bucket { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Made from its parts as stored; nil where they contradict each other (so that no stored bytes can
  /// make a histogram that recording could not have made).
  public init?(counts: [UInt64], sum: UInt64, min: UInt32, max: UInt32) {
    keep(counts)
    var total: UInt64 = 0
    for number in times {
      let (next, overflow) = total.addingReportingOverflow(number)
      if overflow { return nil }
      total = next
    }
    if let lowest = buckets.first, let highest = buckets.last {
      if highest >= Bucket.count { return nil }
      guard Bucket.index(of: min) == lowest, Bucket.index(of: max) == highest, min <= max else { return nil }
    } else if min != 0 || max != 0 || sum != 0 {
      return nil
    }
    self.count = total
    self.sum = sum
    self.min = min
    self.max = max
  }

  /// Made from counts of which some were folded into a neighbouring bucket: least and greatest are those of the
  /// buckets, and the sum is kept.
  init(folded counts: [UInt64], sum: UInt64) {
    keep(counts)
    guard let lowest = buckets.first, let highest = buckets.last else { return }
    self.count = times.reduce(0, +)
    self.sum = sum
    self.min = Bucket.lowerBound(of: Int(lowest))
    self.max = Bucket.upperBound(of: Int(highest))
  }

  /// Takes over those that are not zero. Room is made for just so many: there are thousands of these.
  private mutating func keep(_ counts: [UInt64]) {
    let used = counts.reduce(0) { $1 > 0 ? $0 + 1 : $0 }
    buckets.reserveCapacity(used)
    times.reserveCapacity(used)
    for (bucket, number) in counts.enumerated() where number > 0 {
      buckets.append(UInt16(clamping: bucket))
      times.append(number)
    }
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
