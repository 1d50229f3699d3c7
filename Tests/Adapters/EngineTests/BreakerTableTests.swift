import Glibc
import Model
import TestSupport
import Testing
import Threads

@testable import Engine

@Suite(.timeLimit(.minutes(5))) struct BreakerTableTests {
  /// Of many threads that ask at once after a rest, one may try, every time.
  @Test func oneTriesWhoeverAsks() throws {
    let table = BreakerTable(origins: 2)
    for round in 1...50 as ClosedRange<Int64> {
      let now = round * 1_000
      for _ in 0..<3 { table.ended(1, isFailure: true, at: now, 3, rest: 100) }
      #expect(!table.maySend(1, at: now + 99) && table.maySend(0, at: now))
      let state = Monitor((allowed: 0, over: 0))
      for _ in 0..<4 {
        try OwnThread(name: "asker") {
          let allowed = (0..<200).count { _ in table.maySend(1, at: now + 100) }
          state.change { $0 = ($0.allowed + allowed, $0.over + 1) }
        }.detach()
      }
      #expect(state.wait(within: .seconds(60)) { $0.over == 4 ? $0.allowed : nil } == 1)
      table.ended(1, isFailure: false, at: now + 200, 3, rest: 100)
    }
  }

  /// No failure is lost between threads.
  @Test func failuresOfAllAreInARow() throws {
    let table = BreakerTable(origins: 1)
    let state = Monitor(0)
    for _ in 0..<4 {
      try OwnThread(name: "teller") {
        for _ in 0..<2_500 { table.ended(0, isFailure: true, at: 5, 10_001, rest: 100) }
        state.change { $0 += 1 }
      }.detach()
    }
    #expect(state.wait(within: .seconds(60)) { $0 == 4 ? true : nil } == true)
    #expect(table.maySend(0, at: 6))
    table.ended(0, isFailure: true, at: 7, 10_001, rest: 100)
    #expect(!table.maySend(0, at: 8))
  }

  /// Four loops with a user each: together they send what one would, but for what was under way already.
  @Test func allLoopsRestTogether() throws {
    let no = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"
    let server = try RawServer(always: no)
    var plan = Plan.closed([try .local(server.port)], users: 4, requests: nil, duration: .milliseconds(700))
    plan.options.breaker = CircuitBreaker(failures: 8, rest: .seconds(60))
    let run = try Run(plan, loops: 4)
    let counts = server.stop()
    run.check(target: counts.requests)
    // Each loop by itself would send eight.
    #expect((8...11).contains(counts.requests), "\(counts.requests)")
    #expect(run.errors(.resting) >= 4)
  }
}
