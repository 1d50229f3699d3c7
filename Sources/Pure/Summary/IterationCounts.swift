/// What became of users' passes through their scenarios: each that was started has one end.
public struct IterationCounts: Sendable, Hashable {
  public var started: UInt64 = 0
  public var completed: UInt64 = 0
  public var failed: UInt64 = 0
  /// By the end of the run.
  public var cut: UInt64 = 0
  /// Started by a worker that was killed before their end was recorded.
  public var unknown: UInt64 = 0

  public init() {}

  /// The sum that a result with scenarios shows besides the others.
  public var equation: Equation {
    Equation(
      .init("iterations started", started),
      [.init("completed", completed), .init("failed", failed), .init("cut", cut), .init("unknown", unknown)])
  }
}
