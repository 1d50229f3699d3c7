import Measuring
import Model
import Summary
import TestSupport
import Testing

@testable import Verdicts

@Suite struct VerdictTests {
  private static let run = Identifier(high: 1, low: 2)

  /// A builder of one second with these replies, given-up requests and failures.
  private func builder(
    _ name: String = "Cart", accepted: [UInt32], censored: [UInt32] = [], failed: UInt64 = 0,
    checks: [CheckCount] = [], isWarmUp: Bool = false
  ) throws -> SummaryBuilder {
    let url = try TargetURL(text: "http://127.0.0.1:8080/")
    let plan = Plan(
      name: "made", targets: [Target(name: name, url: url), Target(name: "Never", url: url)],
      load: Load(model: .users(1), duration: .seconds(1)))
    var builder = SummaryBuilder(
      RunDescription(
        plan: plan, run: Self.run, incarnations: [.init(id: Identifier(high: 3, low: 4))],
        start: .init(secondsSince1970: 0, text: ""), loops: 1, cpus: 1, pacing: .sleeping, targetIsHere: false,
        version: "test"))
    var interval = Interval(
      key: .init(run: Self.run, incarnation: Identifier(high: 3, low: 4), sequence: 1), second: 0, from: .zero,
      to: .seconds(1))
    interval.phase.isWarmUp = isWarmUp
    var row = NameInterval(name: name)
    for time in accepted { row.histograms.response.record(time) }
    for time in censored { row.histograms.censored.record(time) }
    row.counts.completed = UInt64(accepted.count + censored.count) + failed
    row.counts.started = row.counts.completed
    row.counts.accepted = UInt64(accepted.count)
    row.checks = checks
    interval.names = [row]
    builder.add(interval)
    return builder
  }

  private func judge(
    _ builder: SummaryBuilder, _ measure: Threshold.Measure, _ comparison: Threshold.Comparison, _ bound: Int64,
    name: String? = nil
  ) -> ThresholdResult {
    Verdicts.judge(
      [Threshold(text: "t", name: name, measure: measure, comparison: comparison, bound: bound)], builder)[0]
  }

  @Test func timesAndSharesAndRates() throws {
    let builder = try builder(
      accepted: [10, 20, 30, 40], failed: 1,
      checks: [CheckCount(name: "a", passed: 7, failed: 1), CheckCount(name: "b", passed: 8)])
    for (measure, figure) in [
      (.percentile(millionths: 500_000), 20), (.percentile(millionths: 990_000), 40), (.mean, 25), (.least, 10),
      (.greatest, 40), (.errors, 200_000), (.checks, 937_500), (.rps, 5_000_000),
    ] as [(Threshold.Measure, Int64)] {
      #expect(judge(builder, measure, .below, figure + 1).passed && !judge(builder, measure, .below, figure).passed)
      #expect(judge(builder, measure, .atMost, figure).passed && !judge(builder, measure, .atMost, figure - 1).passed)
      #expect(judge(builder, measure, .above, figure - 1).passed && !judge(builder, measure, .above, figure).passed)
      #expect(judge(builder, measure, .atLeast, figure).passed)
      #expect(!judge(builder, measure, .atLeast, figure + 1).passed, "\(measure)")
    }
    #expect(judge(builder, .errors, .below, 10_000).found == "20.0 % (1 of 5)")
    #expect(judge(builder, .mean, .below, 10_000).found == "25 µs")
    #expect(judge(builder, .rps, .above, 0).found == "5.00/s")
  }

  @Test func whatWasNeverMeasuredIsBroken() throws {
    let builder = try builder(accepted: [10])
    for measure in [.percentile(millionths: 1), .mean, .least, .greatest, .errors, .rps, .checks]
      as [Threshold.Measure]
    {
      for comparison in Threshold.Comparison.allCases {
        for name in ["Never", "Unknown"] {
          let result = judge(builder, measure, comparison, 1_000_000, name: name)
          #expect(!result.passed && result.found.isEmpty && !result.reason.isEmpty, "\(measure) \(name)")
        }
      }
    }
    #expect(judge(builder, .mean, .below, 11, name: "Cart").passed)
    #expect(judge(builder, .checks, .above, 0).reason == "no check was made")
    #expect(judge(builder, .mean, .below, 5, name: "Unknown").reason == "no request is named 'Unknown'")
  }

  /// The warm-up holds no threshold and breaks none.
  @Test func theWarmUpIsNotJudged() throws {
    let builder = try builder(accepted: [10, 10], failed: 5, isWarmUp: true)
    #expect(judge(builder, .mean, .below, 100).reason == "no response was measured")
    #expect(judge(builder, .errors, .atMost, 1_000_000).reason == "no request had an outcome")
  }

  /// Against sorted lists: with the given-up at infinity for an upper limit, at their bounds for a lower one. Times
  /// below 128 µs have a bucket each, so every percentile is exact.
  @Test func givenUpRequestsNeverHelp() throws {
    let seed = Fuzz.seed(for: "VerdictTests.givenUpRequestsNeverHelp")
    var dice = SplitMix(seed: seed)
    for _ in 0..<400 {
      func times(_ most: UInt64) -> [UInt32] {
        (0..<(dice.next() % (most + 1))).map { _ in UInt32(1 + dice.next() % 100) }
      }
      let (accepted, censored) = (times(40), times(8))
      let all = UInt64(accepted.count + censored.count)
      if all == 0 { continue }
      let builder = try builder(accepted: accepted, censored: censored)
      let millionths = Int(1 + dice.next() % 999_999)
      // The rank by whole numbers: the least k with k / n >= p.
      let rank = Int((all * UInt64(millionths) + 999_999) / 1_000_000)
      let infinite = (accepted.map { Int64($0) }.sorted() + censored.map { _ in Int64.max })[rank - 1]
      let bounded = (accepted + censored).map { Int64($0) }.sorted()[rank - 1]
      let bound = Int64(1 + dice.next() % 110)
      let measure = Threshold.Measure.percentile(millionths: millionths)
      #expect(judge(builder, measure, .below, bound).passed == (infinite < bound), "seed \(seed)")
      #expect(judge(builder, measure, .atMost, bound).passed == (infinite <= bound), "seed \(seed)")
      #expect(judge(builder, measure, .above, bound).passed == (bounded > bound), "seed \(seed)")
      #expect(judge(builder, measure, .atLeast, bound).passed == (bounded >= bound), "seed \(seed)")
      let worstMean = censored.isEmpty ? Double(accepted.reduce(0, +)) / Double(accepted.count) : .infinity
      #expect(judge(builder, .mean, .below, 10_000).passed == worstMean.isFinite)
    }
  }

  @Test func anUpperLimitThatGivenUpRequestsBreakSaysSo() throws {
    let result = judge(try builder(accepted: [10, 20], censored: [15]), .greatest, .below, 1_000)
    #expect(!result.passed && result.found == "≥ 20 µs")
    #expect(result.reason == "requests were given up, so it may be any longer")
  }

  @Test func aJudgedSummaryHasTheVerdict() throws {
    var builder = try builder(accepted: [10])
    builder.description.thresholds = [
      Threshold(text: "mean<5us", name: nil, measure: .mean, comparison: .below, bound: 5),
      Threshold(text: "mean<50us", name: nil, measure: .mean, comparison: .below, bound: 50),
    ]
    let summary = builder.judged()
    #expect(summary.thresholds.map(\.passed) == [false, true])
    #expect(summary.thresholds.map(\.text) == ["mean<5us", "mean<50us"])
  }
}
