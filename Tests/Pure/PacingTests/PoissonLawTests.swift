import Foundation
import Model
import Testing

@testable import Pacing

/// The law of Poisson arrivals. The seeds are fixed and printed, so that a bound that one of a thousand samples breaks is
/// no test that fails once in a thousand runs.
@Suite struct PoissonLawTests {
  /// Greatest distance of a sample from the law with that distribution function, times √n: above 1.95 once in 1,000.
  static func kolmogorovSmirnov(_ sample: [Double], _ law: (Double) -> Double) -> Double {
    let n = Double(sample.count)
    var most = 0.0
    for (place, value) in sample.sorted().enumerated() {
      let share = law(value)
      most = max(most, abs(share - Double(place) / n), abs(share - Double(place + 1) / n))
    }
    return most * n.squareRoot()
  }

  private static func gaps(_ times: [Double]) -> [Double] { zip(times.dropFirst(), times).map { $0 - $1 } }

  static let seeds: [UInt64] = [1, 20_261_121, 0xDEAD_BEEF, .max]

  /// A constant rate, a ramp (Λ = 25 t²), a wave: gaps between the positions Λ(due) are exponential with mean 1.
  @Test(arguments: seeds) func gapsAreExponential(seed: UInt64) throws {
    let turn = 2 * Double.pi
    let laws: [(text: String, integral: (Double) -> Double)] = [
      ("1000/30s,", { 1_000 * $0 }), ("0..1500/30s,", { 25 * $0 * $0 }),
      ("800~800@10s/30s,", { 800 * $0 + 800 * 10 / turn * (1 - cos(turn * $0 / 10)) }),
    ]
    for (text, integral) in laws {
      let all = arrivals(try PoissonTests.poisson(text, seed: seed))
      let gaps = Self.gaps(all.map { integral(Double($0.due) / 1e9) })
      let distance = Self.kolmogorovSmirnov(gaps) { 1 - exp(-$0) }
      print("\(text) seed \(seed): \(all.count) arrivals, √n·D \(distance)")
      #expect(gaps.count > 20_000 && distance < 1.95, "\(text)")
      // Independent of each other: the correlation of neighbours is 0 ± 1/√n.
      let pairs = zip(gaps, gaps.dropFirst()).reduce(0) { $0 + ($1.0 - 1) * ($1.1 - 1) } / Double(gaps.count)
      #expect(abs(pairs) * Double(gaps.count).squareRoot() < 3.5, "\(text)")
    }
  }

  /// In windows of any length, wherever they begin within a cell, counts have the law's shares, mean and variance.
  @Test(arguments: seeds) func countsOfWindowsArePoissons(seed: UInt64) throws {
    let all = arrivals(try PoissonTests.poisson("1000/100s,", seed: seed)).map { Double($0.due) / 1e6 }
    for (length, from) in [(0.5, 0.25), (1.0, 0.0), (1.0, 0.5), (3.7, 0.1), (25, 0.9)] {
      let windows = Int(99_000 / length)
      var counts = Array(repeating: 0, count: windows)
      for time in all {
        let window = Int(((time - from) / length).rounded(.down))
        if counts.indices.contains(window) { counts[window] += 1 }
      }
      let n = Double(windows)
      let mean = Double(counts.reduce(0, +)) / n
      let variance = counts.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / (n - 1)
      #expect(abs(mean - length) < 4 * (length / n).squareRoot(), "windows of \(length)")
      // The variance's own: λ + 2λ² over n.
      let spread = ((length + 2 * length * length) / n).squareRoot()
      #expect(abs(variance - length) < 4 * spread, "windows of \(length)")
      let next = zip(counts, counts.dropFirst()).reduce(0) { $0 + (Double($1.0) - mean) * (Double($1.1) - mean) }
      #expect(abs(next / n / length) * n.squareRoot() < 4, "windows of \(length) and the next")
      var left = 0.0
      var probability = exp(-length)
      for k in 0..<60 where n * probability > 0 {
        let expected = n * probability
        if expected >= 10 {
          let found = Double(counts.count { $0 == k })
          left += (found - expected) * (found - expected) / expected
        }
        probability *= length / Double(k + 1)
      }
      print("windows of \(length) from \(from), seed \(seed): mean \(mean), variance \(variance), χ² \(left)")
      // At most 50 kinds of windows: χ² with 50 degrees is above 87 once in 1,000.
      #expect(left < 87)
    }
  }

  /// e⁻¹/k! of all cells have k arrivals, also the rare kinds.
  @Test func membersOfCells() {
    let scatter = Scatter(seed: 7)
    var found = Array(repeating: 0, count: 22)
    for cell in 0..<2_000_000 as Range<UInt64> { found[Int(scatter.members(of: cell))] += 1 }
    var probability = exp(-1.0)
    for k in 0..<22 {
      let expected = 2_000_000 * probability
      #expect(abs(Double(found[k]) - expected) <= 4 * expected.squareRoot() + 1, "\(k)")
      probability /= Double(k + 1)
    }
    #expect(found[8...].reduce(0, +) > 0)
  }

  /// Places within a cell are in order, and each is anywhere in it: the mean of the m-th of k is m/(k + 1).
  @Test(arguments: [1, 2, 3, 5] as [UInt8]) func placesInACell(of count: UInt8) {
    let scatter = Scatter(seed: 11)
    var sums = Array(repeating: 0.0, count: Int(count))
    for cell in 0..<20_000 as Range<UInt64> {
      let places = (0..<count).map { scatter.place(of: $0, of: count, in: cell) }
      #expect(places == places.sorted())
      for (member, place) in places.enumerated() { sums[member] += Double(place) * 0x1p-64 }
    }
    for (member, sum) in sums.enumerated() {
      #expect(abs(sum / 20_000 - Double(member + 1) / Double(count + 1)) < 0.01)
    }
  }
}
