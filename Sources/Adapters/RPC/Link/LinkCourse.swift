import Model
import Wire

/// What a link does next: connects, greets, waits and tries again, for ever until it is stopped. Pure.
struct LinkCourse {
  enum Action: Equatable {
    case connect
    /// Say Hello, and end the connection if no Welcome comes in time.
    case greet
    /// End the connection if nothing comes for so long.
    case listen(silence: TimeSpan)
    case close
    case wait(TimeSpan)
    case tell(Link.Event)
  }

  private enum State: Equatable {
    case idle, connecting, greeting, waiting, stopped
    case welcomed(isProven: Bool)
  }

  private let protocols: ClosedRange<UInt16>
  private let refusalTime: TimeSpan
  private var state = State.idle
  private var backOff: BackOff
  /// The highest term of any master so far.
  private var term: UInt64 = 0

  init(protocols: ClosedRange<UInt16>, backOff: BackOff, refusalTime: TimeSpan) {
    self.protocols = protocols
    self.backOff = backOff
    self.refusalTime = refusalTime
  }

  var isWelcomed: Bool {
    if case .welcomed = state { true } else { false }
  }

  /// The start, or the end of a wait.
  mutating func go() -> [Action] {
    guard state == .idle || state == .waiting else { return [] }
    state = .connecting
    return [.connect]
  }

  /// A connection is there, TLS included.
  mutating func connected() -> [Action] {
    guard state == .connecting else { return [] }
    state = .greeting
    return [.greet]
  }

  mutating func came(
    _ message: Message, request: UInt64, at now: Instant, _ source: inout some RandomNumberGenerator
  ) -> [Action] {
    switch (state, message) {
    case (.greeting, .refused(let refused)), (.welcomed, .refused(let refused)):
      return turnedAway(refused, &source)
    case (.greeting, .welcome(let welcome)):
      guard protocols.contains(welcome.protocol) else {
        return lost("the master chose RPC version \(welcome.protocol), which this worker does not speak", &source)
      }
      guard welcome.term >= term else {
        return lost("the master's term \(welcome.term) is over: there was one of term \(term)", &source)
      }
      term = welcome.term
      state = .welcomed(isProven: false)
      return [.listen(silence: welcome.lease + welcome.margin), .tell(.welcomed(welcome, at: now))]
    case (.greeting, _):
      return lost("the master sent \(message.name) before Welcome", &source)
    case (.welcomed, .welcome), (.welcomed, .hello):
      return lost("the master sent \(message.name) to a worker it had welcomed", &source)
    case (.welcomed, _):
      // Only now: one that welcomes and then refuses must not be tried without a pause.
      if state == .welcomed(isProven: false) { backOff.reset() }
      state = .welcomed(isProven: true)
      return [.tell(.message(message, request: request, at: now))]
    case (.idle, _), (.connecting, _), (.waiting, _), (.stopped, _):
      return []
    }
  }

  /// The try or the connection ended, or must end.
  mutating func lost(_ reason: String, _ source: inout some RandomNumberGenerator) -> [Action] {
    if state == .idle || state == .waiting || state == .stopped { return [] }
    state = .waiting
    let again = backOff.next(&source)
    return [.close, .tell(.lost(reason: reason, again: again)), .wait(again)]
  }

  /// Settings forbid to go on: nothing is tried again.
  mutating func giveUp(_ reason: String) -> [Action] {
    if state == .stopped { return [] }
    state = .stopped
    return [.close, .tell(.lost(reason: reason, again: nil))]
  }

  mutating func stop() -> [Action] {
    if state == .stopped { return [] }
    state = .stopped
    return [.close]
  }

  private mutating func turnedAway(_ refused: Refused, _ source: inout some RandomNumberGenerator) -> [Action] {
    state = .waiting
    let again: TimeSpan
    switch refused.why {
    case .token, .version:
      var slow = BackOff(from: refusalTime, to: refusalTime)
      again = slow.next(&source)
    case .duplicate, .term, .malformed, .busy, .stopping: again = backOff.next(&source)
    }
    return [.close, .tell(.refused(refused, again: again)), .wait(again)]
  }
}
