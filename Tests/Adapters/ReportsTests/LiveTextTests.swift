import Measuring
import Model
import Reports
import Summary
import Testing

@Suite struct LiveTextTests {
  static func line(_ load: Load, _ change: (inout Interval) -> Void = { _ in }) throws -> LiveLine {
    var builder = SummaryBuilder(try SampleRun.description(load, targets: [("/", "http://127.0.0.1/")]))
    var interval = SampleRun.interval(11, [SampleRun.name("/", count: 498, step: 10)])
    change(&interval)
    builder.add(interval)
    return builder.liveLine(interval)
  }

  static func open() throws -> Load {
    Load(model: .arrivals(try Rate(text: "500/s")), duration: .seconds(30))
  }

  @Test func onATerminal() throws {
    let line = try Self.line(Self.open())
    #expect(
      LiveText.line(line, width: 120, terminal: true)
        == "[########............]  12s/30s  500/s  498.0 rps  err 0 %  p50 2.49 ms  p95 4.75 ms  p99 4.94 ms")
    #expect(
      LiveText.line(line, width: 90, terminal: true)
        == "[####........]  12s/30s  500/s  498.0 rps  err 0 %  p50 2.49 ms  p95 4.75 ms  p99 4.94 ms")
    #expect(LiveText.line(line, width: 50, terminal: true) == "12s/30s  500/s  498.0 rps  err 0 %  p50 2.49 ms")
    for width in 0...130 { #expect(LiveText.line(line, width: width, terminal: true).count <= max(0, width - 1)) }
  }

  @Test func inALog() throws {
    let line = try Self.line(Self.open())
    #expect(
      LiveText.line(line, width: 20, terminal: false)
        == "12s of 30s: 500/s, 498.0 requests/s, p50 2.49 ms, p95 4.75 ms, p99 4.94 ms, 0 % errors, 1 in flight")
  }

  @Test func usersFailuresAndALateGenerator() throws {
    let line = try Self.line(Load(model: .users(50), duration: nil, requests: 100_000)) { interval in
      SampleRun.fail(&interval.names[0], .reset, [10, 10])
      interval.loops[0].users = 50
      interval.loops[0].longestTurn = .milliseconds(9)
      interval.to = interval.from + .milliseconds(1_000)
    }
    #expect(
      LiveText.line(line, width: 200, terminal: true)
        == "[....................]  12s  50 users  500.0 rps  err 0.4 %  p50 2.49 ms  p95 4.75 ms  p99 4.94 ms  "
        + "generator late!")
    #expect(
      LiveText.line(line, width: 80, terminal: false)
        == "12s: 50 users, 500.0 requests/s, p50 2.49 ms, p95 4.75 ms, p99 4.94 ms, 0.4 % errors, 1 in flight; "
        + "generator late (loop held up)")
  }

  /// A peak of one second: its last instant is the next part's first.
  @Test func aShapesRateIsThatOfTheSecond() throws {
    let load = Load(model: .arrivals(try Shape(text: "10/s/12s,50", of: .arrivals)), duration: .seconds(30))
    let line = try Self.line(load) { interval in
      interval.schedule.planned = 10
      interval.to = interval.from + .seconds(1)
    }
    #expect(line.elapsed == .seconds(12) && line.offered == 10)
    #expect(LiveText.line(line, width: 80, terminal: false).hasPrefix("12s of 30s: 10.0/s, "))
    #expect(try Self.line(Load(model: .users(5), duration: .seconds(30))).offered == nil)
  }

  @Test func afterTheEndOfThePlan() throws {
    var line = try Self.line(Self.open())
    line.elapsed = .milliseconds(30_400)
    #expect(LiveText.line(line, width: 80, terminal: false).hasPrefix("30s of 30s: "))
    line.elapsed = .seconds(38)
    #expect(LiveText.line(line, width: 80, terminal: false).hasPrefix("30s and 8s: "))
    #expect(LiveText.line(line, width: 80, terminal: true).contains("30s + 8s  "))
  }

  @Test func aSecondInWhichNothingEnded() throws {
    let line = try Self.line(Self.open()) { $0.names = [] }
    #expect(
      LiveText.line(line, width: 80, terminal: false)
        == "12s of 30s: 500/s, 0.0 requests/s, – errors, 1 in flight")
  }
}
