import EventLoop
import Measuring
import Model
import Pacing

// The end of a second: its figures go to the collector, the other bank is opened.
extension AttackLoop {
  /// Hands the open bank over. Where the other one is not clean yet, the second goes on (unless it is the last).
  mutating func seal(isLast: Bool) {
    let other = 1 - bankIndex
    if !isLast, !exchange.isClean(other) {
      // Looked at again soon, not in every turn: the collector may be held up for seconds.
      nextSeal = now + 10_000_000
      return
    }
    // A seal that comes late ends the second when it comes; one in time ends it on the boundary.
    let to = !isLast && now - nextBoundary < AttackLoop.lateSeal ? nextBoundary : max(now, sealedFrom)
    let second = UInt32(clamping: (sealedFrom - start) / 1_000_000_000)
    countPlanned(until: isLast ? min(now, endedAt) + 1 : to)
    facts.loop = UInt16(clamping: index)
    facts.inFlight = UInt32(clamping: inFlight)
    facts.connections = UInt32(clamping: transport?.connectionCount ?? openCount)
    facts.waiting = UInt32(clamping: waiting + foreignWaiting)
    facts.users = UInt32(clamping: usersAlive)
    facts.takenUpTo = cursor.arrival
    facts.folded += bank.folded
    if !exchange.warmUps.isEmpty { facts.folded += warmUp.folded }
    exchange.facts[bankIndex] = BankExchange.Facts(
      second: second, from: sealedFrom - start, to: to - start, loop: facts, schedule: counts, warmUp: warmUpCounts,
      isWarmUp: sealedFrom < measuredFrom, isLast: isLast, reason: reason, completed: completed,
      causes: notes.causes.take())
    exchange.set(bankIndex, .sealed)
    Control.ring(control.bell)
    sealedFrom = to
    nextBoundary = start + ((to - start) / 1_000_000_000 + 1) * 1_000_000_000
    // The warm-up's last second ends with it.
    if to < measuredFrom { nextBoundary = min(nextBoundary, measuredFrom) }
    nextSeal = nextBoundary
    facts = LoopSecond()
    counts = ScheduleCounts()
    warmUpCounts = ScheduleCounts()
    if isLast { return }
    bankIndex = other
    bank = exchange.banks[other]
    warmUp = exchange.warmUps.isEmpty ? bank : exchange.warmUps[other]
    blocksWatched = exchange.watched(other)
    exchange.set(other, .open)
    // Addresses that refused are tried again.
    for origin in 0..<originCount { origins[origin].refused = 0 }
  }

  /// Whether most of the blocks laid ready are taken.
  var needsBlocks: Bool { bank.blocksTaken > blocksWatched || warmUp.blocksTaken > blocksWatched }

  /// Most of the blocks laid ready are taken: lays more, between two turns and never within a request.
  mutating func layMore() {
    blocksWatched = exchange.layMore(bankIndex)
  }

  /// How late a seal may come and still count as in time.
  static let lateSeal: Int64 = 5_000_000

  /// What the plan's integral gives for this loop's share before an instant.
  ///
  /// An arrival is due at its instant rounded down, so "due by now" is "before now plus a nanosecond".
  private mutating func countPlanned(until: Int64) {
    guard let schedule = load.schedule else { return }
    let time = TimeSpan(nanoseconds: until - start)
    let planned = max(plannedSoFar, tally.arrivals(before: time, in: schedule))
    if plannedSoFar < plannedInWarmUp {
      let warm = min(planned, plannedInWarmUp)
      warmUpCounts.planned += warm - plannedSoFar
      plannedSoFar = warm
    }
    counts.planned += planned - plannedSoFar
    plannedSoFar = planned
  }

  /// Arrivals of this loop's share that are due before the measured time begins.
  static func plannedInWarmUp(_ load: LoopLoad, _ warmUp: TimeSpan) -> UInt64 {
    guard let schedule = load.schedule, warmUp > .zero else { return 0 }
    var tally = ArrivalTally(load.slots, in: schedule)
    return tally.arrivals(before: warmUp, in: schedule)
  }
}

// What belongs to the warm-up is counted apart: all figures of a request by when it was due.
extension AttackLoop {
  /// Where the figures of what is due at that instant go.
  @inline(__always)
  func bank(at intended: Int64) -> Bank { intended < measuredFrom ? warmUp : bank }

  /// Where a request's figures go.
  @inline(__always)
  func bank(of request: Request) -> Bank { bank(at: request.intended) }

  /// An arrival, or a user's request, is taken up; a user's was not planned before.
  @inline(__always)
  mutating func countArrival(intended: Int64, isPlanned: Bool) {
    if intended < measuredFrom {
      warmUpCounts.started += 1
      if !isPlanned { warmUpCounts.planned += 1 }
    } else {
      counts.started += 1
      if !isPlanned { counts.planned += 1 }
    }
  }
}
