import Fleet
import Model
import Testing
import Wire

@Suite struct WorkerLossTests {
  private func running() throws -> (bench: Bench, QueuedTest, Bench.Worker, Bench.Worker) {
    var bench = Bench()
    let test = try Bench.test(1, duration: .seconds(60))
    var (a, b) = (bench.join("a", process: 1, peer: 1), bench.join("b", process: 2, peer: 2))
    bench.hear(.submitted(test))
    try bench.prepare(&a)
    try bench.prepare(&b)
    (a.state, b.state) = (.running, .running)
    return (bench, test, a, b)
  }

  @Test func aClosedConnectionProvesNothing() throws {
    var (bench, test, a, b) = try running()
    bench.beat(b)
    bench.hear(.left(b.peer))
    bench.pass(5.9, beating: [a])
    #expect(bench.ends(of: test.run).isEmpty)
    bench.pass(0.3, beating: [a])
    #expect(bench.ends(of: test.run) == [.lost])
    bench.pass(60, beating: [a])
    bench.complete(&a)
    #expect(bench.states(of: test.run).last == .finished && bench.reason(of: test.run)?.contains("b") == true)
    b.state = .idle
  }

  @Test func whoComesBackWithinItsLeaseGoesOn() throws {
    var (bench, test, a, b) = try running()
    bench.beat(b)
    bench.hear(.left(b.peer))
    bench.pass(3, beating: [a])
    b.peer = Peer(number: 22)
    bench.connect(b)
    bench.pass(20, beating: [a, b])
    #expect(bench.ends(of: test.run).isEmpty && bench.stops(of: b).isEmpty && bench.dropped.isEmpty)
    #expect((bench.lastGrant(of: b)?.horizon ?? .zero) > .seconds(20))
  }

  @Test func whoComesBackAfterItIsToldToEnd() throws {
    var (bench, test, a, b) = try running()
    bench.hear(.left(b.peer))
    bench.pass(10, beating: [a])
    #expect(bench.ends(of: test.run) == [.lost])
    b.peer = Peer(number: 22)
    bench.connect(b)
    #expect(bench.stops(of: b) == [.abort])
    bench.beat(b)
    #expect(bench.lastGrant(of: b) == nil)
  }

  @Test func theSameIdIsRefusedToAnotherProcessWhileTheLeaseLives() throws {
    var (bench, test, a, b) = try running()
    bench.beat(b)
    bench.hear(.left(b.peer))
    _ = bench.join("b", process: 3, peer: 33)
    #expect(bench.dropped.map(\.why) == [.duplicate])
    bench.pass(7, beating: [a])
    let successor = bench.join("b", process: 3, peer: 34)
    #expect(bench.dropped.count == 1 && bench.ends(of: test.run) == [.lost])
    #expect(bench.fleet.workerList.first { $0.worker == "b" }?.run == nil)
    bench.complete(&a)
    bench.hear(.submitted(try Bench.test(2, workers: 2)))
    #expect(bench.assignment(of: successor) != nil)
  }

  @Test func goodbyeIsProof() throws {
    var (bench, test, _, b) = try running()
    bench.hear(.message(b.peer, .goodbye(Goodbye(text: "going")), request: 0))
    #expect(bench.ends(of: test.run) == [.lost])
    b.state = .idle
  }

  @Test func allLostIsAFailure() throws {
    var (bench, test, a, b) = try running()
    bench.hear(.left(a.peer))
    bench.hear(.left(b.peer))
    bench.pass(10)
    #expect(bench.states(of: test.run).last == .failed && bench.fleet.workerList.isEmpty)
  }

  @Test func aLostAssignmentIsSentAgain() throws {
    var bench = Bench()
    var a = bench.join("a", process: 1, peer: 1)
    bench.hear(.submitted(try Bench.test(1)))
    bench.hear(.left(a.peer))
    a.peer = Peer(number: 11)
    bench.connect(a)
    #expect(bench.assignment(of: a) != nil)
  }

  @Test func figuresSentTwiceAreAnsweredTwiceAndStoredOnce() throws {
    var (bench, test, a, _) = try running()
    let again = a
    bench.complete(&a)
    var twin = again
    bench.complete(&twin)
    #expect(bench.ends(of: test.run) == [.ended])
    #expect(bench.said.filter { if case .completed = $0.message { true } else { false } }.count == 2)
  }

  @Test func nobodyEndsAnotherWorkersPart() throws {
    var (bench, test, a, b) = try running()
    var thief = b
    (thief.run, thief.incarnation) = (a.run, a.incarnation)
    bench.complete(&thief)
    #expect(bench.ends(of: test.run).isEmpty)
    b.state = .idle
  }

