import Model

/// What one worker measured in one second of a run: the unit that is stored, sent, merged and counted.
///
/// All counts are of this second alone. Merging intervals is adding them; percentiles come from the merged
/// histograms. The byte form is the message `IntervalRecord` of `proto-free-schema/records.schema`.
public struct Interval: Sendable, Hashable {
  public var key: Key
  /// Which grant epoch it was sent under; 0 in a local run.
  public var epoch: UInt32
  /// Seconds since the run's start in which it begins; the last one may be shorter than a second.
  public var second: UInt32
  /// Nanoseconds since the run's start at which counting began and ended.
  public var from: TimeSpan
  public var to: TimeSpan
  public var phase: Phase
  /// True on an incarnation's last record, which then says how many records there are in all.
  public var final: Final?
  public var loops: [LoopSecond]
  public var host: HostSecond
  public var schedule: ScheduleCounts
  public var worker: WorkerHistograms
  public var names: [NameInterval]
  /// Iterations by scenario; empty where the plan has no scenarios of steps.
  public var iterations: [IterationInterval] = []

  /// (run, incarnation, sequence): unique over everything ever recorded.
  public struct Key: Sendable, Hashable {
    public var run: Identifier
    public var incarnation: Identifier
    /// Dense from 1.
    public var sequence: UInt64

    public init(run: Identifier, incarnation: Identifier, sequence: UInt64) {
      self.run = run
      self.incarnation = incarnation
      self.sequence = sequence
    }
  }

  /// Warm-up is never mixed with what is measured.
  public struct Phase: Sendable, Hashable {
    public var index: UInt16
    public var name: String
    public var isWarmUp: Bool

    public init(index: UInt16 = 0, name: String = "", isWarmUp: Bool = false) {
      self.index = index
      self.name = name
      self.isWarmUp = isWarmUp
    }
  }

  /// Said by an incarnation's last record.
  public struct Final: Sendable, Hashable {
    /// Records of this incarnation, this one included.
    public var records: UInt64
    public var reason: EndReason
    /// Requests that the incarnation itself counted as completed over its life; nil where nobody is left to say.
    public var completed: UInt64?

    public init(records: UInt64, reason: EndReason, completed: UInt64? = nil) {
      self.records = records
      self.reason = reason
      self.completed = completed
    }
  }

  public init(key: Key, second: UInt32, from: TimeSpan, to: TimeSpan) {
    self.key = key
    self.epoch = 0
    self.second = second
    self.from = from
    self.to = to
    self.phase = Phase()
    self.loops = []
    self.host = HostSecond()
    self.schedule = ScheduleCounts()
    self.worker = WorkerHistograms()
    self.names = []
  }
}

/// Why sending ended. Numbers are part of the record format.
public enum EndReason: UInt8, Sendable, CaseIterable {
  /// The plan's duration or number of requests was reached.
  case planEnded = 1
  /// A user asked for a stop; what was in flight was awaited.
  case stopped = 2
  /// A user asked twice; what was in flight was cut off.
  case aborted = 3
  /// No target ever accepted a connection.
  case unreachable = 4
  /// The generator could not go on (disk full, no memory).
  case failed = 5

  /// The word used in JSON and SQL.
  public var word: String {
    switch self {
    case .planEnded: "plan_ended"
    case .stopped: "stopped"
    case .aborted: "aborted"
    case .unreachable: "unreachable"
    case .failed: "failed"
    }
  }
}

/// How one event loop fared in the second; from it comes the generator's confession.
public struct LoopSecond: Sendable, Hashable {
  public var loop: UInt16 = 0
  /// Time spent working, spinning not counted.
  public var busy = TimeSpan.zero
  public var spinning = TimeSpan.zero
  /// The longest single turn.
  public var longestTurn = TimeSpan.zero
  /// Arrivals that woke more than 1 ms after they were due.
  public var late: UInt64 = 0
  /// The arrival index below which this loop has taken up all of its slots' arrivals.
  public var takenUpTo: UInt64 = 0
  /// Requests in flight, connections open, and arrivals waiting for one, at the end of the second.
  public var inFlight: UInt32 = 0
  public var connections: UInt32 = 0
  public var waiting: UInt32 = 0
  /// Virtual users alive; 0 in the open model.
  public var users: UInt32 = 0
  /// Connections opened in the second.
  public var opened: UInt32 = 0
  /// Values put into another bucket than their own for want of room, and requests whose name was folded.
  public var folded: UInt64 = 0
  /// Tokens a lenient reader let pass in replies (bare LF, folds …).
  public var leniencies: UInt64 = 0
  /// Replies that came by HTTP/2; all others by HTTP/1.
  public var http2: UInt64 = 0
  /// Arrivals that found the cap on connections reached and had to wait for one to become free.
  public var capped: UInt64 = 0
  /// When the second's last outcome came, since the run's start; zero where there was none.
  public var lastEnd = TimeSpan.zero

