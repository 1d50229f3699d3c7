import Testing

@testable import Model

@Suite struct TimeSpanTests {
  @Test(arguments: [
    ("10s", 10_000_000_000), ("250ms", 250_000_000), ("2m", 120_000_000_000), ("1h30m", 5_400_000_000_000),
    ("1.5s", 1_500_000_000), (".5s", 500_000_000), ("40us", 40_000), ("40µs", 40_000), ("40μs", 40_000), ("7ns", 7),
    ("0", 0), ("0s", 0), ("1d", 86_400_000_000_000), ("1h1m1s1ms1us1ns", 3_661_001_001_001), ("0.1s", 100_000_000),
    ("1.5ns", 1), ("3650d", 315_360_000_000_000_000), ("000000000000001s", 1_000_000_000),
  ])
  func reads(_ text: String, _ nanoseconds: Int64) throws {
    #expect(try TimeSpan(text: text).nanoseconds == nanoseconds)
  }

  @Test(arguments: [
    "10", "s", "ten seconds", "10 s", " 10s", "10s ", "-5s", "+5s", "1.2.3s", ".s", "1e3s", "10sec", "5S", "1h30",
    "1,5s",
    "٣s", "1s-", "\u{0}", "1s\u{301}",
    "1234567890123456s",
  ])
  func refusesWhatIsNoDuration(_ text: String) {
    let error = #expect(throws: ValueError.self) { try TimeSpan(text: text) }
    #expect(error?.description == "found '\(text)', expected a duration such as 10s, 250ms, 2m or 1h30m")
  }

  @Test func refusesNothing() {
    let error = #expect(throws: ValueError.self) { try TimeSpan(text: "") }
    #expect(error?.description == "found nothing, expected a duration such as 10s, 250ms, 2m or 1h30m")
  }

  /// Also where the sum or one part of it does not fit 64 bits.
  @Test(arguments: ["3650d1ns", "3651d", "87601h", "2000d2000d"])
  func refusesMoreThanTenYears(_ text: String) {
    let error = #expect(throws: ValueError.self) { try TimeSpan(text: text) }
    #expect(error?.description == "found '\(text)', expected a duration of at most 10 years")
  }

  @Test(arguments: [
    "150000d", "106752d", "213504d", "999999999999999d", "9.99999999999999d9999999999999d", "9223372036854s",
  ])
  func refusesWhatOverflows(_ text: String) {
    #expect(throws: ValueError.self) { try TimeSpan(text: text) }
  }

  @Test func aBareNumberCountsInTheUnitGiven() throws {
    #expect(try TimeSpan(text: "5", bareUnit: .seconds(1)) == .seconds(5))
    #expect(try TimeSpan(text: "1.5", bareUnit: .milliseconds(1)) == .microseconds(1_500))
    #expect(try TimeSpan(text: "5ms", bareUnit: .seconds(1)) == .milliseconds(5))
    #expect(throws: ValueError.self) { try TimeSpan(text: "-5", bareUnit: .seconds(1)) }
    #expect(throws: ValueError.self) { try TimeSpan(text: "1m30", bareUnit: .seconds(1)) }
  }

  @Test(arguments: [
    (0, "0s"), (1, "1ns"), (1_500, "1500ns"), (40_000, "40us"), (1_500_000_000, "1500ms"), (10_000_000_000, "10s"),
    (60_000_000_000, "1m"), (90_061_000_000_000, "25h1m1s"), (3_600_000_000_000, "1h"), (-250_000_000, "-250ms"),
    (Int64.min, "-9223372036854775808ns"),
  ])
  func isWritten(_ nanoseconds: Int64, _ text: String) {
    #expect(TimeSpan(nanoseconds: nanoseconds).description == text)
  }

  @Test func whatIsWrittenReadsBackTheSame() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var source = SplitMix(seed: seed)
    for _ in 0..<2_000 {
      let unit: Int64 = [1, 1_000, 1_000_000, 1_000_000_000, 60_000_000_000][Int(source.next() % 5)]
      let span = TimeSpan(nanoseconds: Int64(source.next() % 1_000_000) * unit)
      try #require(try TimeSpan(text: span.description) == span, "seed \(seed): \(span)")
    }
  }

  @Test func sumsAndUnits() {
    #expect(.seconds(1) + .milliseconds(500) - .microseconds(1) == TimeSpan(nanoseconds: 1_499_999_000))
    #expect(TimeSpan.milliseconds(1) < .seconds(1))
    #expect(TimeSpan(nanoseconds: 1_999).inMicroseconds == 1)
    #expect(TimeSpan(nanoseconds: -1_999).inMicroseconds == -1)
    #expect(TimeSpan.milliseconds(1_500).inSeconds == 1.5)
    #expect(TimeSpan.longest.description == "87600h")
  }

  @Test func instantsDifferBySpans() {
    let start = Instant(nanoseconds: 1_000)
    #expect(start + .microseconds(2) == Instant(nanoseconds: 3_000))
    #expect(start - .microseconds(1) == Instant(nanoseconds: 0))
    #expect((start + .seconds(1)) - start == .seconds(1))
    #expect(start < start + TimeSpan(nanoseconds: 1))
  }
}