  @Test func whoDidNotRegisterIsSentAway() {
    var bench = Bench()
    let peer = Peer(number: 4)
    bench.hear(.joined(peer, Hello(token: "t", worker: "d", process: Identifier(high: 1, low: 1))))
    bench.hear(.message(peer, .heartbeat(Heartbeat(nonce: 1, state: .idle)), request: 1))
    #expect(bench.dropped.map(\.why) == [.malformed])
    bench.hear(.message(Peer(number: 99), .heartbeat(Heartbeat(nonce: 1, state: .idle)), request: 1))
    #expect(bench.dropped.count == 1)
  }

  @Test func aWorkerThatKnowsANewerMasterIsNotCommanded() {
    var bench = Bench(term: 3)
    let worker = Bench.Worker(id: "a", process: Identifier(high: 1, low: 1), peer: Peer(number: 1))
    bench.connect(worker, term: 4)
    #expect(bench.dropped.map(\.why) == [.term])
    #expect(bench.fleet.workerList.allSatisfy { $0.run == nil })
  }

  // MARK: a master that was started anew

  private func successor(of bench: Bench, _ test: QueuedTest, _ workers: [Bench.Worker]) -> Bench {
    var next = Bench(term: 2)
    next.now = bench.now
    let parts = workers.enumerated().map { share, worker in
      AdoptedTest.Part(
        incarnation: worker.incarnation ?? worker.process, worker: worker.id, host: "", share: share,
        shares: workers.count, state: .preparing)
    }
    let start = bench.start(of: workers[0])?.start
    next.hear(.adopted([AdoptedTest(test: test, state: .running, epoch: 1, start: start, parts: parts)]))
    return next
  }

  @Test func aNewMasterGoesOnWithWhoComesBack() throws {
    var (bench, test, a, b) = try running()
    bench.pass(4, beating: [a, b])
    var next = successor(of: bench, test, [a, b])
    (a.peer, b.peer) = (Peer(number: 1), Peer(number: 2))
    next.connect(a, term: 1)
    next.pass(2, beating: [a])
    next.connect(b, term: 1)
    next.beat(b)
    #expect(next.lastGrant(of: a)?.term == 2 && (next.lastGrant(of: a)?.horizon ?? .zero) > .seconds(9))
    next.pass(60, beating: [a, b])
    next.complete(&a)
    next.complete(&b)
    #expect(next.states(of: test.run) == [.draining, .finished])
    #expect(next.ends(of: test.run) == [.ended, .ended])
  }

  /// A second process with the same id proves nothing about the first, which may be sending.
  @Test func aNewMasterDoesNotTakeAnotherProcessForTheFirst() throws {
    var (bench, test, a, b) = try running()
    bench.pass(4, beating: [a, b])
    var next = successor(of: bench, test, [a, b])
    next.connect(a, term: 1)
    _ = next.join("b", process: 77, peer: 7)
    #expect(next.dropped.map(\.why) == [.duplicate] && next.ends(of: test.run).isEmpty)
    next.pass(3, beating: [a])
    b.peer = Peer(number: 8)
    next.connect(b, term: 1)
    next.pass(10, beating: [a, b])
    #expect(next.ends(of: test.run).isEmpty && next.dropped.count == 1 && next.lastGrant(of: b)?.term == 2)
  }

  @Test func afterTheLeaseAnotherProcessMayHaveTheID() throws {
    var (bench, test, a, b) = try running()
    bench.pass(4, beating: [a, b])
    var next = successor(of: bench, test, [a, b])
    next.connect(a, term: 1)
    next.pass(6.2, beating: [a])
    #expect(next.ends(of: test.run) == [.lost])
    _ = next.join("b", process: 77, peer: 7)
    #expect(next.dropped.isEmpty && next.fleet.workerList.count == 2)
    b.state = .idle
  }

  @Test func aNewMasterWaitsForEveryLeaseItKnowsNothingOf() throws {
    var (bench, test, a, b) = try running()
    bench.pass(4, beating: [a, b])
    var next = successor(of: bench, test, [a, b])
    next.connect(a, term: 1)
    next.pass(5.9, beating: [a])
    #expect(next.ends(of: test.run).isEmpty)
    next.pass(0.5, beating: [a])
    #expect(next.ends(of: test.run) == [.lost])
    b.state = .idle
  }

  @Test func aNewMasterPreparesAgainWhatHadNotBegun() throws {
    var bench = Bench(term: 2)
    let test = try Bench.test(1)
    let part = AdoptedTest.Part(
      incarnation: Identifier(high: 7, low: 7), worker: "a", host: "", share: 0, shares: 1, state: .preparing)
    let queued = try Bench.test(2)
    bench.hear(
      .adopted([
        AdoptedTest(test: test, state: .preparing, epoch: 1, start: nil, parts: [part]),
        AdoptedTest(test: queued, state: .queued, epoch: 0, start: nil, parts: []),
      ]))
    var a = bench.join("a", process: 1, peer: 1)
    try bench.prepare(&a)
    #expect(a.incarnation == part.incarnation)
    #expect(bench.start(of: a) != nil && bench.states(of: test.run) == [.running])
  }
}
