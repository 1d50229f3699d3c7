import Measuring
import Model
import Summary
import Testing

@Suite struct CompletenessTests {
  static func reasons(_ records: [Interval], _ description: RunDescription? = nil) throws -> [Incompleteness] {
    try SummaryBuilderTests.summary(of: records, description).incompleteness
  }

  @Test func aMissingRecordIsNoticed() throws {
    let records = SummaryBuilderTests.records()
    #expect(try Self.reasons([records[0], records[2]]) == [.missingRecords(MadeRun.incarnation(1), 1)])
  }

  @Test func aMissingLastRecordLeavesOutcomesUnknown() throws {
    var records = Array(SummaryBuilderTests.records().prefix(2))
    records[1].names[0].counts.completed -= 3
    records[1].names[0].counts.accepted -= 3
    let summary = try SummaryBuilderTests.summary(of: records)
    #expect(summary.incompleteness == [.noFinalRecord(MadeRun.incarnation(1), unknown: 3)])
    #expect(summary.counts.unknown == 3)
    #expect(summary.endReason == nil)
    #expect(summary.verdict == .incomplete)
  }

  @Test func aCompletionWithoutItsStartBreaksASum() throws {
    var records = SummaryBuilderTests.records()
    records[2].names[0].counts.completed += 2
    records[2].names[0].counts.accepted += 2
    let summary = try SummaryBuilderTests.summary(of: records)
    #expect(summary.equations.map(\.residual) == [0, -2, 0, 0])
    #expect(summary.incompleteness == [.residual(summary.equations[1])])
  }

  /// A redirect or a try that was followed by another is no outcome, and no failure.
  @Test func anOutcomeOfNoKindBreaksASum() throws {
    var records = SummaryBuilderTests.records()
    records[2].names[0].counts.started += 5
    records[2].schedule.planned += 5
    records[2].schedule.started += 5
    records[2].names[0].counts.completed += 5
    records[2].names[0].counts.redirected = 3
    records[2].names[0].counts.retried = 1
    let broken = try SummaryBuilderTests.summary(of: records)
    #expect(broken.incompleteness == [.residual(broken.equations[3])] && broken.equations[3].residual == 1)
    records[2].names[0].counts.retried = 2
    let whole = try SummaryBuilderTests.summary(of: records)
    #expect(whole.isComplete && whole.totals.err == 3 && whole.totals.ok == 27)
    #expect(whole.totals.success == 0.9)
  }

  @Test func anArrivalThatNobodyTookBreaksASum() throws {
    var records = SummaryBuilderTests.records()
    records[1].schedule.planned += 1
    #expect(try SummaryBuilderTests.summary(of: records).equations.map(\.residual) == [1, 0, 0, 0])
    records[1].schedule.unsent += 1
    #expect(try SummaryBuilderTests.summary(of: records).isComplete)
  }

  @Test func aWorkersOwnCountIsHeldAgainstItsRecords() throws {
    let own = RunDescription.Incarnation(id: MadeRun.incarnation(1), completed: 33)
    let description = try MadeRun.description(MadeRun.open(), incarnations: [own])
    let summary = try SummaryBuilderTests.summary(of: SummaryBuilderTests.records(), description)
    #expect(summary.equations.map(\.residual) == [0, 0, 3, 0])
    #expect(!summary.isComplete)
    let lost = RunDescription.Incarnation(id: MadeRun.incarnation(1), completed: 33, lost: 3)
    let told = try MadeRun.description(MadeRun.open(), incarnations: [lost])
    #expect(try SummaryBuilderTests.summary(of: SummaryBuilderTests.records(), told).isComplete)
  }

  @Test func strangersAreLeftOutAndSaid() throws {
    var records = SummaryBuilderTests.records()
    var stranger = MadeRun.interval(1, second: 0)
    stranger.key.run = Identifier(high: 1, low: 1)
    stranger.fill([.accepted("/", [5])])
    records.append(stranger)
    let summary = try SummaryBuilderTests.summary(of: records)
    #expect(summary.incompleteness == [.foreignRecords(1)])
    #expect(summary.totals.ok == 27)
  }

  @Test func recordsBeyondTheLastAreNoticed() throws {
    var records = SummaryBuilderTests.records()
    records.append(MadeRun.interval(4, second: 3))
    #expect(try Self.reasons(records) == [.recordsBeyondFinal(MadeRun.incarnation(1))])
  }

  @Test func aWorkerWithoutRecordsIsNoticed() throws {
    #expect(try Self.reasons([]) == [.noRecords(MadeRun.incarnation(1))])
    let nobody = try MadeRun.description(MadeRun.open(), incarnations: [])
    #expect(try Self.reasons([], nobody) == [.nothing])
  }

  @Test func everyReasonReadsAsASentence() throws {
    let id = MadeRun.incarnation(1)
    let equation = Equation(.init("a", 3), [.init("b", 1)])
    let all: [Incompleteness] = [
      .noRecords(id), .nothing, .missingRecords(id, 1), .missingRecords(id, 2), .noFinalRecord(id, unknown: 1),
      .recordsBeyondFinal(id), .foreignRecords(1), .foreignRecords(2), .residual(equation),
    ]
    #expect(Set(all.map(\.text)).count == all.count)
    #expect(all.allSatisfy { $0.text.hasSuffix(".") })
    #expect(Incompleteness.residual(equation).text == "The sum a = b does not hold: 2 left over.")
  }

  /// Any subset of the records, in any order and with repeats, must give the number that a set gives.
  @Test(arguments: 0..<50 as Range<UInt64>)
  func missingRecordsAreCountedExactly(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let total = UInt64.random(in: 1...40, using: &generator)
    var kept = (1...total).filter { $0 == total || UInt8.random(in: 0...3, using: &generator) > 0 }
    let missing = total - UInt64(kept.count)
    kept += kept.shuffled(using: &generator).prefix(5)
    let records = kept.shuffled(using: &generator).map { sequence in
      var record = MadeRun.interval(sequence, second: UInt32(sequence))
      if sequence == total { record.final = .init(records: total, reason: .planEnded) }
      return record
    }
    let expected: [Incompleteness] = missing == 0 ? [] : [.missingRecords(MadeRun.incarnation(1), missing)]
    #expect(try Self.reasons(records) == expected, "seed \(seed)")
  }

  @Test func enormousNumbersFromAFileDoNotTrap() throws {
    var records = SummaryBuilderTests.records()
    records[0].key.sequence = .max
    records[0].schedule.planned = .max
    records[1].schedule.planned = .max
    records[1].names[0].counts.completed = .max
    records[1].names[0].counts.accepted = 0
    records[1].from = TimeSpan(nanoseconds: .min)
    records[2].to = TimeSpan(nanoseconds: .max)
    records[2].final?.records = .max
    records.append(MadeRun.interval(0, second: .max))
    let summary = try SummaryBuilderTests.summary(of: records)
    #expect(!summary.isComplete)
    #expect(!SummaryJSON.encode(summary).isEmpty)
  }
}
