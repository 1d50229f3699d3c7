import Model

/// Rows in the binary form of COPY (PostgreSQL manual, COPY, Binary Format): big-endian, a length before each value.
///
/// It is also the form of values inside arrays and composites, with the built-in types' numbers.
struct CopyRows {
  /// Numbers of built-in types (pg_type), the same in every database.
  enum TypeNumber {
    static let int8: Int32 = 20
    static let int2: Int32 = 21
    static let int4: Int32 = 23
    static let text: Int32 = 25
    static let int2Array: Int32 = 1005
    static let int8Array: Int32 = 1016
  }

  private var bytes: [UInt8] = Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0, 0, 0, 0, 0, 0, 0, 0, 0]
  /// How many rows there are.
  private(set) var count = 0
  /// What did not fit into a bigint; the rows must then not be sent.
  private(set) var misfit: String?

  var isEmpty: Bool { count == 0 }
  /// How many bytes there are.
  var size: Int { bytes.count }

  /// All rows and the end mark.
  func finished() -> [UInt8] { bytes + [0xFF, 0xFF] }

  /// Begins a row of so many values.
  mutating func row(_ values: Int) {
    integer(Int16(truncatingIfNeeded: values))
    count += 1
  }

  mutating func null() { integer(Int32(-1)) }

  mutating func value<T: FixedWidthInteger>(_ number: T) {
    integer(Int32(MemoryLayout<T>.size))
    integer(number)
  }

  /// A bigint; one that doesn't fit is noted.
  mutating func bigint(_ number: UInt64, _ place: StaticString) {
    if number > UInt64(Int64.max) { misfit = misfit ?? "\(place) \(number)" }
    value(Int64(truncatingIfNeeded: number))
  }

  mutating func value(_ truth: Bool) { value(truth ? UInt8(1) : 0) }
  mutating func value(_ text: String) { blob(text.utf8) }

  mutating func value(_ id: Identifier) {
    integer(Int32(16))
    integer(id.high)
    integer(id.low)
  }

  /// A jsonb: its version, then its text.
  mutating func json(_ text: [UInt8]) {
    integer(Int32(clamping: text.count + 1))
    bytes.append(1)
    bytes += text
  }

  mutating func blob(_ content: some Collection<UInt8>) {
    integer(Int32(clamping: content.count))
    bytes += content
  }

  /// An array of one dimension.
  mutating func array<Element>(
    _ elements: some Collection<Element>, of type: Int32, _ write: (inout CopyRows, Element) -> Void
  ) {
    sized { rows in
      rows.integer(Int32(elements.isEmpty ? 0 : 1))
      rows.integer(Int32(0))
      rows.integer(type)
      if elements.isEmpty { return }
      rows.integer(Int32(clamping: elements.count))
      rows.integer(Int32(1))
      for element in elements { write(&rows, element) }
    }
  }

  /// A composite of so many values, each written by `field`.
  mutating func composite(_ fields: Int32, _ write: (inout CopyRows) -> Void) {
    sized { rows in
      rows.integer(fields)
      write(&rows)
    }
  }

  /// A composite's value has its type in front.
  mutating func type(_ number: Int32) { integer(number) }

  private mutating func sized(_ body: (inout CopyRows) -> Void) {
    let start = bytes.count
    integer(Int32(0))
    body(&self)
    let size = UInt32(truncatingIfNeeded: bytes.count - start - 4)
    for place in 0..<4 { bytes[start + place] = UInt8(truncatingIfNeeded: size >> UInt32(24 - place * 8)) }
  }

  private mutating func integer<T: FixedWidthInteger>(_ number: T) {
    withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
  }
}
