import Bytes
public import Measuring
public import Model

/// What may stand in a topic of records, or in a spool: any message of `proto-free-schema/records.schema`.
public enum Record: Sendable, Hashable {
  case interval(Interval)
  case run(RunRecord)

  /// Reads one whole frame, with nothing behind it.
  ///
  /// - Throws: `WireError` for bytes that are no such record.
  public static func decode(_ bytes: ArraySlice<UInt8>) throws(WireError) -> Record {
    var reader = ByteReader(bytes)
    guard let frame = try Frame.next(in: &reader) else {
      throw WireError(place: "frame", found: "\(bytes.count) bytes", expected: "a whole frame")
    }
    if reader.remaining > 0 {
      throw WireError(place: "frame", found: "\(reader.remaining) bytes behind it", expected: "one frame alone")
    }
    guard frame.type == RunRecord.type else { return .interval(try IntervalCodec.decode(frame)) }
    if frame.request != 0 {
      throw WireError(place: "frame", found: "request \(frame.request)", expected: "0 in a record")
    }
    var fields = FieldReader(frame.fields)
    do throws(WireError) { return .run(try RunRecord.table.readFields(from: &fields)) } catch {
      throw error.inside(RunRecord.table.name)
    }
  }

  /// The whole frame's bytes.
  public func encoded() -> [UInt8] {
    switch self {
    case .interval(let interval): IntervalCodec.encode(interval)
    case .run(let run): run.encoded()
    }
  }

  /// (run, incarnation, sequence), unique over everything ever recorded; the sequence of a description is 0.
  public var key: Interval.Key {
    switch self {
    case .interval(let interval): interval.key
    case .run(let run): Interval.Key(run: run.run, incarnation: run.incarnation, sequence: 0)
    }
  }
}

extension Identifier {
  /// 16 bytes in the order of the text form: a record's key in Kafka is its incarnation's.
  public var bytes: [UInt8] {
    var writer = ByteWriter()
    writer.writeInteger(high.byteSwapped)
    writer.writeInteger(low.byteSwapped)
    return writer.bytes
  }
}
