import Fleet
import Model
import TestSupport
import Testing
import Wire

@Suite struct LeaseTests {
  private let run = Identifier(high: 1, low: 1)
  private let incarnation = Identifier(high: 2, low: 2)

  private func grant(_ horizon: Int64, term: UInt64 = 3, of other: Identifier? = nil) -> Grant {
    Grant(
      run: run, incarnation: other ?? incarnation, term: term, epoch: 1, horizon: .seconds(horizon), lease: .seconds(5))
  }

  private func at(_ seconds: Int64) -> Instant { Instant(nanoseconds: seconds * 1_000_000_000) }

  @Test func nothingMayBeSentBeforeAHeartbeatIsAnswered() {
    var lease = Lease(grant(0))
    lease.raise(grant(100))
    #expect(lease.end == nil && lease.sendUntil(start: at(0)) == Instant(nanoseconds: .min))
  }

  @Test func itEndsSoLongAfterTheHeartbeatWasSentNotAfterItsReply() {
    var lease = Lease(grant(0))
    let isTaken = lease.extend(grant(60), sent: at(10))
    #expect(isTaken)
    #expect(lease.end == at(15) && lease.sendUntil(start: at(1)) == at(15))
    // An older heartbeat, answered late, takes nothing back.
    lease.extend(grant(50), sent: at(9))
    #expect(lease.end == at(15) && lease.horizon == .seconds(60))
  }

  @Test func theHorizonLimitsToo() {
    var lease = Lease(grant(0))
    lease.extend(grant(2), sent: at(10))
    #expect(lease.sendUntil(start: at(10)) == at(12))
    lease.raise(grant(4))
    #expect(lease.sendUntil(start: at(10)) == at(14))
  }

  @Test func anotherIncarnationsAndALowerTermsGrantsAreRefused() {
    var lease = Lease(grant(0))
    let taken = [
      lease.extend(grant(9, of: run), sent: at(1)), lease.extend(grant(1, term: 4), sent: at(1)),
      lease.extend(grant(9, term: 3), sent: at(2)),
    ]
    #expect(taken == [false, true, false])
    #expect(lease.term == 4 && lease.horizon == .seconds(1) && lease.end == at(6))
  }

  @Test func momentsAtTheEndsOfTheClockDoNotOverflow() {
    var lease = Lease(grant(0))
    lease.extend(grant(9), sent: Instant(nanoseconds: .max))
    #expect(lease.sendUntil(start: Instant(nanoseconds: .max)) == Instant(nanoseconds: .max))
    var endless = grant(9)
    endless.lease = TimeSpan(nanoseconds: .max)
    var long = Lease(endless)
    long.extend(endless, sent: at(1))
    #expect(long.end == at(3_601))
  }

  @Test func aHeartbeatIsAnsweredOnceAndOlderOnesAreForgotten() {
    var open = OpenHeartbeats()
    let first = open.next(at: at(1))
    let second = open.next(at: at(2))
    let third = open.next(at: at(3))
    let answers = [second, second, first, third, 99].map { open.answered($0) }
    #expect(answers == [at(2), nil, nil, at(3), nil])
  }

  @Test func heartbeatsWithoutReplyTakeBoundedMemory() {
    var open = OpenHeartbeats()
    let first = open.next(at: at(0))
    var last: UInt64 = 0
    for n in 1...10_000 { last = open.next(at: at(Int64(n))) }
    let answers = [first, last].map { open.answered($0) }
    #expect(answers == [nil, at(10_000)])
  }
}
