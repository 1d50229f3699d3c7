public import Model

/// A test as PostgreSQL has it, without its plan. Times are RFC 3339, UTC, with milliseconds.
public struct StoredTest: Sendable, Hashable {
  public var run: Identifier
  /// In the order of submission, ascending.
  public var number: Int64
  public var name: String
  public var state: TestState
  public var reason: String?
  public var submittedBy: String
  public var submittedAt: String
  public var startedAt: String?
  public var endedAt: String?
  /// Nil: as many as are idle.
  public var workersWanted: Int?
  public var epoch: UInt64
  public var term: UInt64
  /// Whether every record is stored, as `run_ledger` says.
  public var isComplete: Bool
  public var workers: [StoredTestWorker]
}

/// One life of a worker in a test.
public struct StoredTestWorker: Sendable, Hashable {
  public var incarnation: Identifier
  public var worker: String
  public var host: String
  public var share: Int
  public var shares: Int
  public var epoch: UInt64
  public var state: TestWorkerState
  public var records: UInt64?
  public var completed: UInt64?
  public var endedReason: String?
  public var problem: String?

  /// One that is about to be assigned.
  public init(incarnation: Identifier, worker: String, host: String, share: Int, shares: Int, epoch: UInt64) {
    self.incarnation = incarnation
    self.worker = worker
    self.host = host
    self.share = share
    self.shares = shares
    self.epoch = epoch
    state = .preparing
  }
}

/// What somebody submits.
public struct NewTest: Sendable {
  public var run: Identifier
  public var name: String
  /// As JSON.
  public var plan: String
  public var workersWanted: Int?
  public var submittedBy: String
  /// The same key from the same user names the same test.
  public var idempotencyKey: String?

  public init(
    run: Identifier, name: String, plan: String, workersWanted: Int?, submittedBy: String, idempotencyKey: String?
  ) {
    self.run = run
    self.name = name
    self.plan = plan
    self.workersWanted = workersWanted
    self.submittedBy = submittedBy
    self.idempotencyKey = idempotencyKey
  }
}
