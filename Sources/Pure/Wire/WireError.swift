/// Bytes that are no frame or no message: says where, what stood there, and what was expected.
public struct WireError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The path of field names to it: `IntervalRecord.names[3].response`; `frame` for the frame's own head.
  public let place: String
  public let found: String
  public let expected: String

  public init(place: String, found: String, expected: String) {
    self.place = place
    self.found = found
    self.expected = expected
  }

  /// The same error seen from one level further out.
  func inside(_ outer: String) -> WireError {
    let joint = place.isEmpty || place.hasPrefix("[") ? "" : "."
    return WireError(place: outer + joint + place, found: found, expected: expected)
  }

  public var description: String { "\(place): found \(found), expected \(expected)" }
}
