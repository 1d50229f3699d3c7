/// The log-linear division of time that every histogram shares: 128 sub-buckets per octave, 1 µs to about 71 minutes.
///
/// ```
/// value in µs   0 … 127   128 … 255   256 … 511   …   2^31 … 2^32−1
/// bucket width     1          1           2                2^24
/// block            0          1           2        …        25        each of 128 buckets
/// ```
/// A bucket is never wider than 1/128 of its lower bound, so its middle is within 0.4 % of any value in it.
/// This is the layout of HdrHistogram with other constants; the numbers are part of the record format.
public enum Bucket {
  /// Buckets in one block (one octave).
  public static let perBlock = 128
  public static let blocks = 26
  /// Buckets in a whole histogram.
  public static let count = 3_328

  /// The bucket of a time in microseconds.
  @inlinable
  public static func index(of microseconds: UInt32) -> Int {
    if microseconds < 128 { return Int(microseconds) }
    let octave = 31 &- microseconds.leadingZeroBitCount
    let shift = octave &- 7
    return (octave &- 6) &<< 7 | Int((microseconds &>> UInt32(truncatingIfNeeded: shift)) & 127)
  }

  /// The lowest time that falls into the bucket, in microseconds.
  @inlinable
  public static func lowerBound(of index: Int) -> UInt32 {
    if index < 128 { return UInt32(index) }
    let shift = UInt32(index >> 7) - 1
    return UInt32(128 + (index & 127)) << shift
  }

  /// The highest time that falls into the bucket, in microseconds.
  @inlinable
  public static func upperBound(of index: Int) -> UInt32 {
    if index < 128 { return UInt32(index) }
    let shift = UInt32(index >> 7) - 1
    return lowerBound(of: index) + ((1 << shift) - 1)
  }

  /// The value that stands for all in the bucket: its middle, rounded down.
  @inlinable
  public static func middle(of index: Int) -> UInt32 {
    let low = lowerBound(of: index)
    return low + (upperBound(of: index) - low) / 2
  }
}
