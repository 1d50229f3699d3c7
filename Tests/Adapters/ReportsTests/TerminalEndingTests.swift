import Measuring
import Model
import Reports
import Summary
import Testing

/// The last blocks: sums that do not hold, a generator that was the limit, how it ended.
@Suite struct TerminalEndingTests {
  static func ending(_ summary: RunSummary, width: Int = 80) -> String {
    let text = TerminalReport.text(summary, width: width, colour: false)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return lines[(lines.firstIndex { $0.hasPrefix("Counting") } ?? 0)...].joined(separator: "\n")
  }

  static func run(
    _ load: Load? = nil, reason: EndReason? = .planEnded, here: Bool = true, _ change: (inout Interval) -> Void
  ) throws -> RunSummary {
    let usual = Load(model: .arrivals(try Rate(text: "20/s")), duration: .seconds(1))
    let description = try SampleRun.description(load ?? usual, targets: [("/", "http://127.0.0.1:8080/")], here: here)
    var interval = SampleRun.interval(0, [SampleRun.name("/", count: 20, step: 1_000)])
    change(&interval)
    return SampleRun.summary(description, [interval], reason)
  }

  @Test func aKilledRun() throws {
    let summary = try Self.run(reason: nil) { interval in
      interval.names[0].counts.started += 3
      interval.schedule.planned += 5
      interval.schedule.started += 3
    }
    #expect(
      Self.ending(summary) == """
        Counting: what went in equals what came out, or the result is not complete.
          25 planned = 23 started + 0 unsent + 0 gap: 2 missing
          23 requests started = 20 completed + 3 unknown: holds
          20 workers' completed = 20 stored + 0 explicitly lost: holds
          20 completed = 20 accepted + 0 failed + 0 redirected + 0 retried: holds
        The result is NOT COMPLETE:
          - The last record of worker 22222222-2222-4222-8222-222222222222 is missing
            (it was killed or is still at work); the outcome of 3 requests is unknown.
          - The sum planned = started + unsent + gap does not hold: 2 left over.

        Generator: this machine kept up: 99 % of requests were taken up within 12 µs of
        being due.

        Ended: not known, the last record is missing
        Result: incomplete (exit code 3)

        """)
  }

  @Test func aGeneratorThatWasTheLimit() throws {
    let summary = try Self.run(reason: .stopped) { interval in
      interval.loops[0].late = 4
      interval.loops[0].busy = .milliseconds(950)
      interval.worker.fromWoke = Histogram()
      interval.worker.fromWoke.record(500, times: 20)
    }
    #expect(
      Self.ending(summary) == """
        Counting: what went in equals what came out, or the result is not complete.
          20 planned = 20 started + 0 unsent + 0 gap: holds
          20 requests started = 20 completed + 0 unknown: holds
          20 workers' completed = 20 stored + 0 explicitly lost: holds
          20 completed = 20 accepted + 0 failed + 0 redirected + 0 retried: holds

        GENERATOR-LIMITED
        These figures may tell of this machine and not of the target.
          - Taking requests up late accounts for a part of the response times: p50 is
            10.0 ms from when they were due, 500 µs from when they were taken up. Put
            the target on another machine, so that each has CPUs of its own.
          - More than 1 % of the requests were taken up over 1 ms late in 1 of 1 second.
            Put the target on another machine, so that each has CPUs of its own.
          - A loop was busy for more than 90 % of its time in 1 of 1 second. Put the
            target on another machine, so that each has CPUs of its own.

        Ended: stopped by the user; what was under way was awaited
        Result: stopped by the user (exit code 105)

        """)
  }

  @Test func aClosedRunOnAFullLoop() throws {
    let load = Load(model: .users(8), duration: .seconds(1))
    let summary = try Self.run(load, here: false) { $0.loops[0].busy = .seconds(1) }
    let text = Self.ending(summary)
    #expect(text.contains("\nthroughput limited by this machine\n"))
    #expect(text.contains("in 1 of 1 second. Use more\n    loops: --cores 2.\n"))
  }

  @Test func unsentArrivalsAndFoldedValuesAreSaid() throws {
    let summary = try Self.run { interval in
      interval.schedule.planned += 7
      interval.schedule.unsent += 7
      interval.loops[0].folded = 3
    }
    let text = Self.ending(summary)
    #expect(text.contains("  27 planned = 20 started + 7 unsent + 0 gap: holds\n"))
    #expect(text.contains("3 values were put into another bucket than their own"))
  }

  @Test(
    arguments: [
      (1, "1 request found all connections allowed in use and waited for one (--connections\nsets how many).\n"),
      (1_234, "1234 requests found all connections allowed in use and waited for one"),
    ] as [(UInt64, String)])
  func requestsHeldBackByTheCapAreSaid(_ count: UInt64, _ sentence: String) throws {
    #expect(Self.ending(try Self.run { $0.loops[0].capped = count }).contains(sentence))
    #expect(!Self.ending(try Self.run { _ in }).contains("connections allowed"))
  }

  @Test(arguments: EndReason.allCases)
  func everyEndHasItsSentence(_ reason: EndReason) throws {
    let text = Self.ending(try Self.run(reason: reason) { _ in })
    let sentences: [EndReason: String] = [
      .planEnded: "the plan was done", .stopped: "stopped by the user; what was under way was awaited",
      .aborted: "stopped by the user at once; what was under way was cut off",
      .unreachable: "no target ever accepted a connection", .failed: "the generator could not go on",
    ]
    #expect(text.contains("\nEnded: \(sentences[reason] ?? "?")\n"))
  }
}
