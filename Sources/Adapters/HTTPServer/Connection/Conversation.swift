import Model

/// The course of one client's connection: whose turn it is, what is due, when it ends. Pure.
///
/// ```
///            first byte          complete            replied
///  idle ─────────────> reading ───────────> handling ────────> idle …
///    └──── ended, idle time ────┴── refused, 408 ──┴── says close, stopping, ended ──> closing
/// ```
struct Conversation: Equatable {
  enum Phase: Equatable {
    /// Between requests: no byte of the next one has been seen.
    case idle
    case reading
    /// The request is complete, its reply is not.
    case handling
    /// What comes is of no interest any more.
    case closing
  }

  /// What is to be done after an event.
  enum Action: Equatable {
    case goOn
    /// Send what is queued, then close.
    case close
    /// Break off; nothing more can be sent.
    case reset
    /// Answer with an error of the server's own, then close.
    case refuse(Int, String)
  }

  /// What becomes of a request whose head is read.
  enum Admission: Equatable {
    /// It has no body.
    case answer
    /// Its body is to be read, after a 100 if the client waits for one.
    case readBody(sendsContinue: Bool)
    /// Its body is not wanted: answer without it, then close.
    case answerAndClose
    case refuse(Int, String)
  }

  /// What a head says that matters here.
  struct Head: Equatable {
    var hasBody = false
    /// Content-Length; nil for a chunked body.
    var announced: Int?
    var expectsContinue = false
    var keepsAlive = true
    /// HTTP/1.0.
    var isOld = false
    var isHEAD = false
  }

  private let limits: Limits
  private(set) var phase = Phase.idle
  private(set) var head = Head()
  /// Counts requests from 1, so that an answer that comes too late finds another number.
  private(set) var number: UInt64 = 0
  /// The client has sent its end, or is gone.
  private(set) var isPeerGone = false
  private(set) var began: Instant
  private var hasEnded = false
  private var isStopping = false
  private var closesAfter = false
  private var deadlines: Deadlines

  init(limits: Limits, now: Instant) {
    self.limits = limits
    began = now
    deadlines = Deadlines(limits: limits)
    deadlines.awaitHead(now: now)
  }

  // MARK: requests

  /// A request's first byte is there.
  mutating func begin(now: Instant) {
    phase = .reading
    number += 1
    began = now
    head = Head()
    closesAfter = isStopping
    deadlines.awaitHead(now: now)
  }

  /// The head is read and routed.
  ///
  /// - Parameter bodyLimit: nil where nobody wants a body.
  mutating func admit(_ head: Head, bodyLimit: Int?, now: Instant) -> Admission {
    self.head = head
    if !head.keepsAlive { closesAfter = true }
    if !head.hasBody { return .answer }
    guard let bodyLimit else {
      closesAfter = true
      return .answerAndClose
    }
    if let announced = head.announced, announced > bodyLimit {
      return .refuse(413, "the body has \(announced) bytes, expected at most \(bodyLimit) here")
    }
    deadlines.awaitBody(announced: head.announced, now: now)
    return .readBody(sendsContinue: head.expectsContinue && !head.isOld)
  }

  /// The request is there to its end.
  mutating func complete() {
    phase = .handling
    deadlines.awaitNothing()
  }

  // MARK: replies

  /// Whether the connection ends with this reply; to be asked when its head is written.
  var endsWithReply: Bool { closesAfter || isStopping }

  /// Whether the server is about to end.
  var endsWithStop: Bool { isStopping }

  /// The reply's end is the connection's.
  mutating func endWithReply() { closesAfter = true }

  /// More of a reply was queued; counts as `Deadlines.awaitTaking` has them.
  mutating func queued(sent: UInt64, queued: UInt64, following: Int, now: Instant) {
    deadlines.awaitTaking(sent: sent, queued: queued, following: following, now: now)
  }

  /// The reply is queued to its end.
  mutating func replied(now: Instant) -> Action {
    if endsWithReply {
      phase = .closing
      deadlines.awaitNothing()
      return .close
    }
    phase = .idle
    deadlines.awaitRequest(now: now)
    return .goOn
  }

  // MARK: ends

  /// The client will send nothing more.
  mutating func peerLeft() { isPeerGone = true }

  /// All that the client sent has been delivered.
  mutating func ended() { hasEnded = true }

  /// Every byte that could be used has been used: a client that has ended is owed nothing more unless it awaits a
  /// reply.
  mutating func nothingLeft() -> Action {
    if !hasEnded { return .goOn }
    switch phase {
    case .idle:
      close()
      return .close
    case .reading: return .refuse(400, "the connection ended within the request")
    case .handling, .closing: return .goOn
    }
  }

  /// The server wants to end.
  mutating func stop() -> Action {
    isStopping = true
    if phase != .idle { return .goOn }
    close()
    return .close
  }

  private mutating func close() {
    phase = .closing
    deadlines.awaitNothing()
  }

  // MARK: reading and time

  /// Whether further bytes are of use now.
  ///
  /// - Parameter hasRoom: whether another reply can be queued.
  func canRead(hasRoom: Bool) -> Bool {
    switch phase {
    case .idle: hasRoom
    case .reading: true
    case .handling, .closing: false
    }
  }

  /// Whether more may be taken from the client when so many bytes wait.
  func takesMore(waiting: Int, hasRoom: Bool) -> Bool { canRead(hasRoom: hasRoom) || waiting < limits.aheadBytes }

  /// The next moment at which `timedOut` is to be asked.
  func deadline(sent: UInt64) -> Instant? { deadlines.next(sent: sent) }

  /// By when the client must have taken what is still queued when the connection closes.
  func lastDeadline(sent: UInt64, queued: UInt64, now: Instant) -> Instant? {
    deadlines.last(sent: sent, queued: queued, now: now)
  }

  mutating func timedOut(now: Instant, sent: UInt64, queued: UInt64) -> Action {
    switch deadlines.expire(now: now, sent: sent, queued: queued) {
    case .nothing: return .goOn
    case .replying: return .reset
    case .reading:
      if phase == .reading { return .refuse(408, "the request did not come in time") }
      close()
      return .close
    }
  }
}
