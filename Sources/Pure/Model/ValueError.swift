/// A value that can't be what it is meant to be: says what was found and what was expected.
///
/// It knows no place; whoever reads the file, flag or frame adds that (`plan.yaml:3:9: rate: …`).
public struct ValueError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What stood there, quoted where it is text: `'10x'`, `-3`, `nothing`.
  public let found: String
  /// What would have been right: `a duration such as 10s, 250ms, 2m or 1h30m`.
  public let expected: String

  public init(found: String, expected: String) {
    self.found = found
    self.expected = expected
  }

  public var description: String { "found \(found), expected \(expected)" }
}
