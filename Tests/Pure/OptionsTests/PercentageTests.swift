import Model
import Testing

@Suite struct PercentageTests {
  @Test(arguments: [
    ("1%", Int64(10_000_000), "1%"), ("0.5%", 5_000_000, "0.5%"), ("100%", 1_000_000_000, "100%"), ("0%", 0, "0%"),
    ("0.0000001%", 1, "0.0000001%"), ("12.50%", 125_000_000, "12.5%"),
  ]) func isReadExactly(_ text: String, _ billionths: Int64, _ written: String) throws {
    let share = try Percentage(text: text)
    #expect(share.billionths == billionths)
    #expect(share.description == written)
  }

  @Test(arguments: ["", "%", "1", "0.01", "-1%", "101%", "1 %", "1%%", "99999999999999999999%"])
  func anythingElseIsRefused(_ text: String) {
    #expect(throws: ValueError.self) { try Percentage(text: text) }
  }

  @Test func isExceededOnlyByMore() throws {
    let one = try Percentage(text: "1%")
    #expect(!one.isExceeded(by: 1, of: 100))
    #expect(one.isExceeded(by: 2, of: 199))
    #expect(!one.isExceeded(by: 0, of: 0))
    #expect(!(try Percentage(text: "100%")).isExceeded(by: .max, of: .max))
    #expect((try Percentage(text: "99.9999999%")).isExceeded(by: .max, of: .max))
    #expect(try Percentage(text: "0%").isExceeded(by: 1, of: .max))
  }
}
