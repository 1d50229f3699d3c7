/// Where a run's records go besides its run directory.
public struct PublishSettings: Sendable {
  /// Kafka's brokers, `HOST:PORT`, several separated by commas.
  public var servers: String
  public var topic = "stampede.results"
  /// The folder in which records wait until Kafka has them, each run's in a folder of its own.
  public var spool = "runs/.spool"
  /// The most bytes of one run that may wait; the run stops when it comes near.
  public var spoolLimit = 1 << 30
  /// How long the end of the run waits for Kafka.
  public var patience = Duration.seconds(10)

  public init(servers: String) { self.servers = servers }
}

/// What became of the records that were to be published.
public struct PublishReport: Sendable, Equatable {
  public let topic: String
  /// The folder in which kept records wait.
  public let spool: String
  /// This run's records, its description among them: safe in Kafka; kept in the spool; neither (they could not be kept).
  public var published = 0
  public var kept = 0
  public var lost = 0
  /// The same of what earlier processes had left in the spool.
  public var earlierPublished = 0
  public var earlierKept = 0
  /// What was wrong last, in words; nil where nothing was.
  public var trouble: String?
  /// The cluster is one broker: what it stored is as safe as that one's disk. Nil where nobody answered.
  public var isOneDisk: Bool?

  public init(topic: String, spool: String) {
    self.topic = topic
    self.spool = spool
  }

  /// Whether Kafka has everything.
  public var isComplete: Bool { kept == 0 && lost == 0 && earlierKept == 0 }
}
