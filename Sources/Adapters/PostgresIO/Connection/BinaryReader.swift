/// Reads PostgreSQL's binary form of values: big-endian, a length before each. Nil where there are too few bytes.
struct BinaryReader {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func integer<T: FixedWidthInteger>(_ type: T.Type = T.self) -> T? {
    guard let bytes = read(MemoryLayout<T>.size) else { return nil }
    return bytes.reduce(0) { $0 << 8 | T(truncatingIfNeeded: $1) }
  }

  mutating func read(_ count: Int) -> ArraySlice<UInt8>? {
    guard count >= 0, count <= rest.count else { return nil }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  /// A value behind its length; nil also for NULL.
  mutating func value() -> ArraySlice<UInt8>? {
    guard let length = integer(Int32.self), length >= 0 else { return nil }
    return read(Int(length))
  }

  mutating func number<T: FixedWidthInteger>(_ type: T.Type = T.self) -> T? {
    guard let bytes = value(), bytes.count == MemoryLayout<T>.size else { return nil }
    return bytes.reduce(0) { $0 << 8 | T(truncatingIfNeeded: $1) }
  }

  /// The elements of an array of one dimension.
  static func array<T>(_ bytes: [UInt8], _ element: (inout BinaryReader) -> T?) -> [T]? {
    var reader = BinaryReader(bytes)
    guard let dimensions = reader.integer(Int32.self), reader.read(8) != nil else { return nil }
    if dimensions == 0 { return [] }
    guard dimensions == 1, let count = reader.integer(Int32.self), count >= 0, reader.read(4) != nil else { return nil }
    var elements: [T] = []
    for _ in 0..<count {
      guard let next = element(&reader) else { return nil }
      elements.append(next)
    }
    return elements
  }
}
