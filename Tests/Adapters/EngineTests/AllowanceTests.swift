import Measuring
import Model
import TestSupport
import Testing

@testable import Engine

@Suite(.timeLimit(.minutes(1))) struct AllowanceTests {
  private static func plan(_ port: UInt16, open: Bool, seconds: Int64 = 1) throws -> Plan {
    open
      ? .open([try .local(port)], rate: 200, duration: .seconds(seconds))
      : .closed([try .local(port)], users: 3, requests: nil, duration: .seconds(seconds))
  }

  /// A lease that had ended before the start: nothing leaves, and every arrival is accounted for.
  @Test(arguments: [true, false], [1, 2]) func nothingIsSentWithoutALease(open: Bool, loops: Int) throws {
    let server = try RawServer(always: RawServer.ok)
    let run = try Run(
      try Self.plan(server.port, open: open), loops: loops, limit: { $0.allow(until: $1 - .milliseconds(1)) })
    run.check(target: server.stop().requests)
    #expect(run.requests.started == 0 && run.reason == .planEnded)
    #expect(run.schedule.unsent == (open ? 200 : 0) && run.schedule.planned == run.schedule.unsent)
  }

  /// The lease ends in the middle: what is due later is not sent, not even late.
  @Test(arguments: [1, 2]) func theLeaseEndsInTheMiddle(loops: Int) throws {
    let server = try RawServer(always: RawServer.ok)
    let run = try Run(
      try Self.plan(server.port, open: true), loops: loops, limit: { $0.allow(until: $1 + .milliseconds(400)) })
    run.check(target: server.stop().requests)
    // Arrival n is due 5n ms after the start: 80 before the end. A busy machine may send fewer.
    #expect(run.schedule.started <= 80 && run.schedule.unsent >= 120 && run.schedule.planned == 200)
    #expect(run.requests.started == run.schedule.started && run.requests.written <= 80)
  }

  /// A lease that comes back: what was due meanwhile stays unsent, what is due from then on is sent.
  @Test func theLeaseComesBack() throws {
    let server = try RawServer(always: RawServer.ok)
    let run = try Run(
      try Self.plan(server.port, open: true, seconds: 3), limit: { $0.allow(until: $1 + .milliseconds(200)) },
      onSecond: { attack, interval in
        if interval.second == 0 { attack.allow(until: Instant(nanoseconds: .max)) }
      })
    run.check(target: server.stop().requests)
    let first = run.intervals.first?.schedule
    #expect(first.map { $0.unsent >= 150 && $0.started <= 40 } == true, "\(String(describing: first))")
    #expect(run.requests.accepted > 40 && run.schedule.planned == 600)
  }

  /// Beyond the horizon arrivals wait, and are sent when it has moved on.
  @Test(arguments: [1, 2]) func arrivalsWaitForTheHorizon(loops: Int) throws {
    let server = try RawServer(always: RawServer.ok)
    let ever = Instant(nanoseconds: .max)
    let run = try Run(
      try Self.plan(server.port, open: true, seconds: 2), loops: loops,
      limit: { $0.allow(until: ever, dueBefore: $1 + .milliseconds(50)) },
      onSecond: { attack, interval in
        if interval.second == 0 { attack.allow(until: ever, dueBefore: ever) }
      })
    run.check(target: server.stop().requests)
    // Due at 0, 5 … 45 ms.
    #expect(run.intervals.first?.schedule.started == 10)
    #expect(run.requests.accepted == 400 && run.schedule.unsent == 0)
  }

  /// A master's horizon never lies beyond the plan's end: iterations that were due before go on, and users are torn down.
  @Test(arguments: [true, false]) func whatWasDueBeforeTheHorizonGoesOn(open: Bool) throws {
    let server = try RawServer(always: RawServer.ok)
    var plan = try Self.plan(server.port, open: open)
    plan.targets = try (0..<4).map { try .local(server.port, "/\($0)") }
    plan.setup = [Step(target: 0)]
    plan.scenarios = [
      Scenario(name: "a", steps: [Step(target: 1, think: .fixed(.milliseconds(300))), Step(target: 2)])
    ]
    plan.teardown = [Step(target: 3)]
    let run = try Run(plan, limit: { $0.allow(until: Instant(nanoseconds: .max), dueBefore: $1 + .seconds(1)) })
    #expect(run.requests.started == run.requests.completed && run.requests.accepted == UInt64(server.stop().requests))
    let counts = (0..<4).map { run.names["/\($0)"]?.counts.accepted ?? 0 }
    #expect(counts[0] > 0 && counts[3] == counts[0] && run.errors.isEmpty, "\(counts)")
    // An arrival's iteration ends, a user's in the closed model begins no further step.
    if open { #expect(counts[1] == 200 && counts[2] == 200, "\(counts)") }
    #expect(run.length < .seconds(5), "\(run.length)")
  }

  /// Held back by the horizon when the lease ends: unsent.
  @Test func whatTheHorizonHoldsEndsWithTheLease() throws {
    let server = try RawServer(always: RawServer.ok)
    let run = try Run(
      try Self.plan(server.port, open: true),
      limit: { $0.allow(until: $1 + .milliseconds(500), dueBefore: $1 + .milliseconds(50)) })
    run.check(target: server.stop().requests)
    #expect(run.schedule.started <= 10 && run.schedule.unsent >= 190 && run.schedule.planned == 200)
  }

  @Test(arguments: [1, 2]) func usersWaitForTheirLease(loops: Int) throws {
    let server = try RawServer(always: RawServer.ok)
    let run = try Run(
      .closed([try .local(server.port)], users: 4, requests: 40), loops: loops, limit: { $0.allow(until: $1) },
      onSecond: { attack, interval in
        if interval.second == 0 { attack.allow(until: Instant(nanoseconds: .max)) }
      })
    run.check(target: server.stop().requests)
    #expect(run.intervals.first?.schedule.started == 0)
    #expect(run.requests.accepted == 40 && run.errors.isEmpty)
  }

  /// What waits for a connection when the lease ends is given up, though a connection comes free.
  @Test func whatWaitsIsGivenUp() throws {
    let server = try RawServer { peer, server in
      while server.request(peer) != nil {
        peer.pause(milliseconds: 600)
        if !peer.write(RawServer.ok) { return }
      }
    }
    let run = try Run(
      .open([try .local(server.port)], rate: 100, duration: .milliseconds(300)), connections: 1,
      limit: { $0.allow(until: $1 + .milliseconds(250)) })
    run.check(target: server.stop().requests)
    #expect(run.requests.written <= 1 && run.requests.accepted == run.requests.written)
    #expect(run.errors.keys.allSatisfy { $0 == .neverSent } && run.schedule.unsent >= 5)
  }

  /// Earlier instants than those given take nothing back.
  @Test func anAllowanceOnlyGrows() {
    let allowance = Allowance()
    #expect(allowance.now == (.max, .max))
    allowance.extend(until: 10, horizon: 20)
    allowance.extend(until: 5, horizon: 30)
    allowance.extend(until: 12, horizon: 7)
    #expect(allowance.now == (12, 30))
  }

  /// A start that lies in the past: what is overdue by more than was said is not sent, the rest at once.
  @Test(arguments: [nil, TimeSpan.milliseconds(1_500)]) func aLateStart(maxLate: TimeSpan?) throws {
    let server = try RawServer(always: RawServer.ok)
    let run = try Run(
      try Self.plan(server.port, open: true, seconds: 4), startIn: .seconds(-2), maxLate: maxLate)
    run.check(target: server.stop().requests)
    #expect(run.schedule.planned == 800)
    if maxLate == nil {
      #expect(run.requests.accepted == 800)
    } else {
      #expect(run.schedule.unsent >= 100 && run.requests.accepted > 0)
    }
    #expect(run.worker.lateness.count(atLeast: 400_000) >= 100)
  }

  /// A start seconds ahead, with a word from outside meanwhile.
  @Test func aStartThatLiesAhead() throws {
    let server = try RawServer(always: RawServer.ok)
    let run = try Run(
      .open([try .local(server.port)], rate: 100, requests: 10), startIn: .milliseconds(1_500),
      limit: { $0.allow(until: $1) },
      meanwhile: { attack in for more in 1...20 { attack.allow(until: Instant(nanoseconds: .max - Int64(more))) } })
    run.check(target: server.stop().requests)
    #expect(run.requests.accepted == 10 && run.intervals.first?.from == .zero)
  }
}
