import Model

/// What a run was asked to do and on what it ran: stored beside its records as `run.json`, so that every report can be
/// made again from the run directory alone.
public struct RunDescription: Sendable, Hashable {
  public var name: String
  public var run: Identifier
  /// The lives of workers that sent for this run; a local run has one.
  public var incarnations: [Incarnation]
  /// When it began.
  public var start: Start
  public var load: Load
  /// What the result must hold.
  public var thresholds: [Threshold]
  public var targets: [TargetNote]
  /// From *sent* to the end of a reply.
  public var timeout: TimeSpan
  public var connectTimeout: TimeSpan
  /// How long replies were awaited after the end.
  public var grace: TimeSpan
  public var keepAlive: Bool
  public var insecureTLS: Bool
  /// What carried the requests, and the HTTP it asked for: `native 1.1`, `curl 7.88.1 h2`.
  public var engine: String
  /// Whether that asked for HTTP/2: `curl 7.88.1 h2`.
  public var asksForHTTP2: Bool { engine.hasSuffix(" h2") || engine.hasSuffix(" h2c") }
  /// The cap on connections that applied; nil where it is not known.
  public var connections: Int?
  /// What of this machine kept that cap below what the plan would have had; nil where nothing did.
  public var shortage: Shortage?
  /// Event loops, each a thread, and the CPUs they may use.
  public var loops: Int
  public var cpus: Int
  public var pacing: Pacing
  /// Whether a target is on the generator's own machine, and so shares its CPUs.
  public var targetIsHere: Bool
  public var seed: UInt64
  /// What became of the requests that were to be kept one by one; nil where none were, and until the run has ended.
  public var samples: SampleCount?
  /// The product's version.
  public var version: String

  /// One life of a worker in the run.
  public struct Incarnation: Sendable, Hashable {
    public var id: Identifier
    /// How many requests the worker itself counted as completed, said at its end; nil where it never said.
    public var completed: UInt64?
    /// Of those, how many were given up as lost because the worker never came back.
    public var lost: UInt64
    /// Given up by the master while its part of the run was not done. Not stored with the description.
    public var isGivenUp = false
    /// What became of its records on their way to Kafka; nil where they were not to go there.
    public var publication: Publication?

    public init(id: Identifier, completed: UInt64? = nil, lost: UInt64 = 0) {
      self.id = id
      self.completed = completed
      self.lost = lost
    }
  }

  /// Records on their way to Kafka, the description of the run among them, as they stood when the process ended.
  public struct Publication: Sendable, Hashable {
    /// Safe in Kafka.
    public var published: UInt64
    /// In the spool: the next process that uses it sends them.
    public var kept: UInt64
    /// Neither: they could not be kept.
    public var lost: UInt64

    public init(published: UInt64, kept: UInt64, lost: UInt64) {
      self.published = published
      self.kept = kept
      self.lost = lost
    }
  }

  /// A moment by the wall clock, in both forms (given by the caller; nothing pure asks a clock).
  public struct Start: Sendable, Hashable {
    public var secondsSince1970: Int64
    /// RFC 3339, `2025-01-31T09:30:00Z`.
    public var text: String

    public init(secondsSince1970: Int64, text: String) {
      self.secondsSince1970 = secondsSince1970
      self.text = text
    }
  }

  /// A target as reports name it.
  public struct TargetNote: Sendable, Hashable {
    public var name: String
    public var method: String
    /// With secrets of its query masked.
    public var url: String

    public init(name: String, method: String, url: String) {
      self.name = name
      self.method = method
      self.url = url
    }
  }

  /// What the machine did not have enough of for the connections that a plan may open.
  public enum Shortage: String, Sendable, Hashable, CaseIterable {
    case descriptors
    case ports
  }

  /// How the loops waited for the next arrival.
  public enum Pacing: String, Sendable, Hashable, CaseIterable {
    /// Slept until shortly before, then polled without sleeping.
    case spinning
    /// Slept the whole way.
    case sleeping
  }

  /// Describes a run of the plan; what only the machine knows is given beside it.
  public init(
    plan: Plan, run: Identifier, incarnations: [Incarnation], start: Start, loops: Int, cpus: Int, pacing: Pacing,
    targetIsHere: Bool, version: String
  ) {
    name = plan.name
    self.run = run
    self.incarnations = incarnations
    self.start = start
    load = plan.load
    thresholds = plan.thresholds
    targets = plan.targets.map { TargetNote(name: $0.name, method: $0.method, url: $0.url.shown) }
    timeout = plan.options.timeout
    connectTimeout = plan.options.connectTimeout
    grace = plan.options.grace ?? plan.options.timeout
    keepAlive = plan.options.keepAlive
    insecureTLS = plan.options.insecureTLS
    engine = plan.options.transport.engineText
    connections = plan.options.connections
    self.loops = loops
    self.cpus = cpus
    self.pacing = pacing
    self.targetIsHere = targetIsHere
    seed = plan.seed
    self.version = version
  }
}

extension RunDescription {
  /// The name of the load's model: `open` or `closed`.
  public var modelWord: String {
    switch load.model {
    case .arrivals: "open"
    case .users: "closed"
    }
  }

  public var isClosed: Bool { modelWord == "closed" }
}
