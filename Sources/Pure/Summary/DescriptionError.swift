public import JSONScan

/// Why a stored description or result can't be read: where, what was found, what was expected.
public struct DescriptionError: Error, Hashable, Sendable, CustomStringConvertible {
  public let place: Place
  /// The member's path, `targets[2].url`; empty for the whole text.
  public let field: String
  public let found: String
  public let expected: String

  public init(place: Place, field: String, found: String, expected: String) {
    self.place = place
    self.field = field
    self.found = found
    self.expected = expected
  }

  public var description: String {
    "\(place): \(field.isEmpty ? "" : field + ": ")found \(found), expected \(expected)"
  }
}
