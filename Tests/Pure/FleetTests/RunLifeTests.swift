import Fleet
import Measuring
import Model
import Testing
import Wire

@Suite struct RunLifeTests {
  /// Nothing is granted beyond the plan's end, nor, once the test is to end, beyond what was granted before.
  @Test func horizonsEnd() throws {
    var bench = Bench()
    var (a, b) = (bench.join("a", process: 1, peer: 1), bench.join("b", process: 2, peer: 2))
    bench.hear(.submitted(try Bench.test(1, workers: 1, duration: .seconds(3))))
    let long = try Bench.test(2, workers: 1, duration: .seconds(60))
    bench.hear(.submitted(long))
    try bench.prepare(&a)
    try bench.prepare(&b)
    (a.state, b.state) = (.running, .running)
    #expect(bench.start(of: a)?.grant.horizon == .seconds(3) && bench.start(of: b)?.grant.horizon == .seconds(6))
    bench.pass(5, beating: [a, b])
    #expect(bench.lastGrant(of: a)?.horizon == .seconds(3))
    let granted = try #require(bench.lastGrant(of: b)?.horizon)
    #expect(granted > .seconds(9) && granted < .seconds(12))
    bench.hear(.stop(long.run, .drain, text: "ann"))
    bench.pass(5, beating: [a, b])
    #expect(bench.lastGrant(of: b)?.horizon == granted)
  }

  /// Two workers, one test that is theirs, both ready.
  private func running(_ test: QueuedTest) throws -> (bench: Bench, Bench.Worker, Bench.Worker) {
    var bench = Bench()
    var (a, b) = (bench.join("a", process: 1, peer: 1), bench.join("b", process: 2, peer: 2))
    bench.hear(.submitted(test))
    try bench.prepare(&a)
    try bench.prepare(&b)
    (a.state, b.state) = (.running, .running)
    return (bench, a, b)
  }

  @Test func aTestGoesItsWay() throws {
    let test = try Bench.test(1)
    var (bench, a, b) = try running(test)
    let start = try #require(bench.start(of: a))
    #expect(start.start == bench.now + .milliseconds(250) && start == bench.start(of: b).map { same($0, start) })
    bench.pass(12, beating: [a, b])
    bench.complete(&a)
    #expect(bench.ended.isEmpty)
    bench.complete(&b)
    #expect(bench.ended == [test.run])
    #expect(bench.states(of: test.run) == [.preparing, .running, .draining, .finished])
    #expect(bench.ends(of: test.run) == [.ended, .ended] && bench.reason(of: test.run) == nil)
    #expect(bench.stops(of: a).isEmpty && bench.stops(of: b).isEmpty)
  }

  /// The other worker's start, with this one's incarnation in it.
  private func same(_ other: Start, _ start: Start) -> Start {
    var other = other
    other.grant.incarnation = start.grant.incarnation
    return other
  }

  @Test func sharesCoverAllSlotsAndUsers() throws {
    for (users, count) in [(7, 3), (2, 5), (1_000, 4), (1, 1)] {
      var bench = Bench()
      var workers = (0..<count).map { bench.join("w\($0)", process: UInt64($0), peer: UInt64($0)) }
      bench.hear(.submitted(try Bench.test(1, users: users)))
      var taken: Set<UInt32> = []
      var slots: Set<Int> = []
      for index in workers.indices {
        guard let assign = bench.takeAssignment(&workers[index]) else { continue }
        for n in 0..<assign.users.count {
          #expect(taken.insert(assign.users.first + n * assign.users.stride).inserted)
        }
        let share = try #require(assign.slots.first)
        for slot in stride(from: Int(share.offset), to: 1_024, by: Int(share.stride)) {
          #expect(slots.insert(slot).inserted)
        }
      }
      #expect(taken == Set(0..<UInt32(users)) && slots.count == 1_024)
    }
  }

