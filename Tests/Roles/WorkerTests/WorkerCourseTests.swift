import Measuring
import Model
import Testing
import Wire

@testable import WorkerRole

/// A worker's decisions, step by step, without a clock or a socket.
@Suite struct WorkerCourseTests {
  let run = Identifier(high: 1, low: 1)
  let life = Identifier(high: 2, low: 2)

  func instant(_ milliseconds: Int64) -> Instant { Instant(nanoseconds: milliseconds * 1_000_000) }

  func grant(horizon: TimeSpan = .zero, term: UInt64 = 3, epoch: UInt32 = 1, life: Identifier? = nil) -> Grant {
    Grant(
      run: run, incarnation: life ?? self.life, term: term, epoch: epoch, horizon: horizon, lease: .seconds(5))
  }

  func welcome(term: UInt64 = 3) -> Welcome {
    Welcome(
      protocol: 1, term: term, heartbeat: .seconds(1), lease: .seconds(5), margin: .seconds(1),
      master: Identifier(high: 9, low: 9))
  }

  func assign(_ grant: Grant) -> Assign {
    Assign(grant: grant, plan: "{}", slots: [], share: 0, of: 1, topic: "t", name: "shop")
  }

  func allowed(_ until: Int64, dueBefore: Int64) -> Allowed {
    Allowed(until: instant(until), dueBefore: instant(dueBefore))
  }

  /// The messages among the actions, by name.
  func sent(_ actions: [WorkerAction]) -> [String] {
    actions.compactMap { if case .send(let message, _) = $0 { message.name } else { nil } }
  }

  func nonceSent(_ actions: [WorkerAction]) -> UInt64? {
    actions.lazy.compactMap { action -> UInt64? in
      if case .send(.heartbeat(let heartbeat), _) = action { heartbeat.nonce } else { nil }
    }.first
  }

  /// Answers a heartbeat as a master does whose clock is an hour ahead and whose way takes 1 ms there, 1 ms back.
  func beat(_ nonce: UInt64, sent: Int64, grant: Grant? = nil, term: UInt64 = 3) -> WorkerEvent {
    let hour: Int64 = 3_600_000
    return .message(
      .beat(
        Beat(nonce: nonce, term: term, received: instant(sent + 1 + hour), sent: instant(sent + 1 + hour), grant: grant)
      ),
      request: nonce, at: instant(sent + 2))
  }

  /// A worker that has been assigned its run at 1,000 ms and is ready.
  func ready() throws -> WorkerCourse {
    var course = WorkerCourse()
    #expect(sent(course.handle(.welcomed(welcome()), at: instant(0), .init())) == ["Register", "Heartbeat"])
    let assigned = course.handle(
      .message(.assign(assign(grant())), request: 7, at: instant(1_000)), at: instant(1_000), .init())
    #expect(assigned.contains(.prepare(assign(grant()))) && course.state == .preparing)
    let nonce = try #require(nonceSent(assigned))
    _ = course.handle(beat(nonce, sent: 1_000, grant: grant()), at: instant(1_002), .init())
    let answered = course.handle(.prepared(life, connections: 9), at: instant(1_010), .init())
    let answer = Ready(run: run, incarnation: life, epoch: 1, connections: 9)
    #expect(answered == [.send(.ready(answer), request: 7)] && course.state == .ready)
    return course
  }

  /// A worker whose run began at 1,200 ms of its own clock, with a horizon 6 s ahead.
  func running() throws -> WorkerCourse {
    var course = try ready()
    let start = Start(grant: grant(horizon: .seconds(6)), start: instant(3_600_000 + 1_200))
    let actions = course.handle(.message(.start(start), request: 0, at: instant(1_020)), at: instant(1_020), .init())
    // The lease counts from the heartbeat that was sent at 1,000.
    #expect(actions.first == .start(life, at: instant(1_200), allowed(6_000, dueBefore: 7_200)))
    #expect(course.state == .running)
    return course
  }

