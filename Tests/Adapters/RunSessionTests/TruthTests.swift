import Measuring
import Model
import RunSession
import Summary
import TestSupport
import Testing

/// Percentiles against a target whose waiting times are known in closed form (scripts/targets/stall.py).
///
/// Needs the machine for itself: `make test` runs it after all others, alone.
@Suite(.serialized)
struct TruthTests {
  /// The target's model: load ρ = rate × spacing; a share f = s ÷ ((1 − ρ) · T) of the arrivals waits, evenly between
  /// 0 and s.
  struct Model: Sendable {
    var rate = 1_000.0
    var every = 5.0
    var stall = 1.0
    var spacing = 100e-6

    /// The p-quantile of the waiting time in microseconds.
    func quantile(_ p: Double) -> Double {
      let share = stall / ((1 - rate * spacing) * every)
      return p <= 1 - share ? 0 : 1e6 * stall * (p - (1 - share)) / share
    }
  }

  static let model = Model()
  static let shares = [0.5, 0.9, 0.99]

  /// Within 1 % of the closed form, or within 0.2 ms.
  static func isTrue(_ figures: LatencyFigures) -> Bool {
    zip(shares, [figures.p50, figures.p90, figures.p99]).allSatisfy { share, reading in
      guard let reading, !reading.isLowerBound else { return false }
      let expected = model.quantile(share)
      return abs(Double(reading.microseconds) - expected) <= max(200, 0.01 * expected)
    }
  }

  static func text(_ figures: LatencyFigures) -> String {
    zip(shares, [figures.p50, figures.p90, figures.p99]).map { share, reading in
      "p\(share * 100): \(reading?.microseconds ?? 0) µs, expected \(model.quantile(share)) µs"
    }.joined(separator: "; ")
  }

  /// Why a run proves nothing either way: its target or its generator did not get the CPU when it needed it.
  static func disturbance(_ outcome: RunOutcome, _ tally: Tally) throws -> String? {
    let target = try #require(tally.number("late_max_us"))
    let generator = try #require(outcome.summary.generator.lateness.p99).microseconds
    if target <= 2_000, generator <= 1_000 { return nil }
    return "target late by \(target) µs, 1 % of the requests taken up late by \(generator) µs"
  }

  @Test func theClosedFormIsWhatItSays() {
    #expect(Self.model.quantile(0.5) == 0)
    #expect(abs(Self.model.quantile(0.9) - 550_000) < 1)
    #expect(abs(Self.model.quantile(0.99) - 955_000) < 1)
    #expect(abs(Self.model.quantile(1) - 1_000_000) < 1)
  }

  /// 20 s at 1,000/s over ten connections: four stalls of a second. During a stall only ten requests are on their way;
  /// whoever measures from *sent* sees next to nothing of it.
  @Test func responseTimesTellOfTheStallAndServiceTimesDoNot() async throws {
    var disturbed: [String] = []
    for _ in 0..<5 {
      let target = try ScriptTarget("stall")
      let load = try plan(.arrivals(.perSecond(1_000)), [("/", target.url(), 1)], duration: .seconds(20)) {
        $0.options.connections = 10
      }
      let outcome = try await run(load, cores: 1)
      expectSound(outcome)
      let totals = outcome.summary.totals
      let tally = try Tally(target.finish())
      #expect(totals.ok == 20_000)
      #expect(tally["answered"] == 20_000)
      #expect(tally["connections"] <= 10)
      if let reason = try Self.disturbance(outcome, tally) {
        disturbed.append(reason)
        continue
      }
      #expect(Self.isTrue(totals.response), "\(Self.text(totals.response))")
      let service = try #require(totals.service.p99).microseconds
      #expect(service < 5_000, "service p99 \(service) µs")
      // The same check must not pass for a generator that measures from sent.
      #expect(!Self.isTrue(totals.service), "service times pass as response times: \(Self.text(totals.service))")
      return
    }
    Issue.record("every run was disturbed: \(disturbed)")
  }

  /// Without a cap every arrival of a stall opens a connection of its own: then both times see it.
  @Test func withoutACapBothTimesTellOfTheStall() async throws {
    var disturbed: [String] = []
    for _ in 0..<5 {
      let target = try ScriptTarget("stall", ["--first", "1"])
      let load = try plan(.arrivals(.perSecond(1_000)), [("/", target.url(), 1)], duration: .seconds(10))
      let outcome = try await run(load, cores: 1)
      expectSound(outcome)
      let tally = try Tally(target.finish())
      if let reason = try Self.disturbance(outcome, tally) {
        disturbed.append(reason)
        continue
      }
      let totals = outcome.summary.totals
      #expect(Self.isTrue(totals.response), "\(Self.text(totals.response))")
      #expect(try #require(totals.service.p99).microseconds > 900_000)
      #expect(tally["connections"] > 900)
      return
    }
    Issue.record("every run was disturbed: \(disturbed)")
  }
}