  @Test func nothingIsSaidBeforeItIsStored() throws {
    var bench = Bench()
    bench.storesAtOnce = false
    var a = bench.join("a", process: 1, peer: 1)
    bench.hear(.submitted(try Bench.test(1)))
    #expect(bench.assignment(of: a) == nil && bench.waiting.count == 1)
    bench.storeNext()
    try bench.prepare(&a)
    #expect(bench.start(of: a) == nil && bench.waiting.count == 1)
    bench.beat(a)
    #expect(bench.lastGrant(of: a)?.horizon == .zero)
    bench.storeNext()
    #expect(bench.start(of: a) != nil)
    // And a worker may forget its figures only when they are stored.
    bench.complete(&a)
    let isAnswered = { (bench: Bench) in
      bench.said.contains { if case .completed = $0.message { true } else { false } }
    }
    #expect(!isAnswered(bench))
    bench.storeNext()
    #expect(isAnswered(bench))
  }

  @Test func aStartThatWasStoredTooLateIsSetAnew() throws {
    var bench = Bench()
    bench.storesAtOnce = false
    var a = bench.join("a", process: 1, peer: 1)
    bench.hear(.submitted(try Bench.test(1)))
    bench.storeNext()
    try bench.prepare(&a)
    bench.now = bench.now + .seconds(3)
    bench.beat(a)
    bench.storeNext()
    #expect(bench.start(of: a)?.start == bench.now + .milliseconds(250))
    guard case .state(_, from: .running, to: .running, _, let start)? = bench.waiting.first?.change else {
      Issue.record("\(bench.waiting)")
      return
    }
    #expect(start == bench.now + .milliseconds(250))
  }

  @Test func theHorizonFollowsTheClockAndNeverTheWorker() throws {
    let (bench, a, _) = try running(try Bench.test(1))
    var copy = bench
    let start = try #require(copy.start(of: a)).start
    #expect(copy.start(of: a)?.grant.horizon == .seconds(6))
    copy.pass(4, beating: [a])
    copy.beat(a)
    #expect(copy.lastGrant(of: a)?.horizon == copy.now - start + .seconds(6))
  }

  @Test func aPersonStopsIt() throws {
    let test = try Bench.test(1)
    var (bench, a, b) = try running(test)
    bench.hear(.stop(test.run, .drain, text: "stopped by ann"))
    #expect(bench.stops(of: a) == [.drain] && bench.stops(of: b) == [.drain])
    bench.hear(.stop(test.run, .abort, text: "again"))
    #expect(bench.stops(of: a) == [.drain, .abort])
    bench.complete(&a, .aborted)
    bench.complete(&b, .aborted)
    #expect(bench.states(of: test.run).last == .stopped && bench.reason(of: test.run) == "stopped by ann")
  }

  @Test func toStopNeedsNoDatabase() throws {
    let test = try Bench.test(1)
    var (bench, a, _) = try running(test)
    bench.storesAtOnce = false
    bench.hear(.stop(test.run, .drain, text: "stopped by ann"))
    #expect(bench.stops(of: a) == [.drain])
  }

  @Test func aTestThatWaitsOrIsPreparedCanBeStopped() throws {
    var bench = Bench()
    let (first, second) = (try Bench.test(1), try Bench.test(2))
    bench.hear(.submitted(first))
    bench.hear(.stop(first.run, .drain, text: "stopped by ann"))
    #expect(bench.states(of: first.run) == [.stopped] && bench.ended == [first.run])
    var a = bench.join("a", process: 1, peer: 1)
    bench.hear(.submitted(second))
    #expect(bench.assignment(of: a) != nil)
    bench.hear(.stop(second.run, .drain, text: "stopped by ann"))
    #expect(bench.states(of: second.run) == [.preparing, .stopped] && bench.ends(of: second.run) == [.released])
    #expect(bench.stops(of: a) == [.abort])
    // It is free again.
    bench.beat(a)
    bench.hear(.submitted(try Bench.test(3)))
    let next = bench.takeAssignment(&a)
    #expect(next?.grant.run == Identifier(high: 5, low: 3))
  }

