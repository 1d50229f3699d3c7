import Measuring
import Model
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct BoundsTests {
  @Test(arguments: [1, 2, 3], [1, 7, 100]) func usersSendExactlyTheRequestsAskedFor(loops: Int, requests: UInt64) throws
  {
    let server = try RawServer(always: RawServer.ok)
    for users in [1, 5] {
      let run = try Run(.closed([.local(server.port)], users: users, requests: requests), loops: loops)
      run.check()
      #expect(run.requests.accepted == requests && run.schedule.planned == requests)
    }
    #expect(server.stop().requests == 2 * requests)
  }

  @Test(arguments: [1, 2, 3], [1, 7, 100]) func arrivalsAreExactlyThoseAskedFor(loops: Int, requests: UInt64) throws {
    let server = try RawServer(always: RawServer.ok)
    let run = try Run(.open([.local(server.port)], rate: 500, requests: requests), loops: loops)
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.requests.accepted == requests && run.schedule.planned == requests && counts.requests == requests)
  }

  @Test(arguments: [1, 2]) func aPlanShorterThanASecond(loops: Int) throws {
    let server = try RawServer(always: RawServer.ok)
    let run = try Run(.open([.local(server.port)], rate: 1_000, duration: .milliseconds(250)), loops: loops)
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.schedule.planned == 250 && run.requests.accepted == 250 && counts.requests == 250)
    #expect(run.length >= .milliseconds(250))
  }

  @Test(arguments: [1, 3]) func oneArrivalInAMoment(loops: Int) throws {
    let server = try RawServer(always: RawServer.ok)
    let run = try Run(.open([.local(server.port)], rate: 1, duration: .milliseconds(1)), loops: loops)
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.schedule.planned == 1 && run.requests.accepted == 1 && counts.requests == 1)
  }

  /// More than any machine can send: what is due and not taken up by the end of the grace period is unsent.
  @Test(arguments: [1, 2]) func moreThanCanBeSentIsUnsent(loops: Int) throws {
    let server = try RawServer(always: RawServer.ok)
    let plan = Plan.open([try .local(server.port)], rate: 20_000_000, duration: .milliseconds(150)) {
      $0.grace = .milliseconds(150)
    }
    let run = try Run(plan, loops: loops, connections: 4)
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.schedule.planned == 3_000_000)
    #expect(run.schedule.unsent > 0)
    #expect(run.length < .seconds(30))
    #expect(run.intervals.contains { $0.loops.contains { $0.late > 0 } })
  }

  /// What is due on a second's boundary belongs to the second that begins there, and the last whole second is one.
  @Test(arguments: [1, 2]) func wholeSecondsHoldWhatIsDueInThem(loops: Int) throws {
    let server = try RawServer(always: RawServer.ok)
    let run = try Run(.open([.local(server.port)], rate: 20, duration: .seconds(2)), loops: loops)
    let counts = server.stop()
    run.check(target: counts.requests)
    var planned: [UInt32: UInt64] = [:]
    for interval in run.intervals { planned[interval.second, default: 0] += interval.schedule.planned }
    #expect(planned[0] == 20 && planned[1] == 20 && planned[2, default: 0] == 0)
    #expect(Set(run.intervals.map(\.second)).count == run.intervals.count)
  }

  /// Arrivals that found every allowed connection taken are counted, and the last outcome has its instant.
  @Test func aCapThatHoldsBackIsSaid() throws {
    let server = try RawServer(always: RawServer.ok)
    let held = try Run(.open([.local(server.port)], rate: 20_000, requests: 2_000), connections: 1)
    let free = try Run(.open([.local(server.port)], rate: 5, requests: 2), connections: 100)
    server.stop()
    func capped(_ run: Run) -> UInt64 { run.intervals.flatMap(\.loops).reduce(0) { $0 + $1.capped } }
    #expect(capped(held) > 0 && capped(held) <= 2_000 && capped(free) == 0)
    let last = free.intervals.flatMap(\.loops).map(\.lastEnd).max()
    #expect(last.map { $0 >= .milliseconds(200) && $0 <= free.length } == true)
  }

  /// Several seconds: each has its record, and one begins where the other ends.
  @Test(arguments: [true, false]) func secondsFollowOneAnother(open: Bool) throws {
    let server = try RawServer(always: RawServer.ok)
    let targets = [try Target.local(server.port)]
    let run = try Run(
      open
        ? .open(targets, rate: 400, duration: .milliseconds(2_300))
        : .closed(targets, users: 2, requests: nil, duration: .milliseconds(2_300)), loops: 2)
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.requests.accepted == UInt64(counts.requests))
    #expect(run.intervals.map(\.second) == [0, 1, 2])
    // A collector that a busy machine holds up for a moment begins the next second by as much later.
    let late = run.intervals.enumerated().map { $1.from - .seconds(Int64($0)) }
    #expect(late.first == .zero && late.allSatisfy { $0 >= .zero && $0 < .milliseconds(100) }, "\(late)")
    if open {
      #expect(run.intervals.map(\.schedule.planned).prefix(2).allSatisfy { 396...404 ~= $0 })
      #expect(run.requests.started == 920)
    }
  }

  /// A collector held up for seconds makes a second longer; the loop neither loses a figure nor spins until it is back.
  @Test func aCollectorHeldUpCostsNothing() throws {
    let server = try RawServer(always: RawServer.ok)
    let plan = Plan.open([try .local(server.port)], rate: 100, duration: .milliseconds(2_900))
    let run = try Run(plan, meanwhile: { _ in #expect(server.await(requests: 285)) })
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.requests.accepted == 290 && run.intervals.first?.second == 0)
    let worked = run.intervals.flatMap(\.loops).reduce(TimeSpan.zero) { $0 + $1.busy + $1.spinning }
    #expect(worked < .milliseconds(500), "\(worked)")
  }

  /// The shares of targets are exact in each block as long as the weights' sum.
  @Test(arguments: [1, 2, 3]) func weightsAreExact(loops: Int) throws {
    let server = try RawServer(always: RawServer.ok)
    let targets = try [1, 2, 5].map { try Target.local(server.port, "/\($0)", weight: $0) }
    let run = try Run(.open(targets, rate: 1_000, requests: 80), loops: loops)
    let one = try Run(.closed(targets, users: 1, requests: 80))
    server.stop()
    for run in [run, one] {
      run.check()
      #expect(run.names.mapValues(\.counts.accepted) == ["/1": 10, "/2": 20, "/5": 50])
    }
  }

  @Test func spinningChangesNothingButTheTime() throws {
    let server = try RawServer(always: RawServer.ok)
    let run = try Run(.open([.local(server.port)], rate: 500, duration: .milliseconds(300)), spins: true)
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.requests.accepted == 150)
    #expect(run.intervals.contains { $0.loops.contains { $0.spinning > .zero } })
  }
}
