import Measuring
import Model
import Pacing

// What a loop may send: under a lease that ends, and up to a horizon that moves on.
extension AttackLoop {
  /// Looks up what is allowed by now; it only ever grows.
  mutating func readAllowance() {
    (allowedUntil, horizon) = allowance.now
    takesUpTo = min(allowedUntil, horizon)
  }

  /// What is to be done with the next arrival, which is due, although the loop's copies do not allow it.
  enum Permission { case send, skip, hold }

  /// Where nothing may be sent at the moment, what falls due meanwhile is never sent. What is due beyond the horizon
  /// waits until that has moved on.
  mutating func askForNext() -> Permission {
    readAllowance()
    if now >= allowedUntil { return .skip }
    return nextDue >= horizon ? .hold : .send
  }

  /// An arrival waits for the horizon; looked at in each turn, for `allow` wakes the loop.
  mutating func lookAtHeld() {
    readAllowance()
    if nextDue < horizon || now >= allowedUntil { nextLook = nextDue }
  }

  /// Whether a user may begin a request now, which it is due now.
  ///
  /// A master grants nothing that is due after the plan's end. What users still send then belongs to what was due before:
  /// the rest of an iteration, and the tear-down. They need the lease alone.
  mutating func mayBegin() -> Bool {
    if now < takesUpTo { return true }
    readAllowance()
    return now < (endedAt == .max ? takesUpTo : allowedUntil)
  }

  /// Whether the request that a connection has may be written now; if not, it and all that wait with it are given up.
  mutating func mustNotSend(_ slot: Int) -> Bool {
    readAllowance()
    if now < allowedUntil { return false }
    let connection = connections[slot]
    completeFailed(
      connection.request, connection.request.resent ? .cutOff : .neverSent, sent: connection.request.firstSent)
    if isGuarded { noteFailure(Int(connection.origin), .neverSent) }
    if connection.user < 0 { pushIdle(slot) }
    if connection.request.user >= 0 {
      endRequest(ofUser: Int(connection.request.user), .failed, after: AttackLoop.pauseAfterRefusal)
    }
    if connection.user < 0 { giveUpWaiting() }
    return true
  }

  /// Passes over the next arrival, which is due: it is never sent.
  mutating func leaveNextUnsent() {
    let target = firstTarget(of: cursor.arrival)
    let due = nextDue
    if due < measuredFrom { warmUpCounts.unsent += 1 } else { counts.unsent += 1 }
    bank(at: due).record(Int(targets[target].name), .censored, BucketedTime(nanoseconds: now - due))
    advance()
  }

  /// Passes over what was due so long ago when the loop began that it would only be a burst.
  mutating func leaveOverdue() {
    if !isOpen || latest == .max { return }
    while nextDue < now - latest { leaveNextUnsent() }
    nextLook = nextDue
  }
}
