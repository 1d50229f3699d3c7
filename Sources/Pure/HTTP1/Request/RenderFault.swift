/// Why a message can't be written as asked: what was found and what was expected.
public struct RenderFault: Error, Sendable, Hashable, CustomStringConvertible {
  /// `method`, `target`, `host`, or a header's name in quotes.
  public let place: String
  public let found: String
  public let expected: String

  public init(place: String, found: String, expected: String) {
    self.place = place
    self.found = found
    self.expected = expected
  }

  public var description: String { "\(place): found \(found), expected \(expected)" }
}
