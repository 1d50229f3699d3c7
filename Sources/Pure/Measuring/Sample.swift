/// One request that is kept by itself: a record of `samples.bin`, as `proto-free-schema/samples.schema` says.
///
/// Plain data of 48 bytes, laid out in memory as in the file (lowest byte first, which every machine this runs on does).
public struct Sample: Sendable, Hashable {
  /// When it was due: nanoseconds since the run's start.
  public var intended: Int64 = 0
  /// Its arrival (open model) or its user, counted from 0.
  public var number: UInt64 = 0
  /// Microseconds since *intended*, `never` where it did not come to that: taken up, this request written, first byte of
  /// its reply, end.
  public var woke: UInt32 = 0
  public var sent: UInt32 = Sample.never
  public var firstByte: UInt32 = Sample.never
  public var end: UInt32 = 0
  /// Bytes; 4 GiB and more are `UInt32.max`.
  public var bytesIn: UInt32 = 0
  public var bytesOut: UInt32 = 0
  /// Its name's place in the file's head.
  public var name: UInt16 = 0
  /// 0 where there was none.
  public var status: UInt16 = 0
  /// The `ErrorKind`; 0 where it did not fail.
  public var error: UInt8 = 0
  public var flags: Flags = []
  /// The part of the load's shape that *intended* lies in.
  public var phase: UInt16 = 0

  /// Stands for an instant that there was none of.
  public static let never = UInt32.max

  public struct Flags: OptionSet, Sendable, Hashable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Another request of the same response follows: it was redirected, or tried again.
    public static let goesOn = Flags(rawValue: 1)
    /// Sent once more on another connection.
    public static let resent = Flags(rawValue: 2)
    /// A further try of what failed.
    public static let retry = Flags(rawValue: 4)
    /// Where a redirect led to.
    public static let redirected = Flags(rawValue: 8)
    /// Due in the warm-up.
    public static let warmUp = Flags(rawValue: 16)
  }

  public init() {}

  /// A time as samples have it: whole microseconds, 0 to about 71 minutes.
  public static func microseconds(_ nanoseconds: Int64) -> UInt32 {
    nanoseconds <= 0 ? 0 : UInt32(truncatingIfNeeded: min(UInt64(nanoseconds) / 1_000, UInt64(UInt32.max) - 1))
  }
}
