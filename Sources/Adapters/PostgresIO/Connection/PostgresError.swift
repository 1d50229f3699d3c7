/// Why PostgreSQL did not do what it was asked.
public struct PostgresError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What was being done: `connect`, `insert the header`.
  public let action: String
  /// The five-character SQLSTATE; empty where the server said nothing (the connection failed).
  public let state: String
  public let message: String
  /// True where the connection is no use any more.
  public let isDisconnected: Bool

  public init(action: String, state: String = "", message: String, isDisconnected: Bool = false) {
    self.action = action
    self.state = state
    self.message = message
    self.isDisconnected = isDisconnected
  }

  /// Whether the data itself was refused (class 22, data exception, or 23, integrity constraint): trying again can't
  /// help. Everything else may.
  public var isAboutData: Bool { state.hasPrefix("22") || state.hasPrefix("23") }

  public var description: String {
    state.isEmpty ? "PostgreSQL, \(action): \(message)" : "PostgreSQL, \(action): \(message) (SQLSTATE \(state))"
  }
}
