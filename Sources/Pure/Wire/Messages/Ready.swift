public import Model

/// The reply to `Assign`: the plan is compiled and targets are resolved, or why not.
public struct Ready: Sendable, Hashable {
  public var run: Identifier
  public var incarnation: Identifier
  public var epoch: UInt32
  /// Not empty: it can't, and the run fails with this.
  public var problem: String
  /// That it can hold open.
  public var connections: UInt32

  public init(
    run: Identifier, incarnation: Identifier, epoch: UInt32, problem: String = "", connections: UInt32 = 0
  ) {
    self.run = run
    self.incarnation = incarnation
    self.epoch = epoch
    self.problem = problem
    self.connections = connections
  }

  package static let table = Table(
    "Ready", .message(0x0011), initial: { Ready(run: .nobody, incarnation: .nobody, epoch: 0) },
    fields: [
      Field(1, "run", \Ready.run, .uuid),
      Field(2, "incarnation", \.incarnation, .uuid),
      Field(3, "epoch", \.epoch, .fixed),
      Field(4, "problem", \.problem, .string(atMost: 4_096), in: .tail),
      Field(5, "connections", \.connections, .fixed, in: .tail),
    ])
}
