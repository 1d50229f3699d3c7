import Fleet
import Measuring
import Model
import Wire

/// A worker as it should behave, with a clock of its own that differs from the master's.
struct SimulatedWorker {
  let id: String
  let process: Identifier
  /// Its own clock minus the true time.
  let skew: TimeSpan
  var peer: Peer?
  var term: UInt64 = 0
  var lease: Lease?
  var heartbeats = OpenHeartbeats()
  var clock = ClockOffset()
  var state = WorkerState.idle
  var start: Instant?
  var duration = TimeSpan.zero
  var reason: EndReason?
  var sentAt: [UInt64: Instant] = [:]
  var nextBeat = Instant(nanoseconds: 0)

  func own(_ now: Instant) -> Instant { now + skew }

  /// Whether it is sending at this moment, as far as it knows itself.
  func isSending(_ now: Instant) -> Bool {
    guard let lease, let start, state == .running else { return false }
    let mine = own(now)
    return mine >= start && mine < lease.sendUntil(start: start)
  }

  /// What it says after it was let in.
  func register() -> Message {
    .register(Register(term: term, state: state, run: lease?.run, incarnation: lease?.incarnation))
  }

  mutating func beat(_ now: Instant) -> Message {
    nextBeat = now + .seconds(1)
    let nonce = heartbeats.next(at: own(now))
    return .heartbeat(
      Heartbeat(nonce: nonce, state: state, run: lease?.run, incarnation: lease?.incarnation))
  }

  /// Takes what came and gives its answers.
  mutating func take(_ message: Message, _ now: Instant, duration: TimeSpan) -> [Message] {
    switch message {
    case .assign(let assign):
      if state != .idle { return [] }
      lease = Lease(assign.grant)
      (state, start, reason, self.duration) = (.ready, nil, nil, duration)
      let ready = Ready(run: assign.grant.run, incarnation: assign.grant.incarnation, epoch: assign.grant.epoch)
      return [.ready(ready), beat(now)]
    case .start(let begin):
      guard state == .ready, lease?.raise(begin.grant) == true else { return [] }
      start = clock.own(begin.start)
      state = .running
      return [beat(now)]
    case .beat(let beat):
      guard let sent = heartbeats.answered(beat.nonce) else { return [] }
      term = max(term, beat.term)
      clock.take(sent: sent, arrived: own(now), received: beat.received, replied: beat.sent)
      if let grant = beat.grant { lease?.extend(grant, sent: sent) }
    case .stop(let stop):
      guard let lease, lease.incarnation == stop.incarnation, state != .idle else { return [] }
      return finish(.stopped)
    case .completed(let completed):
      if completed.incarnation == lease?.incarnation, reason != nil {
        (lease, start, state, reason) = (nil, nil, .idle, nil)
        return [beat(now)]
      }
    default: break
    }
    return []
  }

  /// What it does by itself.
  mutating func pass(_ now: Instant) -> [Message] {
    if let start, state == .running, own(now) > start + duration { return finish(.planEnded) }
    return []
  }

  /// Said again after each reconnection, until it is answered.
  var lastWord: Message? {
    guard let lease, let reason else { return nil }
    return .complete(
      Complete(run: lease.run, incarnation: lease.incarnation, records: 1, completed: 1, reason: reason))
  }

  private mutating func finish(_ why: EndReason) -> [Message] {
    if reason == nil { reason = why }
    state = .draining
    return lastWord.map { [$0] } ?? []
  }
}
