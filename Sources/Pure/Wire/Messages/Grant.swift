public import Model

/// The right to send the arrivals of one's slots that are due before `horizon`, and only while the lease lasts.
public struct Grant: Sendable, Hashable {
  public var run: Identifier
  public var incarnation: Identifier
  /// Of the master that gives it.
  public var term: UInt64
  public var epoch: UInt32
  /// In run time; zero grants nothing yet.
  public var horizon: TimeSpan
  /// Counts from when the worker sent the heartbeat that this answers.
  public var lease: TimeSpan

  public init(
    run: Identifier, incarnation: Identifier, term: UInt64, epoch: UInt32, horizon: TimeSpan, lease: TimeSpan
  ) {
    self.run = run
    self.incarnation = incarnation
    self.term = term
    self.epoch = epoch
    self.horizon = horizon
    self.lease = lease
  }

  package static let table = Table(
    "Grant", .block,
    initial: { Grant(run: .nobody, incarnation: .nobody, term: 0, epoch: 0, horizon: .zero, lease: .zero) },
    fields: [
      Field(1, "run", \Grant.run, .uuid),
      Field(2, "incarnation", \.incarnation, .uuid),
      Field(3, "term", \.term, .fixed),
      Field(4, "epoch", \.epoch, .fixed),
      Field(5, "horizon", \.horizon, .instant),
      Field(6, "lease", \.lease, .duration),
    ])
}