  @Test func aRunFromItsAssignmentToItsEnd() throws {
    var course = try running()
    let record: [UInt8] = [1, 2, 3]
    #expect(
      course.handle(.sealed(life, record), at: instant(2_300), .init())
        == [.send(.progress(Progress(run: run, incarnation: life, record: record)), request: 0)])
    let ending = Ending(records: 2, completed: 40, reason: .planEnded)
    let count = RecordCount(published: 1, kept: 2)
    let ended = course.handle(.ended(life, ending), at: instant(3_000), count)
    let complete = Complete(
      run: run, incarnation: life, records: 2, completed: 40, reason: .planEnded, published: 1, kept: 2)
    #expect(ended.last == .send(.complete(complete), request: 0))
    #expect(course.state == .draining)
    // Said again with every heartbeat, until the master confirms.
    let again = course.handle(.timer, at: try #require(course.wake), RecordCount(published: 3))
    #expect(sent(again) == ["Heartbeat", "Complete"])
    let done = course.handle(
      .message(.completed(Completed(run: run, incarnation: life)), request: 0, at: instant(4_000)), at: instant(4_000),
      .init())
    #expect(done == [.forget(life)] && course.state == .idle)
  }

  @Test func heartbeatsExtendTheLeaseFromWhenTheyWereSent() throws {
    var course = try running()
    let actions = course.handle(.timer, at: instant(1_500), .init())
    let nonce = try #require(nonceSent(actions))
    // Its reply is read late: what counts is when it was sent.
    let reply = course.handle(
      beat(nonce, sent: 1_500, grant: grant(horizon: .seconds(60))), at: instant(5_900), .init())
    #expect(reply == [.allow(life, allowed(6_500, dueBefore: 61_200))])
    // The same reply once more renews nothing, nor does one that nobody asked for.
    #expect(
      course.handle(beat(nonce, sent: 1_500, grant: grant(horizon: .seconds(90))), at: instant(6_000), .init()) == [])
    #expect(
      course.handle(beat(999, sent: 6_000, grant: grant(horizon: .seconds(90))), at: instant(6_002), .init()) == [])
  }

  /// A horizon never goes back.
  @Test func theHorizonOnlyGrows() throws {
    var course = try running()
    for (now, said, horizon): (Int64, Int64, Int64) in [(1_500, 8_000, 9_200), (2_500, 7_000, 9_200)] {
      let nonce = try #require(nonceSent(course.handle(.timer, at: instant(now), .init())))
      let reply = course.handle(
        beat(nonce, sent: now, grant: grant(horizon: .milliseconds(said))), at: instant(now + 2), .init())
      #expect(reply == [.allow(life, allowed(now + 5_000, dueBefore: horizon))])
    }
  }

  @Test func anotherLifesOrEpochsOrTermsGrantIsNoGrant() throws {
    for wrong in [
      grant(horizon: .seconds(60), epoch: 2), grant(horizon: .seconds(60), life: Identifier(high: 5, low: 5)),
      grant(horizon: .seconds(60), term: 2),
    ] {
      var course = try running()
      let nonce = try #require(nonceSent(course.handle(.timer, at: instant(1_500), .init())))
      #expect(course.handle(beat(nonce, sent: 1_500, grant: wrong), at: instant(1_502), .init()) == [])
    }
    var course = try running()
    let nonce = try #require(nonceSent(course.handle(.timer, at: instant(1_500), .init())))
    let old = course.handle(
      beat(nonce, sent: 1_500, grant: grant(horizon: .seconds(60)), term: 2), at: instant(1_502), .init())
    #expect(old == [], "a master that was replaced extends nothing")
  }

  /// A run goes on without its master, and is told when it is found again: the lost seconds, too.
  @Test func aLostMasterIsFoundAgain() throws {
    var course = try running()
    let lost = course.handle(.lost(reason: "gone", again: .seconds(1)), at: instant(2_000), .init())
    #expect(lost == [.say(WorkerNotice(isWarning: true, text: "no master: gone"))] && course.state == .running)
    #expect(course.handle(.lost(reason: "gone", again: .seconds(2)), at: instant(2_500), .init()) == [], "said once")
    #expect(course.handle(.sealed(life, [1]), at: instant(2_600), .init()) == [])
    // The lease ends at 6,000.
    #expect(course.wake == instant(6_000))
    let lapsed = course.handle(.timer, at: instant(6_000), .init())
    #expect(lapsed.count == 1 && course.state == .running)
    let back = course.handle(.welcomed(welcome(term: 4)), at: instant(7_000), .init())
    #expect(sent(back) == ["Register", "Heartbeat", "Progress"])
    let register = Register(term: 4, state: .running, run: run, incarnation: life)
    #expect(back.contains(.send(.register(register), request: 0)))
    let nonce = try #require(nonceSent(back))
    let reply = course.handle(
      beat(nonce, sent: 7_000, grant: grant(horizon: .seconds(20), term: 4), term: 4), at: instant(7_002), .init())
    #expect(reply.first == .allow(life, allowed(12_000, dueBefore: 21_200)))
  }

  /// Users whom only their number of requests bounds would wait for ever.
  @Test func aRunWithoutAMasterEndsAtLast() throws {
    var course = try running()
    _ = course.handle(.lost(reason: "gone", again: .seconds(1)), at: instant(2_000), .init())
    _ = course.handle(.timer, at: instant(6_000), .init())
    #expect(course.wake == instant(606_000))
    #expect(course.handle(.timer, at: instant(606_000), .init()).last == .stop(life, .drain))
    #expect(course.wake == nil)
  }

  /// Before the first heartbeat's answer the start can't be told on the own clock.
  @Test func aStartWaitsForTheClock() throws {
    var course = WorkerCourse()
    let welcomed = course.handle(.welcomed(welcome()), at: instant(0), .init())
    _ = course.handle(.message(.assign(assign(grant())), request: 7, at: instant(1)), at: instant(1), .init())
    _ = course.handle(.prepared(life, connections: 1), at: instant(2), .init())
    let start = Start(grant: grant(horizon: .seconds(6)), start: instant(3_600_000 + 300))
    let early = course.handle(.message(.start(start), request: 0, at: instant(3)), at: instant(3), .init())
    #expect(sent(early) == ["Heartbeat"] && course.state == .ready)
    let nonce = try #require(nonceSent(welcomed))
    let actions = course.handle(beat(nonce, sent: 0, grant: grant(horizon: .seconds(6))), at: instant(4), .init())
    #expect(
      actions.first
        == .start(life, at: instant(300), Allowed(until: Instant(nanoseconds: .min), dueBefore: instant(6_300))))
    #expect(actions.last == .allow(life, allowed(5_000, dueBefore: 6_300)))
  }

  /// Twenty a second until the start, one a second afterwards.
  @Test func heartbeatsAreDenseBeforeTheStart() throws {
    var course = try ready()
    var now = instant(1_010)
    for _ in 0..<5 {
      let wake = try #require(course.wake)
      #expect(wake - now <= .milliseconds(50))
      now = wake
      #expect(sent(course.handle(.timer, at: now, .init())) == ["Heartbeat"])
    }
    course = try running()
    _ = course.handle(.timer, at: instant(1_300), .init())
    #expect(course.wake == instant(2_300))
  }

  @Test func whatCannotBeCarriedOutIsSaidAndForgotten() throws {
    var course = WorkerCourse()
    _ = course.handle(.welcomed(welcome()), at: instant(0), .init())
    _ = course.handle(.message(.assign(assign(grant())), request: 7, at: instant(1)), at: instant(1), .init())
    let actions = course.handle(.unfit(life, problem: "no such host"), at: instant(2), .init())
    let ready = Ready(run: run, incarnation: life, epoch: 1, problem: "no such host")
    #expect(actions.contains(.send(.ready(ready), request: 7)) && course.state == .idle)
  }

  @Test func aSecondRunIsRefusedWhileOneGoesOn() throws {
    var course = try running()
    let other = grant(life: Identifier(high: 8, low: 8))
    let actions = course.handle(
      .message(.assign(assign(other)), request: 9, at: instant(2_000)), at: instant(2_000), .init())
    guard case .send(.ready(let ready), 9)? = actions.first else {
      Issue.record("no Ready: \(actions)")
      return
    }
    #expect(ready.problem.contains("busy") && ready.incarnation == other.incarnation && course.state == .running)
  }

  @Test func stopsAndAborts() throws {
    for kind in StopKind.allCases {
      var course = try running()
      let stop = Stop(run: run, incarnation: life, kind: kind, text: "enough")
      let actions = course.handle(.message(.stop(stop), request: 0, at: instant(2_000)), at: instant(2_000), .init())
      #expect(actions.last == .stop(life, kind) && course.state == .draining)
      let other = Stop(run: run, incarnation: Identifier(high: 5, low: 5), kind: kind)
      #expect(course.handle(.message(.stop(other), request: 0, at: instant(2_000)), at: instant(2_000), .init()) == [])
    }
  }

  @Test func stoppedWhilePreparingItEndsWithARecord() throws {
    var course = WorkerCourse()
    _ = course.handle(.welcomed(welcome()), at: instant(0), .init())
    _ = course.handle(.message(.assign(assign(grant())), request: 7, at: instant(1)), at: instant(1), .init())
    let stop = Stop(run: run, incarnation: life, kind: .drain)
    #expect(
      !course.handle(.message(.stop(stop), request: 0, at: instant(2)), at: instant(2), .init()).contains(
        .stop(life, .drain)))
    #expect(course.handle(.prepared(life, connections: 1), at: instant(3), .init()) == [.stop(life, .drain)])
  }

  @Test func itLeavesWhenItsRunIsConfirmed() throws {
    var course = try running()
    #expect(course.handle(.stop, at: instant(2_000), .init()).last == .stop(life, .drain))
    let ended = course.handle(
      .ended(life, Ending(records: 1, completed: 0, reason: .stopped)), at: instant(2_100), .init())
    #expect(sent(ended) == ["Complete"])
    let left = course.handle(
      .message(.completed(Completed(run: run, incarnation: life)), request: 0, at: instant(2_200)), at: instant(2_200),
      .init())
    guard case .leave(let goodbye?, 0)? = left.last else {
      Issue.record("no farewell: \(left)")
      return
    }
    #expect(!goodbye.text.isEmpty)
    #expect(course.handle(.timer, at: instant(9_000), .init()) == [], "it is over")
  }

  /// A master that is away, or does not confirm, holds nobody up for long.
  @Test func itLeavesWithoutAConfirmation() throws {
    var course = try running()
    _ = course.handle(.lost(reason: "gone", again: .seconds(1)), at: instant(1_900), .init())
    _ = course.handle(.stop, at: instant(2_000), .init())
    _ = course.handle(.ended(life, Ending(records: 1, completed: 0, reason: .stopped)), at: instant(2_100), .init())
    let wake = try #require(course.wake)
    #expect(wake <= instant(8_000))
    let actions = course.handle(.timer, at: wake, .init())
    guard case .leave(_, 0)? = actions.last else {
      Issue.record("it stays: \(actions)")
      return
    }
  }

  @Test func cutOffItLeavesAtOnceAfterItsLastRecord() throws {
    var course = try running()
    _ = course.handle(.stop, at: instant(2_000), .init())
    #expect(course.handle(.abort, at: instant(2_010), .init()).last == .stop(life, .abort))
    let ended = course.handle(
      .ended(life, Ending(records: 1, completed: 0, reason: .aborted)), at: instant(2_020), .init())
    guard case .leave(_?, 0)? = ended.last else {
      Issue.record("it stays: \(ended)")
      return
    }
    #expect(sent(ended) == ["Complete"])
  }

  @Test func aWrongTokenEndsIt() {
    var course = WorkerCourse()
    let refused = Refused(why: .token, text: "the join token is wrong")
    let actions = course.handle(.refused(refused, again: .seconds(30)), at: instant(0), .init())
    guard case .leave(_, 2)? = actions.last, case .say(let notice)? = actions.first else {
      Issue.record("it stays: \(actions)")
      return
    }
    #expect(notice.text.contains("the join token is wrong"))
    // Who was in before waits: the master may come back with the right one.
    course = WorkerCourse()
    _ = course.handle(.welcomed(welcome()), at: instant(0), .init())
    let later = course.handle(.refused(refused, again: .seconds(30)), at: instant(1), .init())
    #expect(later.count == 1 && course.state == .idle)
  }

  @Test func aDuplicateAsksAgain() {
    var course = WorkerCourse()
    let refused = Refused(why: .duplicate, text: "in use")
    #expect(course.handle(.refused(refused, again: .seconds(1)), at: instant(0), .init()).count == 1)
    // A master may welcome it and think better of it.
    _ = course.handle(.welcomed(welcome()), at: instant(1), .init())
    #expect(course.handle(.refused(refused, again: .seconds(2)), at: instant(1), .init()) == [], "said once")
    _ = course.handle(.welcomed(welcome()), at: instant(3), .init())
    let registered = WorkerEvent.message(.registered(Registered(worker: "w")), request: 0, at: instant(3))
    #expect(course.handle(registered, at: instant(3), .init()) == [.say(WorkerNotice(text: "joined the master"))])
    #expect(course.handle(.refused(refused, again: .seconds(1)), at: instant(4), .init()).count == 1)
  }
}
