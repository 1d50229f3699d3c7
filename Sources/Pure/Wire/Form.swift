import Bytes

/// How values of one type are written and read; its name is the one the schema uses.
package struct Form<Value>: Sendable {
  let name: String
  /// The fewest bytes one takes; bounds what a list's count may claim.
  let least: Int
  let write: @Sendable (Value, inout ByteWriter) -> Void
  let read: @Sendable (inout FieldReader) throws(WireError) -> Value
  /// Whether the value is left out of a tail.
  let isEmpty: @Sendable (Value) -> Bool

  init(
    _ name: String, least: Int, isEmpty: @escaping @Sendable (Value) -> Bool = { _ in false },
    write: @escaping @Sendable (Value, inout ByteWriter) -> Void,
    read: @escaping @Sendable (inout FieldReader) throws(WireError) -> Value
  ) {
    self.name = name
    self.least = least
    self.isEmpty = isEmpty
    self.write = write
    self.read = read
  }
}

extension Form {
  /// A varint count, then the elements.
  static func list<Element>(of element: Form<Element>, atMost most: Int? = nil) -> Form where Value == [Element] {
    let name = most.map { "list<\(element.name),\($0)>" } ?? "list<\(element.name)>"
    return Form(name, least: 1, isEmpty: \.isEmpty) { elements, writer in
      let kept = elements.prefix(most ?? .max)
      writer.writeVarint(UInt64(kept.count))
      for value in kept { element.write(value, &writer) }
    } read: { (reader: inout FieldReader) throws(WireError) -> [Element] in
      let count = try reader.count(ofAtLeast: element.least)
      if let most, count > most {
        throw WireError(place: "", found: "\(count) elements", expected: "at most \(most)")
      }
      var elements: [Element] = []
      elements.reserveCapacity(count)
      for index in 0..<count {
        do throws(WireError) { elements.append(try element.read(&reader)) } catch { throw error.inside("[\(index)]") }
      }
      return elements
    }
  }

  /// A value that may be absent; stands only in a tail.
  static func optional<Wrapped>(_ form: Form<Wrapped>) -> Form where Value == Wrapped? {
    Form(form.name, least: form.least, isEmpty: { $0 == nil }) { value, writer in
      if let value { form.write(value, &writer) }
    } read: { (reader: inout FieldReader) throws(WireError) -> Wrapped? in
      try form.read(&reader)
    }
  }
}
