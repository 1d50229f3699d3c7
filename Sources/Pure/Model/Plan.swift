/// What to attack and how much: the value that every plan file, target list and flag is read into.
///
/// Everything in it has been checked: an engine can run any `Plan` without further questions.
public struct Plan: Sendable, Hashable {
  /// The run's name, for folders and tables; never empty.
  public var name: String
  /// What is sent; never empty.
  public var targets: [Target]
  /// How much is sent, and for how long.
  public var load: Load
  public var options: AttackOptions
  /// Seed of everything that is drawn. The same plan with the same seed sends the same things.
  public var seed: UInt64

  public init(name: String, targets: [Target], load: Load, options: AttackOptions = AttackOptions(), seed: UInt64 = 1) {
    self.name = name
    self.targets = targets
    self.load = load
    self.options = options
    self.seed = seed
  }
}

/// One request that can be sent, and how often relative to the others.
public struct Target: Sendable, Hashable {
  /// What figures are grouped by; several targets may share one.
  public var name: String
  /// The method token as it goes on the wire (case is kept).
  public var method: String
  public var url: TargetURL
  /// Header lines in order, as given. `Host` here replaces the one made from the URL.
  public var headers: [Header]
  public var body: [UInt8]
  /// Share among the plan's targets; at least 1.
  public var weight: Int
  /// The statuses that count as success.
  public var expectedStatus: ClosedRange<Int>
  /// This target's own request timeout; nil takes the plan's.
  public var timeout: TimeSpan?

  public static let defaultExpectedStatus = 200...399
  /// The highest weight of one target.
  public static let highestWeight = 100_000
  /// The highest sum of a plan's weights: the order of sending is drawn per block of that many.
  public static let highestWeights = 1_000_000

  public init(
    name: String, method: String = "GET", url: TargetURL, headers: [Header] = [], body: [UInt8] = [],
    weight: Int = 1, expectedStatus: ClosedRange<Int> = Target.defaultExpectedStatus, timeout: TimeSpan? = nil
  ) {
    self.name = name
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.weight = weight
    self.expectedStatus = expectedStatus
    self.timeout = timeout
  }

  /// Whether sending it twice is the same as sending it once (RFC 9110, 9.2.2).
  public var isIdempotent: Bool {
    ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"].contains(method)
  }
}

/// One header line: a token and its value, without line ends.
public struct Header: Sendable, Hashable {
  public var name: String
  public var value: String

  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// How much load, and until when.
public struct Load: Sendable, Hashable {
  /// Where the load comes from.
  public enum Model: Sendable, Hashable {
    /// Open: arrivals fall due by the clock, whatever the target does.
    case arrivals(Rate)
    /// Closed: so many users, each sending its next request when the last one has ended.
    case users(Int)
  }

  public var model: Model
  /// Nothing becomes due after this; nil only where `requests` bounds the run.
  public var duration: TimeSpan?
  /// The most requests (open: arrivals) that become due; nil = no such bound.
  public var requests: UInt64?

  public init(model: Model, duration: TimeSpan?, requests: UInt64? = nil) {
    self.model = model
    self.duration = duration
    self.requests = requests
  }
}

/// How requests are sent.
public struct AttackOptions: Sendable, Hashable {
  /// From *sent* to the end of the reply; also the grace period's default.
  public var timeout = TimeSpan.seconds(30)
  /// For one connection to be ready, TLS included.
  public var connectTimeout = TimeSpan.seconds(10)
  /// How long replies are awaited after the end; nil = `timeout`.
  public var grace: TimeSpan?
  public var keepAlive = true
  /// Most connections in all; nil = what the machine allows.
  public var connections: Int?
  /// Whether a server's certificate is not verified.
  public var insecureTLS = false
  public var policy = TargetPolicy()

  public init() {}
}
