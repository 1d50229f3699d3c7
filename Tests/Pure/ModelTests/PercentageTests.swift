import Model
import Testing

@Suite struct PercentageTests {
  @Test(arguments: [
    ("0%", 0, "0%"), ("1%", 10_000_000, "1%"), ("0.05%", 500_000, "0.05%"), ("100%", 1_000_000_000, "100%"),
    ("99.9999999%", 999_999_999, "99.9999999%"), (".5%", 5_000_000, "0.5%"), ("12.50%", 125_000_000, "12.5%"),
  ])
  func readsAndWrites(_ text: String, _ billionths: Int64, _ canonical: String) throws {
    let share = try Percentage(text: text)
    #expect(share.billionths == billionths)
    #expect(share.description == canonical)
    #expect(try Percentage(text: canonical) == share)
  }

  @Test(arguments: ["1", "0.01", "%", "-1%", "101%", "1 %", "1%%", "x%", "100.1%", "999999999999999%"])
  func refuses(_ text: String) {
    let error = #expect(throws: ValueError.self) { try Percentage(text: text) }
    #expect(error?.description == "found '\(text)', expected a percentage from 0% to 100% such as 1% or 0.5%")
  }

  @Test func refusesNothing() {
    let error = #expect(throws: ValueError.self) { try Percentage(text: "") }
    #expect(error?.found == "nothing")
  }

  /// Exactly, however large the numbers.
  @Test(
    arguments: [
      ("1%", 1, 100, false), ("1%", 2, 100, true), ("1%", 0, 0, false), ("0%", 1, .max, true), ("0%", 0, 5, false),
      ("100%", .max, .max, false), ("99.9999999%", .max, .max, true), ("50%", 1 << 62, 1 << 63, false),
      ("50%", 1 << 62 + 1, 1 << 63, true),
    ] as [(String, UInt64, UInt64, Bool)])
  func isExceeded(_ text: String, _ part: UInt64, _ whole: UInt64, _ expected: Bool) throws {
    #expect(try Percentage(text: text).isExceeded(by: part, of: whole) == expected)
  }
}
