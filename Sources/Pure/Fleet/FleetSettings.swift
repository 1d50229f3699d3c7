public import Model

/// The times that a fleet goes by.
public struct FleetSettings: Sendable, Hashable {
  /// This master's term; every grant bears it.
  public var term: UInt64
  /// How long a worker may send after the heartbeat that the master answered last.
  public var lease = TimeSpan.seconds(5)
  /// What the master waits beyond that before it takes a worker for gone.
  public var margin = TimeSpan.seconds(1)
  /// From the moment all workers are ready to the run's start.
  public var lead = TimeSpan.milliseconds(250)
  /// The least that is left of it when the start is stored; else the start is set anew.
  public var leastLead = TimeSpan.milliseconds(100)
  /// For every worker to compile the plan and resolve the targets.
  public var preparing = TimeSpan.seconds(30)
  /// How long the first test in the queue waits for workers.
  public var queued = TimeSpan.seconds(600)
  /// Beyond the plan's grace period, for workers to say that they have ended; again as long after a cut-off.
  public var draining = TimeSpan.seconds(30)
  /// Where workers publish their records.
  public var topic: String

  public init(term: UInt64, topic: String) {
    self.term = term
    self.topic = topic
  }

  /// How far ahead of now a horizon is set.
  var reach: TimeSpan { lease + .seconds(1) }
}
