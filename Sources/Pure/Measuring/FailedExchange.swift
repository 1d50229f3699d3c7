public import Model

/// A request that failed and what came back, as an engine saw it: nothing in it is masked.
public struct FailedExchange: Sendable {
  public var name: String
  /// Index into the plan's targets.
  public var target = 0
  public var kind: ErrorKind
  /// Why it failed, in words; empty where the kind says it all.
  public var cause = ""
  /// Where it was sent: `http://host:8080`.
  public var origin = ""
  /// Since the run's start; nil for what never happened.
  public var intended: TimeSpan
  public var woke: TimeSpan
  public var sent: TimeSpan?
  public var firstByte: TimeSpan?
  public var end: TimeSpan
  public var isWarmUp = false
  /// The user's number and its iteration; nil for an arrival's without a user.
  public var user: UInt64?
  public var iteration: UInt64?
  /// Tries before this one, redirects before it, and whether it was sent once more on another connection.
  public var tries = 0
  public var redirects = 0
  public var isResent = false
  /// Of the reply; 0 where none was read.
  public var status: UInt16 = 0
  /// What was wanted and what was found, where the reply was whole and is refused for what is in it.
  public var verdict: Verdict?
  public var request = Piece()
  public var reply = Piece()
  /// Bytes of the request that were written, and of the reply that were read (0 and 0: not known).
  public var bytesOut: UInt64 = 0
  public var bytesIn: UInt64 = 0
  /// Whether the request is not what was sent but was written again afterwards.
  public var isWrittenAgain = false
  /// Values that may stand in it and are nobody's business: captured at sign-in, or of a feed's secret columns.
  public var secrets: [[UInt8]] = []

  /// Why a whole reply is refused.
  public struct Verdict: Sendable, Hashable {
    public var expected: String
    public var found: String

    public init(expected: String, found: String) {
      self.expected = expected
      self.found = found
    }
  }

  /// One direction's bytes, as far as they were still there.
  public struct Piece: Sendable, Hashable {
    public var head: [UInt8] = []
    public var body: [UInt8] = []
    /// Whether bytes of the head or the body are missing at its end: beyond what is kept, or never read.
    public var isHeadCut = false
    public var isBodyCut = false

    public init() {}
  }

  /// The most bytes of a head or a body that are kept.
  public static let longest = 65_536

  public init(name: String, kind: ErrorKind, intended: TimeSpan, woke: TimeSpan, end: TimeSpan) {
    self.name = name
    self.kind = kind
    self.intended = intended
    self.woke = woke
    self.end = end
  }

  /// The memory it takes, roughly.
  public var size: Int {
    request.head.count + request.body.count + reply.head.count + reply.body.count + 512
      + secrets.reduce(0) { $0 + $1.count }
  }
}
