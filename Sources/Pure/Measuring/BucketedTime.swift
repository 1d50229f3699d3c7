/// A time and its bucket: found once, counted in as many histograms as it belongs to.
public struct BucketedTime: Sendable {
  public let microseconds: UInt32
  @usableFromInline let bucket: Int

  @inlinable
  public init(microseconds: UInt32) {
    self.microseconds = microseconds
    bucket = Bucket.index(of: microseconds)
  }

  /// Nanoseconds in whole microseconds as histograms take them: 0 … about 71 minutes.
  @inlinable
  public init(nanoseconds: Int64) {
    let whole = UInt64(bitPattern: nanoseconds) / 1_000
    if whole <= UInt64(UInt32.max) {
      self.init(microseconds: UInt32(truncatingIfNeeded: whole))
    } else {
      self.init(microseconds: nanoseconds < 0 ? 0 : .max)
    }
  }
}
