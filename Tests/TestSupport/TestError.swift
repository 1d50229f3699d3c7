/// Why a test's surroundings could not be set up.
public struct TestError: Error, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }
}
