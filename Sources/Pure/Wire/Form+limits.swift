import Bytes
import Model

extension Form<String> {
  /// A string of at most so many bytes; a longer one is written up to the last whole character that fits.
  static func string(atMost most: Int) -> Form {
    Form("string<\(most)>", least: 1, isEmpty: \.isEmpty) { value, writer in
      Form.string.write(value.clipped(toBytes: most), &writer)
    } read: { (reader: inout FieldReader) throws(WireError) -> String in
      let value = try Form.string.read(&reader)
      if value.utf8.count > most {
        throw WireError(place: "", found: "\(value.utf8.count) bytes of text", expected: "at most \(most)")
      }
      return value
    }
  }
}

extension String {
  /// As many whole characters from the front as fit into so many bytes of UTF-8.
  func clipped(toBytes most: Int) -> String {
    if utf8.count <= most { return self }
    var end = utf8.index(utf8.startIndex, offsetBy: most)
    while end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
    return String(self[..<end])
  }
}

extension Form<[UInt8]> {
  /// A varint length of at most so many, then the bytes.
  static func bytes(atMost most: Int) -> Form {
    Form("bytes<\(most)>", least: 1, isEmpty: \.isEmpty) { value, writer in
      writer.writeVarint(UInt64(value.count))
      writer.write(value)
    } read: { (reader: inout FieldReader) throws(WireError) -> [UInt8] in
      let value = try reader.run()
      if value.count > most {
        throw WireError(place: "", found: "\(value.count) bytes", expected: "at most \(most)")
      }
      return Array(value)
    }
  }
}

extension Form<Instant> {
  /// A moment on the master's clock; one before its zero is written as zero.
  static var moment: Form {
    Form("moment", least: 8) { value, writer in
      writer.writeInteger(UInt64(Swift.max(0, value.nanoseconds)))
    } read: { (reader: inout FieldReader) throws(WireError) -> Instant in
      let value = try reader.integer(UInt64.self)
      guard let nanoseconds = Int64(exactly: value) else {
        throw WireError(place: "", found: "\(value) ns", expected: "less than 2^63")
      }
      return Instant(nanoseconds: nanoseconds)
    }
  }
}
