public import Model

/// Why a command line can't be followed: one line that says where, what was found and what to type.
public struct OptionError: Error, Equatable, Sendable, CustomStringConvertible {
  public let message: String

  public init(_ message: String) {
    self.message = message
  }

  /// A value that can't be what it is meant to be, with the flag or variable it stood in.
  public init(_ place: String, _ error: ValueError) {
    self.message = "\(place): \(error)"
  }

  public var description: String { message }
}
