import Measuring
import Model
import Summary
import Testing

@Suite struct SummaryBuilderTests {
  /// Three seconds of one worker: 30 requests, of which one times out and two get a 503.
  static func records() -> [Interval] {
    var records = (0..<3).map { MadeRun.interval(UInt64($0) + 1, second: UInt32($0)) }
    records[0].fill([.accepted("/", Array(repeating: 1_000, count: 10))])
    var middle = NameInterval.accepted("/", Array(repeating: 2_000, count: 8))
    middle.fail(.status, [500, 600], status: 503)
    records[1].fill([middle])
    var last = NameInterval.accepted("/", Array(repeating: 3_000, count: 9))
    last.fail(.timeout, [1_000_000])
    records[2].fill([last])
    records[2].final = .init(records: 3, reason: .planEnded)
    return records
  }

  static func summary(of records: [Interval], _ description: RunDescription? = nil) throws -> RunSummary {
    var builder = SummaryBuilder(try description ?? MadeRun.description(MadeRun.open()))
    for record in records { builder.add(record) }
    return builder.summary()
  }

  @Test func countsAndFiguresOfARun() throws {
    let summary = try Self.summary(of: Self.records())
    #expect(summary.isComplete, "\(summary.incompleteness.map(\.text))")
    #expect(summary.endReason == .planEnded)
    #expect(summary.verdict == .passed)
    #expect(summary.counts.schedule.planned == 30)
    #expect(summary.totals.ok == 27)
    #expect(summary.totals.err == 3)
    #expect(summary.totals.statuses == [.init(status: 200, count: 27), .init(status: 503, count: 2)])
    #expect(summary.totals.errors == [.init(kind: .timeout, count: 1), .init(kind: .status, count: 2)])
    #expect(summary.totals.response.count == 28)
    #expect(summary.totals.response.censored == 1)
    #expect(summary.totals.response.p50?.microseconds == 1_999 || summary.totals.response.p50?.microseconds == 2_003)
    #expect(summary.totals.response.p99 == .atLeast(1_000_000))
    #expect(summary.totals.response.stdev == nil)
    #expect(summary.totals.failed.count == 2)
    #expect(summary.rateOffered == 10)
    #expect(summary.totals.throughput == 9)
    #expect(summary.totals.rps == 10)
    #expect(summary.equations.map(\.residual) == [0, 0, 0, 0])
    #expect(summary.timeline.map(\.counts.completed) == [10, 10, 10])
    #expect(summary.timeline[2].response.max == .atLeast(1_000_000))
    #expect(summary.timeline[1].errors == [.init(kind: .status, count: 2)])
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func theOrderOfRecordsNeverMatters(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var records = Self.records()
    for number in 2...4 as ClosedRange<UInt64> {
      for second in 0..<3 as Range<UInt32> {
        var record = MadeRun.interval(UInt64(second) + 1, second: second, incarnation: number)
        let times = (0..<20).map { _ in UInt32.random(in: 1...100_000, using: &generator) }
        record.fill([.accepted(["/", "/b", "/c"][Int(number) - 2], times)])
        if second == 2 { record.final = .init(records: 3, reason: .planEnded) }
        records.append(record)
      }
    }
    let description = try MadeRun.description(
      MadeRun.open(), incarnations: (1...4).map { .init(id: MadeRun.incarnation($0)) })
    let first = try Self.summary(of: records, description)
    let shuffled = records.shuffled(using: &generator)
    let second = try Self.summary(of: shuffled + shuffled.prefix(5), description)
    #expect(first == second, "seed \(seed)")
    #expect(first.isComplete, "seed \(seed)")
    #expect(first.names.map(\.name) == ["/", "/b", "/c"])
  }
}

/// SplitMix64: small, and the same on every machine for one seed.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
