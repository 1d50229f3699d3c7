import Fleet
import Model
import Testing
import Wire

@Suite struct QueueTests {
  @Test func firstComeFirstServedAndABigTestIsNotStarved() throws {
    var bench = Bench()
    var a = bench.join("a", process: 1, peer: 1)
    let (big, small) = (try Bench.test(1, workers: 2), try Bench.test(2, workers: 1))
    bench.hear(.submitted(big))
    bench.hear(.submitted(small))
    // One would be enough for the second, but it is the first one's turn.
    bench.pass(5, beating: [a])
    #expect(bench.assignment(of: a) == nil)
    var b = bench.join("b", process: 2, peer: 2)
    try bench.prepare(&a)
    try bench.prepare(&b)
    #expect(a.run == big.run && b.run == big.run)
    (a.state, b.state) = (.running, .running)
    bench.complete(&b)
    try bench.prepare(&b)
    #expect(b.run == small.run)
  }

  @Test func withoutANumberAllThatAreIdleAreTaken() throws {
    var bench = Bench()
    let workers = (0..<3).map { bench.join("w\($0)", process: UInt64($0), peer: UInt64($0)) }
    bench.hear(.submitted(try Bench.test(1)))
    #expect(workers.allSatisfy { bench.assignment(of: $0)?.shares == 3 })
  }

  /// However long the test ahead of it takes.
  @Test func whoWaitsForWorkersOfAnotherTestDoesNotExpire() throws {
    var bench = Bench()
    var a = bench.join("a", process: 1, peer: 1)
    let (long, next) = (try Bench.test(1, duration: .seconds(3_600)), try Bench.test(2))
    bench.hear(.submitted(long))
    try bench.prepare(&a)
    a.state = .running
    bench.hear(.submitted(next))
    bench.pass(1_300, beating: [a])
    #expect(bench.states(of: next.run).isEmpty)
    bench.hear(.stop(long.run, .drain, text: "ann"))
    bench.complete(&a, .stopped)
    try bench.prepare(&a)
    #expect(a.run == next.run)
  }

  @Test func whatNobodyServesExpires() throws {
    var bench = Bench()
    let (first, second) = (try Bench.test(1), try Bench.test(2, workers: 3))
    bench.hear(.submitted(first))
    bench.pass(599)
    #expect(bench.states(of: first.run).isEmpty)
    bench.hear(.submitted(second))
    bench.pass(3)
    #expect(bench.states(of: first.run) == [.expired])
    #expect(bench.reason(of: first.run)?.contains("no worker came") == true)
    // The second one's time began when it became the first.
    let a = bench.join("a", process: 1, peer: 1)
    bench.pass(590, beating: [a])
    #expect(bench.states(of: second.run).isEmpty)
    bench.pass(20, beating: [a])
    #expect(bench.states(of: second.run) == [.expired])
    #expect(bench.reason(of: second.run)?.contains("1 are there") == true)
  }
}
