import Glibc
import Model
import TestSupport
import Testing
import Threads

@testable import Engine

@Suite(.timeLimit(.minutes(5))) struct RequestBudgetTests {
  /// Many threads take, send some and give the rest back: never more than there were, and in the end all.
  @Test(arguments: [0, 1, 63, 1_000, 200_000] as [UInt64]) func theSumIsExact(requests: UInt64) throws {
    let budget = RequestBudget(requests, loops: 4)
    let state = Monitor((sent: 0 as UInt64, over: 0))
    for thread in 0..<4 {
      try OwnThread(name: "taker") {
        var sent: UInt64 = 0
        var turn = thread
        while true {
          let some = budget.take()
          if some == 0 { break }
          turn += 1
          let used = turn % 3 == 0 ? some / 2 : some
          sent += used
          budget.giveBack(some - used)
        }
        state.change { $0 = ($0.sent + sent, $0.over + 1) }
      }.detach()
    }
    let left = state.wait(within: .seconds(60)) { $0.over == 4 ? requests - $0.sent : nil }
    // What one gave back after the others had found nothing is still there.
    var rest: UInt64 = 0
    while true {
      let some = budget.take()
      if some == 0 { break }
      rest += some
    }
    #expect(left == rest && budget.isEmpty)
  }

  @Test func theFewerAreLeftTheFewerAtATime() {
    let budget = RequestBudget(4_096, loops: 2)
    var taken: [UInt64] = []
    while !budget.isEmpty { taken.append(budget.take()) }
    #expect(taken.reduce(0, +) == 4_096 && taken == taken.sorted(by: >))
    #expect(taken.first == 64 && taken.suffix(16).allSatisfy { $0 == 1 })
  }

  /// Users of one loop are answered at once, those of the other after 50 ms: the bound is no loop's own.
  @Test func aSlowLoopHoldsNoOtherUp() throws {
    let server = try RawServer { peer, server in
      let reply = Array(RawServer.ok.utf8)
      while server.request(peer) != nil {
        if peer.number == 0 { usleep(50_000) }
        if !peer.write(reply) { return }
      }
    }
    let run = try Run(.closed([.local(server.port)], users: 2, requests: 200), loops: 2)
    run.check(target: server.stop().requests)
    // Half of them one after the other would take five seconds.
    #expect(run.requests.accepted == 200 && run.length < .milliseconds(2_500), "\(run.length)")
  }

  /// Three of four users go after 200 ms: the one that stays, on whatever loop, sends what they left.
  @Test(arguments: [true, false]) func whoStaysSendsWhatOthersLeft(plain: Bool) throws {
    let server = try RawServer { peer, server in
      let reply = Array(RawServer.ok.utf8)
      while server.request(peer) != nil {
        usleep(5_000)
        if !peer.write(reply) { return }
      }
    }
    var plan = Plan.closed([try .local(server.port)], users: 4, requests: 400, duration: .seconds(60))
    plan.load.model = .users(try Shape(text: "4/200ms,1/1m", of: .users))
    if !plain { plan.scenarios = [Scenario(name: "a", steps: [Step(target: 0)])] }
    let run = try Run(plan, loops: 4)
    run.check(target: server.stop().requests)
    #expect(run.requests.accepted == 400 && run.schedule.planned == 400 && run.length < .seconds(30), "\(run.length)")
  }
}
