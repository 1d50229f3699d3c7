import Measuring
import Model
import Pacing
import Scripting

// Further tries of what failed, and rest for an origin that fails; both off unless the plan asks for them.
extension AttackLoop {
  /// Failures that may be gone in a moment; others would only be the same again.
  static func isTransient(_ kind: ErrorKind) -> Bool {
    switch kind {
    case .timeout, .connect, .dns, .tls, .reset, .malformed, .connectTimeout: true
    case .status, .check, .denied, .cutOff, .neverSent, .ports, .descriptors, .capture, .redirect, .resting: false
    }
  }

  static func isTransient(_ status: UInt16) -> Bool {
    status == 408 || status == 429 || status == 500 || status == 502 || status == 503 || status == 504
  }

  /// Whether the request, which failed, is tried once more: its user then waits for that. In a chain of redirects it is
  /// that request alone which is; all tries of a response count together.
  mutating func triesAgain(_ request: Request, sent: Int64) -> Bool {
    let user = Int(request.user)
    // Nothing more becomes due after the end; arrivals that were due in time are still seen through.
    let isOver = endedAt != .max && (!isOpen || reason != .planEnded)
    if user < 0 || users[user].tries >= mostRetries || isOver { return false }
    let bank = bank(of: request)
    bank.count(name(of: request), .retried)
    bank.count(name(of: request), .completed)
    completed &+= 1
    facts.lastEnd.nanoseconds = now &- start
    if users[user].isBusy {
      users[user].isBusy = false
      busyUsers -= 1
    }
    users[user].request = request
    if request.firstSent == 0 { users[user].request.firstSent = sent }
    users[user].request.resent = false
    users[user].request.isRetry = users[user].request.firstSent != 0
    let word = Draw.mix(
      Draw.mix(plan.seed ^ Draw.mix(users[user].number)) ^ users[user].drawIteration << 20 ^ users[user].run << 8
        ^ UInt64(users[user].tries))
    pause(user, until: now + retryPause.length(after: users[user].tries, word), .again)
    users[user].tries += 1
    return true
  }

  /// A request came to nothing: its origin's breaker hears of it, and either another try follows or its response has
  /// failed; which of them is the result.
  ///
  /// - Parameters:
  ///   - slot: whose exchange it was; −1 where none was begun.
  ///   - sent: when it was written, or an earlier try was; 0 where none was.
  mutating func failOrRetry(_ request: Request, _ kind: ErrorKind, _ origin: Int, _ slot: Int, sent: Int64) -> Bool {
    if isGuarded {
      noteFailure(origin, kind)
      if AttackLoop.isTransient(kind), triesAgain(request, sent: sent) {
        if keepsSamples { sample(request, kind, slot, sent: sent, goesOn: true) }
        return true
      }
    }
    notes.slot = slot
    completeFailed(request, kind, sent: sent)
    return false
  }

  /// Whether a reply says "later" and is followed by another try: then it is one of several of its response.
  mutating func isTriedAgain(_ slot: Int, _ answer: inout Answer) -> Bool {
    let target = targets + Int(answer.request.target)
    let isExpected = answer.status >= target.pointee.expectedLow && answer.status <= target.pointee.expectedHigh
    let isFailure = AttackLoop.isTransient(answer.status) && !isExpected
    noteHealth(Int(connections[slot].origin), isFailure: isFailure)
    if !isFailure || answer.isBroken || !triesAgain(answer.request, sent: answer.sent) { return false }
    countReply(answer)
    if keepsSamples { sample(answer, .status, goesOn: true) }
    return true
  }

  /// The user's back-off is over: the same request, with the same *intended*. After a stop it is given up.
  mutating func sendAgain(_ user: Int) {
    users[user].errand = .goOn
    if reason == .planEnded, !mayBegin() { return pause(user, until: now + AttackLoop.pauseAfterRefusal, .again) }
    let request = users[user].request
    countStarted(Int(request.target), intended: request.intended)
    if reason != .planEnded {
      completeFailed(request, .neverSent, sent: request.firstSent)
      return endStep(ofUser: user, .failed, isReply: false, after: 0)
    }
    if rests(user) { return }
    dispatch(user)
  }

  /// Back-offs that the end cut short: each is a response that never came.
  mutating func giveUpRetries() {
    for user in 0..<usersMade where users[user].errand == .again && !users[user].isBusy && users[user].tries > 0 {
      let request = users[user].request
      countStarted(Int(request.target), intended: request.intended)
      completeFailed(request, .neverSent, sent: request.firstSent)
    }
  }

  // The circuit breaker: of one origin, and of all loops together.

  mutating func noteHealth(_ origin: Int, isFailure: Bool) {
    if breakerFailures == 0 { return }
    control.breakers.ended(origin, isFailure: isFailure, at: now, breakerFailures, rest: breakerRest)
  }

  /// A request came to nothing. Where that tells nothing of its origin, and it was to show whether that is well again,
  /// another one will be.
  mutating func noteFailure(_ origin: Int, _ kind: ErrorKind) {
    if AttackLoop.isTransient(kind) { return noteHealth(origin, isFailure: true) }
    if breakerFailures > 0 { control.breakers.abandonTrial(origin) }
  }

  /// Whether the origin of the user's request rests: then that has failed, and the user goes on after a pause.
  mutating func rests(_ user: Int) -> Bool {
    if breakerFailures == 0 { return false }
    let request = users[user].request
    if !isAtRest(origin(of: request)) { return false }
    failResting(request)
    return true
  }

  /// Whether an origin gets nothing now. Where it gets one request, to see, that is whoever asked.
  mutating func isAtRest(_ origin: Int) -> Bool {
    if breakerFailures == 0 || control.breakers.maySend(origin, at: now) { return false }
    let times = breakerFailures == 1 ? "once" : "\(breakerFailures) times in a row"
    blame(.resting, "\(self.origin(origin)) failed \(times)")
    return true
  }

  /// A user's request that its origin's rest holds back has failed, and the user goes on after a pause.
  mutating func failResting(_ request: Request) {
    completeFailed(request, .resting, sent: request.firstSent)
    endRequest(ofUser: Int(request.user), .failed, after: AttackLoop.pauseAfterRefusal)
  }
}
