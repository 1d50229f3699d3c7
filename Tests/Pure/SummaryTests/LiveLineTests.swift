import Measuring
import Model
import Summary
import Testing

@Suite struct LiveLineTests {
  @Test func theFiguresOfOneSecond() throws {
    var builder = SummaryBuilder(try MadeRun.description(MadeRun.open("20/s", seconds: 4)))
    var first = MadeRun.interval(1, second: 0)
    first.fill([.accepted("/", Array(repeating: 9_000_000, count: 20))])
    builder.add(first)
    var second = MadeRun.interval(2, second: 1)
    var name = NameInterval.accepted("/", Array(repeating: 1_000, count: 15))
    name.fail(.status, Array(repeating: 10, count: 5), status: 500)
    second.fill([name])
    second.loops[0].inFlight = 7
    second.loops[0].longestTurn = .milliseconds(6)
    builder.add(second)
    let line = builder.liveLine(second)
    #expect(line.elapsed == .seconds(2))
    #expect(line.total == .seconds(4))
    #expect(line.progress == 0.5)
    #expect(line.rps == 20)
    #expect(line.response.count == 15)
    #expect(line.response.p99 == .exact(1_000))
    #expect(line.errorShare == 0.25)
    #expect(line.inFlight == 7)
    #expect(line.taints == [.longTurn])
  }

  @Test func aShortSecondsRateIsOfItsOwnLength() throws {
    var builder = SummaryBuilder(try MadeRun.description(MadeRun.open()))
    var short = MadeRun.interval(1, second: 0)
    short.to = .milliseconds(100)
    short.fill([.accepted("/", Array(repeating: 1_000, count: 15))])
    builder.add(short)
    #expect(builder.liveLine(short).rps == 150)
  }

  @Test func aRunBoundByRequestsTellsItsProgress() throws {
    let load = Load(model: .users(2), duration: nil, requests: 40)
    var builder = SummaryBuilder(try MadeRun.description(load))
    var first = MadeRun.interval(1, second: 0)
    first.fill([.accepted("/", Array(repeating: 1_000, count: 10))])
    first.loops[0].users = 2
    builder.add(first)
    let line = builder.liveLine(first)
    #expect(line.progress == 0.25)
    #expect(line.total == nil)
    #expect(line.users == 2)
  }

  /// An interval with many names is stored in parts; the later ones have no loops.
  @Test func furtherPartsOfASecondLeaveItsGaugesAlone() throws {
    var builder = SummaryBuilder(try MadeRun.description(MadeRun.open(), names: ["/", "/b"]))
    var head = MadeRun.interval(1, second: 0)
    head.fill([.accepted("/", [1_000, 1_000])])
    head.loops[0].connections = 9
    var tail = MadeRun.interval(2, second: 0)
    tail.loops = []
    tail.names = [.accepted("/b", [3_000])]
    builder.add(head)
    builder.add(tail)
    let second = try #require(builder.summary().timeline.first)
    #expect(second.gauges.connections == 9)
    #expect(second.counts.completed == 3)
    #expect(second.names.all.map(\.counts.completed) == [2, 1])
    #expect(builder.summary().timeline.count == 1)
  }
}
