import Bytes
import Measuring

/// Intervals to frames and back: the message `IntervalRecord` of `proto-free-schema/records.schema`.
///
/// Every interval has exactly one encoding, and what decodes encodes to the same bytes again, apart from tail
/// fields of a newer version, which are skipped.
public enum IntervalCodec {
  /// The message's number.
  public static let type: UInt16 = 0x0101
  /// What a record should stay below, in bytes: a broker's usual limit is 1 MB.
  public static let limit = 900_000

  /// The whole frame's bytes. It decodes to the same interval as long as its counts add up to less than 2^58, which
  /// is more than a second can hold, and its histograms fit (`split` sees to that). Spans outside the format's range are written as the nearer end of the range.
  public static func encode(_ interval: Interval) -> [UInt8] {
    var writer = ByteWriter()
    IntervalTables.interval.writeFields(interval, into: &writer)
    return Frame(type: type, fields: writer.bytes[...]).encoded()
  }

  /// Reads one whole frame, with nothing behind it.
  ///
  /// Takes memory of at most 32 MiB and about 35 times the bytes given, whatever they say.
  /// - Throws: `WireError` for bytes that are no such record.
  public static func decode(_ bytes: ArraySlice<UInt8>) throws(WireError) -> Interval {
    var reader = ByteReader(bytes)
    guard let frame = try Frame.next(in: &reader) else {
      throw WireError(place: "frame", found: "\(bytes.count) bytes", expected: "a whole frame")
    }
    if reader.remaining > 0 {
      throw WireError(place: "frame", found: "\(reader.remaining) bytes behind it", expected: "one frame alone")
    }
    return try decode(frame)
  }

  /// Reads a frame's fields.
  ///
  /// - Throws: `WireError` for a frame of another type and for fields that are no such record.
  public static func decode(_ frame: Frame) throws(WireError) -> Interval {
    guard frame.type == type else {
      throw WireError(
        place: "frame", found: "message type \(frame.type)",
        expected: "\(type) (IntervalRecord; written by a newer version?)")
    }
    if frame.request != 0 {
      throw WireError(place: "frame", found: "request \(frame.request)", expected: "0 in a record")
    }
    var reader = FieldReader(frame.fields)
    do throws(WireError) { return try IntervalTables.interval.readFields(from: &reader) } catch {
      throw error.inside(IntervalTables.interval.name)
    }
  }
}
