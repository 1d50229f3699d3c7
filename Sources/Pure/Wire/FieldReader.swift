import Bytes

/// Reads field values from one message's bytes and keeps account of what the message asks for in all.
struct FieldReader {
  var bytes: ByteReader
  var budget = Budget()

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = ByteReader(bytes)
  }

  /// What one message may claim, whatever its bytes say.
  struct Budget {
    /// The sum of all its counts is below this: so sums over a message, and over a few, stay within 64 bits. Sums of
    /// times are not among them; whoever adds those up does so with an end.
    static let highestTotal: UInt64 = 1 << 58
    /// All its histograms together reach over at most so many buckets (8 bytes each in memory).
    static let mostBuckets = 4_194_304

    private(set) var total: UInt64 = 0
    private(set) var buckets = 0

    mutating func claim(total more: UInt64) throws(WireError) {
      let (sum, overflow) = total.addingReportingOverflow(more)
      guard !overflow, sum < Budget.highestTotal else {
        throw WireError(place: "", found: "counts that sum up to 2^58 or more", expected: "less in one message")
      }
      total = sum
    }

    mutating func claim(buckets more: Int) throws(WireError) {
      guard more <= Budget.mostBuckets - buckets else {
        throw WireError(
          place: "", found: "histograms over more than \(Budget.mostBuckets) buckets", expected: "fewer in one message")
      }
      buckets += more
    }
  }

  mutating func integer<T: FixedWidthInteger>(_ type: T.Type) throws(WireError) -> T {
    do { return try bytes.readInteger(type) } catch { throw FieldReader.truncated(error) }
  }

  mutating func varint() throws(WireError) -> UInt64 {
    let value: UInt64?
    do { value = try bytes.readVarint() } catch { throw FieldReader.truncated(error) }
    guard let value else {
      throw WireError(place: "", found: "a number that is too long", expected: "LEB128 of 64 bits in its shortest form")
    }
    return value
  }

  /// A varint that counts things of `least` bytes or more each, all still to come.
  mutating func count(ofAtLeast least: Int) throws(WireError) -> Int {
    let value = try varint()
    let most = bytes.remaining / Swift.max(least, 1)
    guard value <= UInt64(most) else {
      throw WireError(place: "", found: "a count of \(value)", expected: "at most \(most) in the bytes left")
    }
    return Int(value)
  }

  /// A varint length and so many bytes.
  mutating func run() throws(WireError) -> ArraySlice<UInt8> {
    try run(of: count(ofAtLeast: 1))
  }

  mutating func run(of length: Int) throws(WireError) -> ArraySlice<UInt8> {
    do { return try bytes.read(length) } catch { throw FieldReader.truncated(error) }
  }

  /// Reads `part` with `body`, which must use it up; what it claims counts here too.
  mutating func within<Value>(
    _ part: ArraySlice<UInt8>, _ body: (inout FieldReader) throws(WireError) -> Value
  ) throws(WireError) -> Value {
    var inner = FieldReader(part)
    inner.budget = budget
    let value = try body(&inner)
    budget = inner.budget
    if inner.bytes.remaining > 0 {
      throw WireError(place: "", found: "\(inner.bytes.remaining) bytes more", expected: "the field's end")
    }
    return value
  }

  private static func truncated(_ error: ByteReader.Truncated) -> WireError {
    WireError(place: "", found: "\(error.left) bytes left", expected: "\(error.wanted) more bytes")
  }
}
