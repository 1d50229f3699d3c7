import Measuring
import Model
import Summary
import Testing

@Suite struct TaintTests {
  /// A whole second with 1,000 arrivals, changed by the test.
  static func found(_ change: (inout Interval) -> Void) -> Set<Taint> {
    var interval = MadeRun.interval(1, second: 0)
    interval.schedule.started = 1_000
    interval.host.cpus = 4
    change(&interval)
    return Taint.found(in: interval)
  }

  @Test func aQuietSecondHasNone() {
    #expect(Self.found { _ in }.isEmpty)
  }

  @Test func lateArrivalsBeyondOnePercent() {
    #expect(Self.found { $0.loops[0].late = 10 }.isEmpty)
    #expect(Self.found { $0.loops[0].late = 11 } == [.lateArrivals])
    let spread = Self.found { interval in
      interval.loops = [LoopSecond(), LoopSecond()]
      interval.loops[0].late = 6
      interval.loops[1].late = 6
    }
    #expect(spread == [.lateArrivals])
  }

  /// Users' later steps are no arrivals of the schedule: what woke is then the measure.
  @Test func lateArrivalsAreAShareOfWhatWokeWhereThatIsMore() {
    let found = Self.found { interval in
      interval.schedule.started = 0
      interval.worker.lateness.record(5, times: 1_000)
      interval.loops[0].late = 10
    }
    #expect(found.isEmpty)
  }

  @Test func aLoopBusyBeyondNineTenths() {
    #expect(Self.found { $0.loops[0].busy = .milliseconds(900) }.isEmpty)
    #expect(Self.found { $0.loops[0].busy = .milliseconds(901) } == [.busyLoop])
    #expect(Self.found { $0.loops[0].spinning = .milliseconds(990) }.isEmpty)
  }

  @Test func aShortSecondIsJudgedByItsOwnLength() {
    func short(_ busy: Int64) -> Set<Taint> {
      Self.found { interval in
        interval.to = .milliseconds(100)
        interval.loops[0].busy = .milliseconds(busy)
      }
    }
    #expect(short(90).isEmpty)
    #expect(short(91) == [.busyLoop])
  }

  @Test func aMomentBelowATenthIsNotJudgedByItsShares() {
    let found = Self.found { interval in
      interval.to = .milliseconds(99)
      interval.loops[0].busy = .milliseconds(99)
      interval.loops[0].late = 11
      interval.host.steal = .milliseconds(99)
      interval.host.throttled = .milliseconds(99)
    }
    #expect(found == [.lateArrivals])
  }

  @Test func aLongTurn() {
    #expect(Self.found { $0.loops[0].longestTurn = .milliseconds(5) }.isEmpty)
    #expect(Self.found { $0.loops[0].longestTurn = .microseconds(5_001) } == [.longTurn])
  }

  @Test func stealIsAShareOfAllCPUsAndThrottlingOfTheSecond() {
    #expect(Self.found { $0.host.steal = .milliseconds(40) }.isEmpty)
    #expect(Self.found { $0.host.steal = .milliseconds(41) } == [.steal])
    #expect(Self.found { $0.host.throttled = .milliseconds(10) }.isEmpty)
    #expect(Self.found { $0.host.throttled = .milliseconds(11) } == [.throttled])
  }

  @Test func portsAndDescriptorsRunOut() {
    for (kind, taint) in [(ErrorKind.ports, Taint.ports), (.descriptors, .descriptors)] {
      let found = Self.found { interval in
        var name = NameInterval(name: "/")
        name.errors = [ErrorCount(kind: kind, count: 1)]
        interval.names = [name]
      }
      #expect(found == [taint])
    }
  }

  /// Who waits for a connection waits for this machine where that is what has too few.
  @Test(
    arguments: [(nil, []), (.descriptors, [.descriptors]), (.ports, [.ports])]
      as [(RunDescription.Shortage?, Set<Taint>)])
  func aCapOfTheMachineRunsOut(shortage: RunDescription.Shortage?, taints: Set<Taint>) {
    var interval = MadeRun.interval(1, second: 0)
    #expect(Taint.found(in: interval, shortage: shortage).isEmpty)
    interval.loops[0].capped = 1
    #expect(Taint.found(in: interval, shortage: shortage) == taints)
  }

  @Test func theTargetsFailuresAreNoTaint() {
    let found = Self.found { interval in
      var name = NameInterval(name: "/")
      name.errors = ErrorKind.allCases.filter { !$0.isOurs }.map { ErrorCount(kind: $0, count: 1_000) }
      interval.names = [name]
    }
    #expect(found.isEmpty)
  }
}