  public init() {}
}

/// What the host took away from the generator in the second.
public struct HostSecond: Sendable, Hashable {
  /// CPUs this process may use (affinity and quota, rounded up).
  public var cpus: UInt16 = 0
  /// Time other guests took from this machine's CPUs, summed over them (/proc/stat, steal).
  public var steal = TimeSpan.zero
  /// Time it was held back: by its cgroup's quota, or its loops by others on their CPUs, whichever is more.
  public var throttled = TimeSpan.zero
  /// CPU time of this process, user and system.
  public var cpu = TimeSpan.zero
  /// Resident memory at the end of the second, in bytes.
  public var memory: UInt64 = 0

  public init() {}
}

/// The words of the first equation, `planned = started + unsent + gap`, for this second.
public struct ScheduleCounts: Sendable, Hashable {
  public var planned: UInt64 = 0
  public var started: UInt64 = 0
  public var unsent: UInt64 = 0
  public var gap: UInt64 = 0

  public init() {}

  /// Adds the other's; a sum beyond 64 bits stays at their end.
  public mutating func add(_ other: ScheduleCounts) {
    planned = planned.addingClamped(other.planned)
    started = started.addingClamped(other.started)
    unsent = unsent.addingClamped(other.unsent)
    gap = gap.addingClamped(other.gap)
  }
}

/// What became of one scenario's iterations: passes of a user through its steps.
public struct IterationInterval: Sendable, Hashable {
  /// The scenario's.
  public var name: String
  public var started: UInt64 = 0
  /// Every step that was to be sent got an accepted reply.
  public var completed: UInt64 = 0
  /// At least one did not.
  public var failed: UInt64 = 0
  /// Cut off by the end of the run.
  public var cut: UInt64 = 0
  /// Last end − arrival, of those completed.
  public var duration = Histogram()

  public init(name: String) {
    self.name = name
  }
}

/// How often one check held.
public struct CheckCount: Sendable, Hashable {
  public var name: String
  public var passed: UInt64
  public var failed: UInt64

  public init(name: String, passed: UInt64 = 0, failed: UInt64 = 0) {
    self.name = name
    self.passed = passed
    self.failed = failed
  }
}

/// Histograms that judge the generator, over all names; not for the target.
public struct WorkerHistograms: Sendable, Hashable {
  /// woke − intended.
  public var lateness = Histogram()
  /// end − woke, and end − intended of the same requests.
  public var fromWoke = Histogram()
  public var response = Histogram()

  public init() {}
}

/// One name's second.
public struct NameInterval: Sendable, Hashable {
  public var name: String
  /// Empty where a plan has no tenants.
  public var tenant: String
  public var counts = RequestCounts()
  /// Replies by exact status code, ascending; codes beyond the room kept are under 0.
  public var statuses: [StatusCount] = []
  /// Failures by kind, ascending.
  public var errors: [ErrorCount] = []
  public var histograms = NameHistograms()
  /// Custom counters of the plan (cost, tokens); keys 1…65535.
  public var custom: [CustomCount] = []
  /// Users with the most failures or cost, at most 100.
  public var topUsers: [UserCount] = []
  /// What the plan's checks said, in the plan's order.
  public var checks: [CheckCount] = []
  /// Why requests failed, in words, by kind; what differs from one failure to the next is folded.
  public var causes: [CauseCount] = []

  public init(name: String, tenant: String = "") {
    self.name = name
    self.tenant = tenant
  }
}