  @Test func aWorkerThatCannotSaysWhy() throws {
    let test = try Bench.test(1)
    var bench = Bench()
    var (a, b) = (bench.join("a", process: 1, peer: 1), bench.join("b", process: 2, peer: 2))
    bench.hear(.submitted(test))
    _ = bench.takeAssignment(&a)
    _ = bench.takeAssignment(&b, problem: "nosuch.example: no such host")
    #expect(bench.states(of: test.run) == [.preparing, .failed])
    #expect(bench.reason(of: test.run) == "worker b: nosuch.example: no such host")
    #expect(bench.ends(of: test.run) == [.released, .released])
  }

  @Test func preparingHasADeadline() throws {
    let test = try Bench.test(1)
    var bench = Bench()
    var (a, b) = (bench.join("a", process: 1, peer: 1), bench.join("b", process: 2, peer: 2))
    bench.hear(.submitted(test))
    _ = bench.takeAssignment(&a)
    let assign = try #require(bench.assignment(of: b))
    (b.run, b.incarnation, b.state) = (test.run, assign.grant.incarnation, .preparing)
    bench.pass(31, beating: [a, b])
    #expect(bench.states(of: test.run) == [.preparing, .failed])
    #expect(bench.reason(of: test.run)?.contains("b") == true)
  }

  @Test func oneThatFailsEndsItForAll() throws {
    let test = try Bench.test(1)
    var (bench, a, b) = try running(test)
    bench.complete(&a, .failed, problem: "the disk is full")
    #expect(bench.stops(of: b) == [.drain])
    bench.complete(&b, .stopped)
    #expect(bench.states(of: test.run).last == .failed)
    #expect(bench.reason(of: test.run) == "worker a: the disk is full")
  }

  @Test func targetsThatNeverAnswerFailIt() throws {
    let test = try Bench.test(1)
    var (bench, a, b) = try running(test)
    bench.complete(&a, .unreachable)
    bench.complete(&b, .unreachable)
    #expect(bench.states(of: test.run).last == .failed)
  }

  @Test func workersThatDoNotEndAreCutOffAndThenLost() throws {
    let test = try Bench.test(1)
    var (bench, a, b) = try running(test)
    bench.complete(&b)
    bench.pass(10 + 2 + 31, beating: [a])
    #expect(bench.stops(of: a) == [.abort])
    bench.pass(31, beating: [a])
    #expect(bench.ends(of: test.run) == [.ended, .lost] && bench.states(of: test.run).last == .finished)
  }

  @Test func anAssignmentThatTheDatabaseRefusedIsTriedAgain() throws {
    let test = try Bench.test(1)
    var bench = Bench()
    bench.storesAtOnce = false
    let a = bench.join("a", process: 1, peer: 1)
    bench.hear(.submitted(test))
    bench.storeNext(false)
    bench.pass(0.5)
    #expect(bench.waiting.isEmpty && bench.assignment(of: a) == nil)
    bench.pass(1)
    bench.storeNext()
    let grant = bench.assignment(of: a)?.grant
    #expect(grant?.run == test.run && grant?.epoch == 1)
  }

  @Test func aTestThatSomebodyElseChangedIsLetGo() throws {
    let test = try Bench.test(1)
    var bench = Bench()
    bench.storesAtOnce = false
    let a = bench.join("a", process: 1, peer: 1)
    bench.hear(.submitted(test))
    for _ in 0..<10 {
      bench.storeNext(false)
      #expect(bench.assignment(of: a) == nil)
      bench.pass(1.2)
    }
    // It is given up, but it can't be moved to failed either.
    guard case .state(test.run, .queued, .failed, _, _)? = bench.waiting.first?.change else {
      Issue.record("found \(bench.waiting)")
      return
    }
    bench.storeNext(false)
    bench.hear(.submitted(try Bench.test(2)))
    bench.storeNext()
    #expect(bench.assignment(of: a)?.grant.run == Identifier(high: 5, low: 2))
  }
}
