import Bytes

/// One message as it travels: a head of 16 bytes, then its fields.
///
/// ```
/// u32 length | u16 type | u16 flags | u64 request | fields | tagged tail        little-endian
/// ```
/// `length` counts everything behind itself.
public struct Frame: Sendable, Hashable {
  /// The least and greatest `length`: a head without fields, and 4 MiB.
  public static let shortest = 12
  public static let longest = 4_194_304

  /// The message's number in the schema.
  public var type: UInt16
  /// None are defined: a reader refuses what it does not know, since a flag may change what the bytes mean.
  public var flags: UInt16
  /// Which request a reply belongs to; 0 in records.
  public var request: UInt64
  /// The fields and the tagged tail.
  public var fields: ArraySlice<UInt8>

  public init(type: UInt16, flags: UInt16 = 0, request: UInt64 = 0, fields: ArraySlice<UInt8>) {
    self.type = type
    self.flags = flags
    self.request = request
    self.fields = fields
  }

  /// The whole frame's bytes.
  public func encoded() -> [UInt8] {
    var writer = ByteWriter()
    writer.writeInteger(UInt32(truncatingIfNeeded: Frame.shortest + fields.count))
    writer.writeInteger(type)
    writer.writeInteger(flags)
    writer.writeInteger(request)
    writer.write(fields)
    return writer.bytes
  }

  /// Takes the next frame; nil, with the reader unmoved, where more bytes are needed.
  ///
  /// The length is judged as soon as its four bytes are there, before anything is awaited.
  /// - Throws: `WireError` with the reader unmoved: the stream has no frames any more.
  public static func next(in reader: inout ByteReader, longest: Int = Frame.longest) throws(WireError) -> Frame? {
    var probe = reader
    guard let length = try? probe.readInteger(UInt32.self) else { return nil }
    guard Int(length) >= Frame.shortest, Int(length) <= longest else {
      throw WireError(place: "frame", found: "a length of \(length)", expected: "\(Frame.shortest) to \(longest)")
    }
    guard let content = try? probe.read(Int(length)) else { return nil }
    var head = ByteReader(content)
    guard let type = try? head.readInteger(UInt16.self), let flags = try? head.readInteger(UInt16.self),
      let request = try? head.readInteger(UInt64.self)
    else { return nil }
    if flags != 0 {
      throw WireError(place: "frame", found: "flags \(flags)", expected: "0 (written by a newer version?)")
    }
    reader = probe
    return Frame(type: type, flags: flags, request: request, fields: content.dropFirst(Frame.shortest))
  }
}
