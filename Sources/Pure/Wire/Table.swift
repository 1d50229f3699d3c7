import Bytes

/// The fields of a message, block or struct in their order: what is written and read, and what the schema says.
package struct Table<Root>: Sendable {
  /// What surrounds the fields.
  package enum Kind: Sendable, Hashable {
    /// A frame of this type number; has a tail.
    case message(UInt16)
    /// A varint length in front; has a tail, so it can grow.
    case block
    /// Nothing: its fields never change.
    case plain
  }

  package let name: String
  package let kind: Kind
  package let fields: [Field<Root>]
  private let body: [Field<Root>]
  private let tail: [Field<Root>]
  private let initial: @Sendable () -> Root
  private let check: @Sendable (Root) throws(WireError) -> Void

  /// - Parameters:
  ///   - initial: the value before its fields are read.
  ///   - check: refuses what the fields say together.
  init(
    _ name: String, _ kind: Kind, initial: @escaping @Sendable () -> Root, fields: [Field<Root>],
    check: @escaping @Sendable (Root) throws(WireError) -> Void = { _ in }
  ) {
    self.name = name
    self.kind = kind
    self.fields = fields
    self.body = fields.filter { $0.place == .body }
    self.tail = fields.filter { $0.place == .tail }.sorted { $0.number < $1.number }
    self.initial = initial
    self.check = check
  }

  /// Writes the fields and the tail, without what surrounds them.
  func writeFields(_ root: Root, into writer: inout ByteWriter) {
    for field in body { field.write(root, &writer) }
    for field in tail where !field.isEmpty(root) {
      var content = ByteWriter()
      field.write(root, &content)
      writer.writeVarint(UInt64(field.number))
      writer.writeVarint(UInt64(content.bytes.count))
      writer.write(content.bytes)
    }
  }

  /// Reads fields and tail up to the reader's end (a plain struct: the fields only).
  func readFields(from reader: inout FieldReader) throws(WireError) -> Root {
    var root = initial()
    for field in body {
      do throws(WireError) { try field.read(&root, &reader) } catch { throw error.inside(field.name) }
    }
    if kind != .plain { try readTail(into: &root, from: &reader) }
    try check(root)
    return root
  }

  private func readTail(into root: inout Root, from reader: inout FieldReader) throws(WireError) {
    var last: UInt64 = 0
    while reader.bytes.remaining > 0 {
      let tag: UInt64
      let content: ArraySlice<UInt8>
      do throws(WireError) {
        tag = try reader.varint()
        guard tag > last else {
          throw WireError(place: "", found: "tag \(tag) after \(last)", expected: "tags from 1 on, ascending")
        }
        last = tag
        content = try reader.run()
      } catch { throw error.inside("tail") }
      guard let field = tail.first(where: { $0.number == tag }) else { continue }
      do throws(WireError) {
        root = try reader.within(content) { (inner: inout FieldReader) throws(WireError) -> Root in
          var next = root
          try field.read(&next, &inner)
          return next
        }
        if field.isEmpty(root) {
          throw WireError(place: "", found: "nothing in it", expected: "a field left out when empty")
        }
      } catch { throw error.inside(field.name) }
    }
  }

  /// The form of a block or plain struct as a field's type.
  var form: Form<Root> {
    let table = self
    let least = body.reduce(0) { $0 + $1.least }
    if kind == .plain {
      return Form(name, least: least) { root, writer in
        table.writeFields(root, into: &writer)
      } read: { (reader: inout FieldReader) throws(WireError) -> Root in
        try table.readFields(from: &reader)
      }
    }
    return Form(name, least: least + 1) { root, writer in
      var content = ByteWriter()
      table.writeFields(root, into: &content)
      writer.writeVarint(UInt64(content.bytes.count))
      writer.write(content.bytes)
    } read: { (reader: inout FieldReader) throws(WireError) -> Root in
      let content = try reader.run()
      return try reader.within(content) { (inner: inout FieldReader) throws(WireError) -> Root in
        try table.readFields(from: &inner)
      }
    }
  }
}
