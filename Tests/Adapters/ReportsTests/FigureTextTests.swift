import Summary
import Testing

@testable import Reports

@Suite struct FigureTextTests {
  @Test(
    arguments: [
      (0, "0 µs"), (1, "1 µs"), (999, "999 µs"), (999.6, "1.00 ms"), (1_000, "1.00 ms"), (1_204, "1.20 ms"),
      (9_994, "9.99 ms"), (9_996, "10.0 ms"), (58_000, "58.0 ms"), (99_960, "100 ms"), (999_400, "999 ms"),
      (999_600, "1.00 s"), (1_200_000, "1.20 s"), (120_000_000, "120 s"), (599_400_000, "599 s"),
      (599_600_000, "9.99 min"), (600_000_000, "10.0 min"), (4_294_967_295, "71.6 min"),
    ] as [(Double, String)])
  func durationsHaveThreeDigits(_ microseconds: Double, _ text: String) {
    #expect(TimeText.duration(microseconds: microseconds) == text)
  }

  @Test(
    arguments: [
      (0, "0 %"), (1, "100 %"), (0.5, "50.0 %"), (0.999_9, "99.990 %"), (0.999_999_9, "> 99.999 %"),
      (0.000_5, "0.050 %"), (0.000_001, "< 0.001 %"), (0.975, "97.5 %"), (0.999, "99.9 %"),
    ] as [(Double, String)])
  func sharesAreNeverRoundedToAllOrNothing(_ share: Double, _ text: String) {
    #expect(FigureText.percent(share) == text)
  }

  @Test(
    arguments: [
      (0, "0.0"), (0.05, "0.05"), (108.31, "108.3"), (9_999.4, "9999.4"), (9_999.6, "10 000"), (12_012, "12 012"),
      (1_234_567, "1 234 567"), (.infinity, "–"), (.nan, "–"), (-1, "–"),
    ] as [(Double, String)])
  func rates(_ value: Double, _ text: String) {
    #expect(FigureText.rate(value) == text)
  }

  @Test(
    arguments: [
      (0, "0 B"), (999, "999 B"), (1_000, "1.00 kB"), (999_600, "1.00 MB"), (34_500_000, "34.5 MB"),
      (.max, "18447 PB"),
    ] as [(UInt64, String)])
  func bytes(_ count: UInt64, _ text: String) {
    #expect(FigureText.bytes(count) == text)
  }

  @Test func countsAreGroupedFromFiveDigitsOn() {
    #expect(FigureText.count(9_999) == "9999")
    #expect(FigureText.count(10_000) == "10 000")
    #expect(FigureText.count(UInt64.max) == "18 446 744 073 709 551 615")
  }
}
