import Testing

@testable import Model

@Suite struct DecimalTests {
  @Test(arguments: [
    ("12", 12, 0), ("1.5", 15, 1), (".5", 5, 1), ("5.", 5, 0), ("0", 0, 0), ("999999999999999", 999_999_999_999_999, 0),
    ("0.00000000000001", 1, 14),
  ])
  func reads(_ text: String, _ digits: Int64, _ places: Int) throws {
    let decimal = try #require(Decimal(Substring(text)))
    #expect(decimal.digits == digits && decimal.places == places)
  }

  @Test(arguments: ["", ".", "-1", "+1", "1e3", "1.2.3", "1 ", "x", "٣", "1234567890123456"])
  func refuses(_ text: String) { #expect(Decimal(Substring(text)) == nil) }

  @Test(arguments: [
    ("1.5", 1_000_000_000, 1_500_000_000), ("0.1", 10, 1), ("0.19", 10, 1),
    ("999999999999999", 9_223, 9_222_999_999_999_990_777),
    ("0.00000000000001", 1_000_000_000, 0),
  ])
  func scales(_ text: String, _ scale: Int64, _ whole: Int64) {
    #expect(Decimal(Substring(text))?.scaled(by: scale) == whole)
  }

  /// Beyond 63, beyond 64 and beyond 127 bits.
  @Test(arguments: [
    ("999999999999999", Int64(9_224)), ("999999999999999", 18_446), ("999999999999999", 18_447),
    ("999999999999999", .max), ("1.9", .max),
  ])
  func refusesWhatOverflows(_ text: String, _ scale: Int64) {
    #expect(Decimal(Substring(text))?.scaled(by: scale) == nil)
  }
}
