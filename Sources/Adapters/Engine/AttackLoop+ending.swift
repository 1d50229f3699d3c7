import EventLoop
import Measuring
import Model

// How a loop comes to its end: nothing more becomes due, replies are awaited, the rest is cut off.
extension AttackLoop {
  /// Looks whether the plan has ended or somebody said stop.
  mutating func heedCommand() {
    let command = control.current
    if endedAt == .max {
      switch command {
      case .none: if hasPlanEnded { end(.planEnded) }
      case .stop: end(.stopped)
      case .unreachable: end(.unreachable)
      case .abort: end(.aborted)
      }
    } else if command == .abort, reason != .aborted {
      reason = .aborted
      cutAt = now
    } else if command == .stop, reason == .planEnded {
      // Within the grace period: what waits for a connection is no longer sent.
      reason = .stopped
      giveUpWaiting()
      giveUpConnecting()
      giveUpForeign()
      endUsers()
    }
  }

  private var hasPlanEnded: Bool {
    if isOpen { return nextDue == .max && (load.endsWithLastRequest || isPastBound || now >= planEnd) }
    return now >= planEnd || usersAlive == 0 && (usersAway == 0 || isBoundReached)
  }

  private mutating func end(_ why: EndReason) {
    reason = why
    endedAt = now
    switch why {
    case .planEnded: cutAt = min(cutAt, now + grace)
    case .stopped:
      cutAt = now + grace
      giveUpWaiting()
      giveUpConnecting()
      giveUpForeign()
      leaveUnsent()
    case .aborted, .unreachable, .failed: cutAt = now
    }
    endUsers()
  }

  /// Users between two requests have nothing more to do, but to be torn down. In the open model, those that began in
  /// time go on to the end of their iteration.
  private mutating func endUsers() {
    if isPlain {
      while let user = pauses.pop() {
        if users[user].errand == .come { usersAway -= 1 } else { usersAlive -= 1 }
      }
    } else {
      if !isOpen || reason != .planEnded { pauses.hasten(to: now) }
      emptyPool()
    }
  }

  mutating func isFinished() -> Bool {
    if now >= cutAt { return true }
    if endedAt == .max || inFlight > 0 || waiting > 0 || foreignWaiting > 0 || parked.count > 0 { return false }
    return isPlain ? busyUsers == 0 : usersAlive == 0
  }

  /// Gives whatever is left its outcome and hands over the last figures.
  mutating func finish() {
    if endedAt == .max { endedAt = now }
    for slot in 0..<usedSlots {
      switch connections[slot].state {
      case .sending, .receiving:
        let request = connections[slot].request
        bank(of: request).count(name(of: request), .bytesIn, connections[slot].bytesIn)
        notes.slot = slot
        completeFailed(connections[slot].request, .cutOff, sent: connections[slot].sent)
        inFlight -= 1
      case .foreign where connections[slot].sent == 0:
        giveUp(connections[slot].request)
        foreignWaiting -= 1
      case .foreign:
        notes.slot = slot
        completeFailed(connections[slot].request, .cutOff, sent: connections[slot].sent)
        inFlight -= 1
      case .connecting, .handshaking:
        let user = Int(connections[slot].user)
        if user >= 0, users[user].isBusy { giveUp(users[user].request) }
      case .idle, .free: break
      }
    }
    giveUpWaiting()
    leaveUnsent()
    if !isPlain {
      giveUpRetries()
      cutIterations()
    }
    seal(isLast: true)
  }

  /// Arrivals that were taken up and wait for a connection are never sent, those that lost theirs not once more; their
  /// time so far is a lower bound.
  mutating func giveUpWaiting() {
    for origin in 0..<originCount {
      while let request = popWaiting(origin) {
        giveUp(request)
        if request.user >= 0 { endRequest(ofUser: Int(request.user), .failed) }
      }
    }
    giveUpNameless()
    if !isPlain { giveUpVisits() }
  }

  mutating func giveUp(_ request: Request) {
    if isGuarded { noteFailure(origin(of: request), .neverSent) }
    completeFailed(
      request, request.resent || request.chain >= 0 ? .cutOff : .neverSent, sent: request.firstSent)
  }

  /// Users that are still connecting send nothing any more.
  private mutating func giveUpConnecting() {
    for user in 0..<usersMade where users[user].isBusy {
      var slot = Int(users[user].connection)
      while slot >= 0 {
        let next = Int(connections[slot].nextOfUser)
        if connections[slot].state == .connecting || connections[slot].state == .handshaking {
          giveUp(users[user].request)
          release(slot, byReset: true)
          endRequest(ofUser: user, .failed)
          break
        }
        slot = next
      }
    }
  }

  /// Arrivals that were due and not even taken up.
  private mutating func leaveUnsent() {
    if !isOpen { return }
    while nextDue <= endedAt, nextDue != .max { leaveNextUnsent() }
    nextDue = .max
    nextLook = .max
  }
}
