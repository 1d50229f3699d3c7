import Bytes

/// One field of a message, block or struct: its line in the schema, and the way to and from the value.
package struct Field<Root>: Sendable {
  /// Where a field stands.
  package enum Place: Sendable, Hashable {
    /// Always, at its place in the order.
    case body
    /// In the tagged tail, left out when empty.
    case tail
  }

  package let number: Int
  package let name: String
  package let type: String
  package let place: Place
  /// The schema's version that brought it.
  package let since: Int
  let least: Int
  let write: @Sendable (Root, inout ByteWriter) -> Void
  let read: @Sendable (inout Root, inout FieldReader) throws(WireError) -> Void
  let isEmpty: @Sendable (Root) -> Bool

  init<Value>(
    _ number: Int, _ name: String, _ path: WritableKeyPath<Root, Value> & Sendable, _ form: Form<Value>,
    in place: Place = .body, since: Int = 1
  ) {
    self.number = number
    self.name = name
    self.type = form.name
    self.place = place
    self.since = since
    self.least = form.least
    self.write = { root, writer in form.write(root[keyPath: path], &writer) }
    self.read = { (root: inout Root, reader: inout FieldReader) throws(WireError) in
      root[keyPath: path] = try form.read(&reader)
    }
    self.isEmpty = { root in form.isEmpty(root[keyPath: path]) }
  }
}
