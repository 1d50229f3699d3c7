import Measuring
import Model
import Summary
import Testing

@Suite struct GeneratorReportTests {
  static func seconds(_ number: UInt32, tainted: Set<UInt32> = [], by taint: Taint = .steal) -> [SecondSummary] {
    (0..<number).map { index in
      var second = SecondSummary(second: index, from: .seconds(Int64(index)), to: .seconds(Int64(index) + 1))
      second.offered = 1
      if tainted.contains(index) { second.taints = [taint] }
      return second
    }
  }

  static func report(
    _ seconds: [SecondSummary], _ load: Load? = nil, here: Bool = false, worker: WorkerHistograms = WorkerHistograms()
  ) throws -> GeneratorReport {
    let description = try MadeRun.description(load ?? MadeRun.open(), here: here)
    return GeneratorReport(description: description, worker: worker, timeline: seconds)
  }

  @Test func onePercentOfTheSecondsLimitsTheRun() throws {
    #expect(try !Self.report(Self.seconds(100)).isLimited)
    #expect(try Self.report(Self.seconds(100, tainted: [7])).isLimited)
    let below = try Self.report(Self.seconds(101, tainted: [7]))
    #expect(!below.isLimited)
    #expect(below.taintedSeconds == 1)
    #expect(below.activeSeconds == 101)
    #expect(below.findings.map(\.word) == ["steal"])
  }

  @Test func aShortLastSecondWeighsItsLength() throws {
    var seconds = Self.seconds(11, tainted: [10])
    seconds[10].to = seconds[10].from + .milliseconds(20)
    #expect(try !Self.report(seconds).isLimited)
    seconds[10].to = seconds[10].from + .milliseconds(200)
    #expect(try Self.report(seconds).isLimited)
  }

  @Test func secondsSpentWaitingDoNotDilute() throws {
    var seconds = Self.seconds(200, tainted: [0])
    for index in 50..<200 { seconds[index].offered = 0 }
    let report = try Self.report(seconds)
    #expect(report.activeSeconds == 50)
    #expect(report.isLimited)
  }

  @Test func warmUpIsNotJudged() throws {
    var seconds = Self.seconds(10, tainted: [0])
    seconds[0].isWarmUp = true
    #expect(try !Self.report(seconds).isLimited)
  }

  @Test(
    arguments: [
      (10_000, 9_400, true),  // 6 % and 0.6 ms
      (10_000, 9_600, false),  // 4 %
      (1_000, 850, false),  // 15 %, but 0.15 ms
      (1_000, 700, true),
      (10_000, 10_000, false),
    ] as [(UInt32, UInt32, Bool)])
  func wakingLateLimitsWhereItShowsInThePercentiles(_ response: UInt32, _ woke: UInt32, _ limited: Bool) throws {
    var worker = WorkerHistograms()
    worker.response.record(response, times: 100)
    worker.fromWoke.record(woke, times: 100)
    let report = try Self.report(Self.seconds(10), worker: worker)
    #expect(report.isLimited == limited)
    #expect(report.findings.map(\.word) == (limited ? ["late_waking"] : []))
  }

  @Test func theTailAloneIsEnough() throws {
    var worker = WorkerHistograms()
    worker.response.record(1_000, times: 97)
    worker.response.record(50_000, times: 3)
    worker.fromWoke.record(1_000, times: 100)
    let finding = try #require(try Self.report(Self.seconds(10), worker: worker).findings.first)
    #expect(finding.reason.contains("p99"))
  }

  @Test func aFullLoopLimitsTheClosedModelsThroughput() throws {
    let closed = Load(model: .users(10), duration: .seconds(3))
    let full = Self.seconds(10, tainted: [1], by: .busyLoop)
    #expect(try Self.report(full, closed).isThroughputLimited)
    #expect(try !Self.report(full).isThroughputLimited, "the open model offers what it offers")
    #expect(try !Self.report(Self.seconds(10, tainted: [1]), closed).isThroughputLimited)
  }

  @Test func adviceFitsTheMachine() throws {
    let full = Self.seconds(10, tainted: [1], by: .busyLoop)
    let apart = try #require(try Self.report(full).findings.first)
    #expect(apart.advice == "Use more loops: --cores 2.")
    let here = try #require(try Self.report(full, here: true).findings.first)
    #expect(here.advice == "Put the target on another machine, so that each has CPUs of its own.")
    var description = try MadeRun.description(MadeRun.open(), here: true)
    description.loops = 2
    let two = GeneratorReport(description: description, worker: WorkerHistograms(), timeline: full)
    #expect(two.findings.first?.advice.contains("fewer loops") == true)
    // Of a fleet there are sums alone, which are no worker's --cores.
    var fleet = try MadeRun.description(MadeRun.open())
    fleet.incarnations = (1...2).map { RunDescription.Incarnation(id: Identifier(high: 1, low: $0)) }
    (fleet.loops, fleet.cpus) = (4, 16)
    let spread = GeneratorReport(description: fleet, worker: WorkerHistograms(), timeline: full)
    #expect(spread.findings.first?.advice.contains("over more workers") == true)
  }

  @Test(arguments: Taint.allCases)
  func everyTaintHasOneSentenceOfReasonAndOneOfAdvice(_ taint: Taint) throws {
    let finding = try #require(try Self.report(Self.seconds(3, tainted: [0, 2], by: taint)).findings.first)
    #expect(finding.reason.hasSuffix("in 2 of 3 seconds."))
    #expect(finding.advice.hasSuffix("."))
    #expect(finding.word == taint.rawValue)
  }
}
