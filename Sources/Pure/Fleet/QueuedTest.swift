public import Model

/// A test as it waits for workers; stored before the fleet hears of it.
public struct QueuedTest: Sendable, Hashable {
  public var run: Identifier
  public var name: String
  /// JSON by `plan.schema.json`, as workers get it.
  public var plan: String
  public var load: Load
  /// How long replies are awaited after the end.
  public var grace: TimeSpan
  /// Nil: as many as are idle.
  public var workers: Int?
  /// Targets that workers may and may not connect to, as blocks.
  public var allowed: [String]
  public var denied: [String]

  public init(
    run: Identifier, name: String, plan: String, load: Load, grace: TimeSpan, workers: Int? = nil,
    allowed: [String] = [], denied: [String] = []
  ) {
    self.run = run
    self.name = name
    self.plan = plan
    self.load = load
    self.grace = grace
    self.workers = workers
    self.allowed = allowed
    self.denied = denied
  }

  /// Users in all; 0 in the open model.
  var users: Int {
    if case .users(let shape) = load.model { shape.peakUsers } else { 0 }
  }

  /// The most workers that can each have something to do.
  var mostWorkers: Int { users == 0 ? 1_024 : min(users, 1_024) }
}

/// A test that an earlier master had begun.
public struct AdoptedTest: Sendable, Hashable {
  public var test: QueuedTest
  public var state: TestState
  public var epoch: UInt32
  /// The run's start on this master's clock; nil where it had not begun.
  public var start: Instant?
  public var parts: [Part]

  /// One worker's life in it.
  public struct Part: Sendable, Hashable {
    public var incarnation: Identifier
    public var worker: String
    public var host: String
    public var share: Int
    public var shares: Int
    public var state: TestWorkerState

    public init(
      incarnation: Identifier, worker: String, host: String, share: Int, shares: Int, state: TestWorkerState
    ) {
      self.incarnation = incarnation
      self.worker = worker
      self.host = host
      self.share = share
      self.shares = shares
      self.state = state
    }
  }

  public init(test: QueuedTest, state: TestState, epoch: UInt32, start: Instant?, parts: [Part]) {
    self.test = test
    self.state = state
    self.epoch = epoch
    self.start = start
    self.parts = parts
  }
}
