/// Header lines of a response, rendered once: `Name: value` and a line end each.
public struct HeaderLines: Sendable, Equatable {
  public private(set) var bytes: [UInt8] = []

  public init() {}

  public init(_ name: String, _ value: String) {
    add(name, value)
  }

  /// Adds a line. Bytes that would end the line or are no part of a header become spaces, so that no value, wherever
  /// it comes from, can add a header of its own.
  public mutating func add(_ name: String, _ value: String) {
    bytes.append(contentsOf: name.utf8.map { HeaderLines.isToken($0) ? $0 : UInt8(ascii: "-") })
    bytes.append(contentsOf: [UInt8(ascii: ":"), UInt8(ascii: " ")])
    bytes.append(contentsOf: value.utf8.map { $0 < 0x20 && $0 != 9 || $0 == 0x7F ? UInt8(ascii: " ") : $0 })
    bytes.append(contentsOf: [13, 10])
  }

  private static func isToken(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
  }
}
