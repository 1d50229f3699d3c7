public import Model

/// The head of `samples.bin`: what is the same for all its records.
public struct SampleHead: Sendable, Hashable {
  public static let magic = "STMPSMPL"
  public static let version: UInt16 = 1

  public var run: Identifier
  /// One request in so many was drawn.
  public var oneIn: UInt64
  public var seed: UInt64
  /// The run's start by the wall clock: nanoseconds since 1970.
  public var begin: Int64
  public var names: [String]

  public init(run: Identifier, oneIn: UInt64, seed: UInt64, begin: Int64, names: [String]) {
    self.run = run
    self.oneIn = oneIn
    self.seed = seed
    self.begin = begin
    self.names = names
  }

  /// As it stands in the file; the records follow at once.
  public var bytes: [UInt8] {
    var rest: [UInt8] = []
    func add(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
      var value = value
      for _ in 0..<value.bitWidth / 8 {
        bytes.append(UInt8(truncatingIfNeeded: value))
        value >>= 8
      }
    }
    // The order of its text.
    add(run.high.byteSwapped, to: &rest)
    add(run.low.byteSwapped, to: &rest)
    add(oneIn, to: &rest)
    add(seed, to: &rest)
    add(begin, to: &rest)
    add(UInt32(names.count), to: &rest)
    for name in names {
      add(UInt32(name.utf8.count), to: &rest)
      rest += Array(name.utf8)
    }
    var bytes = Array(SampleHead.magic.utf8)
    add(SampleHead.version, to: &bytes)
    add(UInt16(MemoryLayout<Sample>.stride), to: &bytes)
    add(UInt32(bytes.count + 4 + rest.count), to: &bytes)
    return bytes + rest
  }
}
