import Measuring
import Model
import Summary
import Testing

@Suite struct NameSecondsTests {
  /// Names unknown to the plan get rows as they come, and stand sorted in the result: their seconds follow.
  @Test func rowsFollowTheirNamesIntoTheResult() throws {
    let description = try MadeRun.description(MadeRun.open(), names: ["z", "a"])
    var builder = SummaryBuilder(description)
    for (second, names) in [["y", "z"], ["x", "y", "a"], ["x"]].enumerated() {
      var interval = MadeRun.interval(UInt64(second) + 1, second: UInt32(second))
      interval.fill(names.map { .accepted($0, [UInt32($0.utf8.first ?? 0) * 1_000]) })
      builder.add(interval)
    }
    let summary = builder.summary()
    #expect(summary.names.map(\.name) == ["z", "a", "x", "y"])
    let seen = summary.timeline.map { second in
      second.names.all.map { "\(summary.names[$0.row].name) \($0.response.max?.microseconds ?? 0)" }
    }
    #expect(seen == [["z 122000", "y 121000"], ["a 97000", "x 120000", "y 121000"], ["x 120000"]])
  }

  @Test func severalWorkersSecondsOfANameAreMerged() throws {
    var builder = SummaryBuilder(try MadeRun.description(MadeRun.open(), names: ["/"]))
    for number in 1...3 as ClosedRange<UInt64> {
      var interval = MadeRun.interval(1, second: 0, incarnation: number)
      var name = NameInterval.accepted("/", [UInt32(number) * 10])
      if number == 3 { name.fail(.timeout, [500]) }
      interval.fill([name])
      builder.add(interval)
    }
    let name = try #require(builder.summary().timeline.first?.names.all.first)
    #expect(name.counts.completed == 4)
    #expect(name.response.count == 4)
    #expect(name.response.p50 == .exact(20))
    #expect(name.response.max == .atLeast(500))
  }
}