/// The words of truth.md for one name. Sends count in the second of the send, outcomes in that of the end.
public struct RequestCounts: Sendable, Hashable {
  /// Taken up.
  public var started: UInt64 = 0
  /// First byte written.
  public var written: UInt64 = 0
  /// Full reply read.
  public var answered: UInt64 = 0
  /// With any outcome.
  public var completed: UInt64 = 0
  /// Replies accepted as success.
  public var accepted: UInt64 = 0
  /// Sent a second time after a kept-alive connection failed before the first reply byte.
  public var resent: UInt64 = 0
  public var bytesOut: UInt64 = 0
  public var bytesIn: UInt64 = 0
  /// Redirects that were followed: full replies, neither accepted nor failed.
  public var redirected: UInt64 = 0
  /// Failed tries that were followed by another: completed, but no outcome of a response.
  public var retried: UInt64 = 0

  public init() {}

  /// Completed requests that are the outcome of a response: a redirect that was followed and a try that another followed
  /// are none.
  public var outcomes: UInt64 {
    let others = redirected.addingClamped(retried)
    return completed > others ? completed - others : 0
  }

  /// Outcomes that are failures.
  public var failed: UInt64 { outcomes > accepted ? outcomes - accepted : 0 }

  /// Adds the other's; a sum beyond 64 bits stays at their end.
  public mutating func add(_ other: RequestCounts) {
    started = started.addingClamped(other.started)
    written = written.addingClamped(other.written)
    answered = answered.addingClamped(other.answered)
    completed = completed.addingClamped(other.completed)
    accepted = accepted.addingClamped(other.accepted)
    resent = resent.addingClamped(other.resent)
    bytesOut = bytesOut.addingClamped(other.bytesOut)
    bytesIn = bytesIn.addingClamped(other.bytesIn)
    redirected = redirected.addingClamped(other.redirected)
    retried = retried.addingClamped(other.retried)
  }
}

/// How many replies had one status code.
public struct StatusCount: Sendable, Hashable {
  public var status: UInt16
  public var count: UInt64

  public init(status: UInt16, count: UInt64) {
    self.status = status
    self.count = count
  }
}

/// How many requests failed in one way.
public struct ErrorCount: Sendable, Hashable {
  public var kind: ErrorKind
  public var count: UInt64

  public init(kind: ErrorKind, count: UInt64) {
    self.kind = kind
    self.count = count
  }
}

/// How many requests failed for one reason.
public struct CauseCount: Sendable, Hashable {
  public var kind: ErrorKind
  /// `CauseText`'s form; empty: different reasons of that kind beyond those that are told apart.
  public var text: String
  public var count: UInt64

  public init(kind: ErrorKind, text: String, count: UInt64) {
    self.kind = kind
    self.text = text
    self.count = count
  }
}

/// What one of the plan's own counters came to.
public struct CustomCount: Sendable, Hashable {
  public var key: UInt16
  public var value: Int64

  public init(key: UInt16, value: Int64) {
    self.key = key
    self.value = value
  }
}

/// What one user's failures and cost came to.
public struct UserCount: Sendable, Hashable {
  public var user: UInt64
  public var failures: UInt64
  public var cost: Int64

  public init(user: UInt64, failures: UInt64, cost: Int64) {
    self.user = user
    self.failures = failures
    self.cost = cost
  }
}

/// The histograms kept for each name, all in microseconds.
public struct NameHistograms: Sendable, Hashable {
  /// end − intended, and end − sent, of accepted replies.
  public var response = Histogram()
  public var service = Histogram()
  /// end − intended of refused, reset, wrong-status and failed-check requests.
  public var failed = Histogram()
  /// Lower bounds (end − intended) of timed out, cut off and never sent requests.
  public var censored = Histogram()
  /// Lower bounds of the same requests' service time, of those that were sent.
  public var censoredService = Histogram()
  /// connected − start of connecting, of connections opened for this name.
  public var connect = Histogram()
  /// first byte − sent.
  public var firstByte = Histogram()

  public init() {}

  /// Adds the other's values to these, histogram by histogram; in any order.
  public mutating func merge(_ other: NameHistograms) {
    response.merge(other.response)
    service.merge(other.service)
    failed.merge(other.failed)
    censored.merge(other.censored)
    censoredService.merge(other.censoredService)
    connect.merge(other.connect)
    firstByte.merge(other.firstByte)
  }
}
