/// What became of the requests that were drawn to be kept one by one.
public struct SampleCount: Sendable, Hashable {
  /// The file of a run directory.
  public static let fileName = "samples.bin"

  /// One in so many was drawn.
  public var oneIn: UInt64
  /// Records of the file.
  public var kept: UInt64 = 0
  /// Left out because the writer did not keep up, because the file had reached its bound, and because the disk took no
  /// more.
  public var missed: UInt64 = 0
  public var beyondBound: UInt64 = 0
  public var unwritten: UInt64 = 0
  /// Why the disk took no more; empty where it did.
  public var problem = ""

  public init(oneIn: UInt64) { self.oneIn = oneIn }

  public var leftOut: UInt64 { missed + beyondBound + unwritten }
}
