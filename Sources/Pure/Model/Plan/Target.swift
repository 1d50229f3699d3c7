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
  /// What is filled in anew for each request; nil: nothing, the target is sent as it stands.
  public var template: RequestTemplate?
  public var checks: [Check] = []
  public var captures: [Capture] = []

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
