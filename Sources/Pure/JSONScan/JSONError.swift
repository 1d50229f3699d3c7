/// Why a text is no JSON, and where.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
  public let place: Place
  /// `','`, `the end of the text`.
  public let found: String
  /// `a value`, `':' after the key`.
  public let expected: String

  public init(place: Place, found: String, expected: String) {
    self.place = place
    self.found = found
    self.expected = expected
  }

  public var description: String { "\(place): found \(found), expected \(expected)" }
}
