import Measuring

extension Histogram {
  /// How many values were at least so many microseconds, to a bucket's width.
  func count(atLeast microseconds: UInt32) -> UInt64 {
    counts.enumerated().reduce(0) { $1.offset >= Bucket.index(of: microseconds) ? $0 + $1.element : $0 }
  }
}
