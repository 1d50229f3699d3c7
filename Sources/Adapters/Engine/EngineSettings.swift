public import Model

/// Whether a loop may spin the last microseconds before an arrival is due, instead of sleeping through them.
public enum SpinMode: String, Sendable, CaseIterable {
  /// Spin while this process has CPUs to spare.
  case automatic
  case always
  case never
}

/// What an attack takes from the machine; chosen before it starts.
public struct EngineSettings: Sendable {
  /// Event loops, each a thread of its own; at least 1.
  public var loops: Int
  /// Whether they spin.
  public var spins: Bool
  /// Most connections of all loops together; at least as many as loops.
  public var connections: Int
  /// Sent as User-Agent unless the plan gives one.
  public var userAgent: String
  /// At a start that lies in the past, arrivals overdue by more than this are not sent; nil sends them all.
  public var maxLate: TimeSpan?

  public init(loops: Int = 1, spins: Bool = false, connections: Int = 1_000, userAgent: String = "stampede") {
    self.loops = loops
    self.spins = spins
    self.connections = connections
    self.userAgent = userAgent
  }
}

/// Why an attack can't be made or started.
public struct EngineError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A whole sentence a user can act on.
  public let message: String

  public init(_ message: String) {
    self.message = message
  }

  public var description: String { message }
}
