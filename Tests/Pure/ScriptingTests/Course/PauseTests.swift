import Model
import Pacing
import Testing

@testable import Scripting

@Suite struct PauseTests {
  /// Bisected in Python with 60 decimal digits on the series of the normal distribution.
  @Test(arguments: [
    (1e-15, -7.941345326170997), (1e-9, -5.9978070150076865), (0.001, -3.0902323061678136),
    (0.025, -1.9599639845400543), (0.0749999, -1.4395321773759007), (0.0750001, -1.4395307645017297),
    (0.3, -0.5244005127080408), (0.5, 0), (0.75, 0.6744897501960817), (0.925, 1.4395314709384561),
    (0.975, 1.9599639845400538), (0.999999, 4.753424308817087),
  ]) func quantiles(p: Double, expected: Double) {
    #expect(abs(normalQuantile(p) - expected) <= 1e-13 * max(1, abs(expected)))
  }

  /// Draws as the engine makes them: means and shares of the law, within five standard errors.
  @Test(arguments: [1, 2, 0xDEAD_BEEF as UInt64]) func laws(seed: UInt64) {
    let count = 40_000
    func draw(_ think: ThinkTime) -> [Double] {
      let pause = Pause(think)
      return (0..<count).map { index in
        let word = Draw.word(seed: seed, user: UInt64(index % 100), iteration: UInt64(index / 100), run: 3, site: 9)
        return Double(pause.length(word))
      }
    }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    let root = Double(count).squareRoot()
    let exponential = draw(.exponential(mean: .milliseconds(100)))
    #expect(abs(mean(exponential) - 1e8) < 5 * 1e8 / root)
    let above = Double(exponential.filter { $0 > 1e8 }.count) / Double(count)
    #expect(abs(above - 0.36788) < 5 * 0.4823 / root)
    let normal = draw(.normal(mean: .seconds(1), deviation: .milliseconds(100)))
    #expect(abs(mean(normal) - 1e9) < 5 * 1e8 / root)
    let spread = mean(normal.map { ($0 - 1e9) * ($0 - 1e9) }).squareRoot()
    #expect(abs(spread - 1e8) < 5 * 1e8 / (2.0.squareRoot() * root))
    let uniform = draw(.uniform(.milliseconds(10)...(.milliseconds(30))))
    #expect(abs(mean(uniform) - 2e7) < 5 * 5.7735e6 / root)
    #expect(uniform.min() ?? 0 >= 1e7 && uniform.max() ?? .infinity <= 3e7)
  }

  @Test func edges() {
    for word in [0, 1, .max / 2, .max] as [UInt64] {
      #expect(Pause(nil).length(word) == 0 && Pause.none.isFixed)
      #expect(Pause(.fixed(.seconds(2))).length(word) == 2_000_000_000)
      #expect(Pause(.uniform(.zero...(.longest))).length(word) <= TimeSpan.longest.nanoseconds)
      let still = Pause(.uniform(.seconds(1)...(.seconds(1))))
      #expect(still.length(word) == 1_000_000_000)
      for think in [ThinkTime.exponential(mean: .longest), .normal(mean: .zero, deviation: .longest)] {
        #expect((0...TimeSpan.longest.nanoseconds).contains(Pause(think).length(word)))
      }
    }
    #expect(Pause(.uniform(.zero...TimeSpan(nanoseconds: 9))).length(.max) == 9)
    #expect(Pause(.uniform(.zero...TimeSpan(nanoseconds: 9))).length(0) == 0)
    #expect(Pause(.normal(mean: .milliseconds(1), deviation: .seconds(9))).length(1) == 0)
  }
}
