import Model
import Testing

@Suite struct RateTests {
  private static let expected = "a rate above zero such as 500/s, 30000/m or 500"

  @Test(arguments: [
    ("500/s", 500, 1_000_000_000), ("500/1s", 500, 1_000_000_000), ("30000/m", 30_000, 60_000_000_000),
    ("500", 500, 1_000_000_000), ("0.5/s", 5, 10_000_000_000), ("7/2s", 7, 2_000_000_000),
    ("1/h", 1, 3_600_000_000_000),
    ("5/.5s", 5, 500_000_000), ("5/100ms", 5, 100_000_000), ("2/1h30m", 2, 5_400_000_000_000),
    ("1.25", 125, 100_000_000_000),
    ("100000000/s", 100_000_000, 1_000_000_000),
  ])
  func reads(_ text: String, _ count: Int64, _ nanoseconds: Int64) throws {
    let rate = try Rate(text: text)
    #expect(rate.count == count && rate.per.nanoseconds == nanoseconds)
  }

  @Test(arguments: [
    "0", "0/s", "-5", "-5/s", "x", "/s", "5/", "5/x", "5/-1s", "5/s/s", "5 /s", "5/ s", "0.000000000000001/h", "5/5",
    "1/88000h", "0.0001/87600h", "1e3", "5/²s",
  ])
  func refusesWhatIsNoRate(_ text: String) {
    let error = #expect(throws: ValueError.self) { try Rate(text: text) }
    #expect(error?.description == "found '\(text)', expected \(RateTests.expected)")
  }

  @Test func refusesNothing() {
    let error = #expect(throws: ValueError.self) { try Rate(text: "") }
    #expect(error?.description == "found nothing, expected \(RateTests.expected)")
  }

  @Test(arguments: [("5/0s", "'5/0s'"), ("100000001/s", "'100000001/1s'"), ("1/1ns", "'1/1ns'")])
  func refusesWhatIsOutOfRange(_ text: String, _ found: String) {
    let error = #expect(throws: ValueError.self) { try Rate(text: text) }
    #expect(error?.found == found)
  }

  @Test func tooHighARateNamesTheHighest() {
    let error = #expect(throws: ValueError.self) { try Rate(text: "100000001/s") }
    #expect(error?.description == "found '100000001/1s', expected at most 100000000/s")
    #expect(throws: ValueError.self) { try Rate(count: 0, per: .seconds(1)) }
    #expect(throws: ValueError.self) { try Rate(count: 1, per: TimeSpan(nanoseconds: -1)) }
  }

  @Test(arguments: ["500/s", "30000/m", "7/2s", "15/10s", "1/1h", "1/100ms"])
  func isWrittenAsItReads(_ text: String) throws {
    let rate = try Rate(text: text)
    #expect(rate.description == text)
    #expect(try Rate(text: rate.description) == rate)
  }

  @Test func aSecond() throws {
    #expect(try Rate(text: "30000/m").perSecond == 500)
    #expect(Rate.perSecond(50) == (try Rate(text: "50")))
    #expect(Rate.perSecond(0).count == 1)
    #expect(Rate.perSecond(.max).count == 100_000_000)
  }
}
