import Bytes
import Model

extension Form where Value: FixedWidthInteger & UnsignedInteger & Sendable {
  /// All bytes of the number, lowest first: `u16`, `u32`.
  static var fixed: Form {
    Form("u\(Value.bitWidth)", least: Value.bitWidth / 8, isEmpty: { $0 == 0 }) { value, writer in
      writer.writeInteger(value)
    } read: { (reader: inout FieldReader) throws(WireError) -> Value in
      try reader.integer(Value.self)
    }
  }
}

extension Form<UInt64> {
  /// A number that is no count: an index, a name's number.
  static var varint: Form {
    Form("varint", least: 1) { value, writer in
      writer.writeVarint(value)
    } read: { (reader: inout FieldReader) throws(WireError) -> UInt64 in
      try reader.varint()
    }
  }

  /// A number of things counted; the message's counts have a bounded sum.
  static var count: Form {
    Form("count", least: 1, isEmpty: { $0 == 0 }) { value, writer in
      writer.writeVarint(value)
    } read: { (reader: inout FieldReader) throws(WireError) -> UInt64 in
      let value = try reader.varint()
      try reader.budget.claim(total: value)
      return value
    }
  }
}

extension Form<Int64> {
  /// A signed count: zigzag (0, −1, 1, −2 … as 0, 1, 2, 3 …), its magnitude part of the message's sum.
  static var amount: Form {
    Form("amount", least: 1) { value, writer in
      writer.writeVarint(UInt64(bitPattern: value << 1 ^ value >> 63))
    } read: { (reader: inout FieldReader) throws(WireError) -> Int64 in
      let code = try reader.varint()
      let value = Int64(bitPattern: code >> 1) ^ -Int64(bitPattern: code & 1)
      try reader.budget.claim(total: value.magnitude)
      return value
    }
  }
}

extension Form<Bool> {
  static var bool: Form {
    Form("bool", least: 1) { value, writer in
      writer.writeInteger(UInt8(value ? 1 : 0))
    } read: { (reader: inout FieldReader) throws(WireError) -> Bool in
      let byte = try reader.integer(UInt8.self)
      if byte > 1 { throw WireError(place: "", found: "\(byte)", expected: "0 or 1") }
      return byte == 1
    }
  }
}

extension Form<String> {
  /// A varint length in bytes, then UTF-8.
  static var string: Form {
    Form("string", least: 1) { value, writer in
      writer.writeVarint(UInt64(value.utf8.count))
      writer.write(value.utf8)
    } read: { (reader: inout FieldReader) throws(WireError) -> String in
      guard let value = String(validating: try reader.run(), as: UTF8.self) else {
        throw WireError(place: "", found: "bytes that are no text", expected: "UTF-8")
      }
      return value
    }
  }
}

extension Form<Identifier> {
  /// 16 bytes in the order of the text form.
  static var uuid: Form {
    Form("uuid", least: 16) { value, writer in
      writer.writeInteger(value.high.byteSwapped)
      writer.writeInteger(value.low.byteSwapped)
    } read: { (reader: inout FieldReader) throws(WireError) -> Identifier in
      let high = try reader.integer(UInt64.self).byteSwapped
      return Identifier(high: high, low: try reader.integer(UInt64.self).byteSwapped)
    }
  }
}

extension Form<TimeSpan> {
  /// Nanoseconds since the run's start: 0 to ten years.
  static var instant: Form { nanoseconds("instant", atMost: TimeSpan.longest.nanoseconds) }
  /// Nanoseconds within about a second, over all CPUs: below 2^48 (78 hours).
  static var duration: Form { nanoseconds("duration", atMost: 1 << 48 - 1) }

  /// Spans outside the range are written as its nearer end.
  private static func nanoseconds(_ name: String, atMost most: Int64) -> Form {
    Form(name, least: 1, isEmpty: { $0 <= .zero }) { value, writer in
      writer.writeVarint(UInt64(Swift.max(0, Swift.min(value.nanoseconds, most))))
    } read: { (reader: inout FieldReader) throws(WireError) -> TimeSpan in
      let value = try reader.varint()
      guard value <= UInt64(most) else {
        throw WireError(place: "", found: "\(value) ns", expected: "at most \(most)")
      }
      return TimeSpan(nanoseconds: Int64(value))
    }
  }
}

extension Form where Value: RawRepresentable & CaseIterable & Sendable, Value.RawValue == UInt8 {
  /// One byte: the case's number.
  static func enumeration(_ name: String) -> Form {
    Form(name, least: 1) { value, writer in
      writer.writeInteger(value.rawValue)
    } read: { (reader: inout FieldReader) throws(WireError) -> Value in
      let number = try reader.integer(UInt8.self)
      guard let value = Value(rawValue: number) else {
        throw WireError(
          place: "", found: "\(name) \(number)",
          expected: "one of \(Value.allCases.count) known numbers (written by a newer version?)")
      }
      return value
    }
  }
}
