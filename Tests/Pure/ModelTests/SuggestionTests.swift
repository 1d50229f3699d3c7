import Model
import Testing

@Suite struct SuggestionTests {
  static let words = ["method", "headers", "timeout", "weight", "url", "keep_alive", "body"]

  @Test(arguments: [
    ("metod", "method"), ("Timeout", "timeout"), ("wieght", "weight"), ("header", "headers"),
    ("keep-alive", "keep_alive"),
    ("urls", "url"), ("bdoy", "body"), ("tiemouts", "timeout"),
  ])
  func near(word: String, expected: String) {
    #expect(Suggestion.nearest(to: word, among: SuggestionTests.words) == expected)
    #expect(Suggestion.clause(for: word, among: SuggestionTests.words) == " (did you mean '\(expected)'?)")
  }

  @Test(arguments: ["", "x", "concurrency", "abc", String(repeating: "method", count: 50)])
  func notNear(word: String) {
    #expect(Suggestion.nearest(to: word, among: SuggestionTests.words) == nil)
    #expect(Suggestion.clause(for: word, among: SuggestionTests.words) == "")
  }

  @Test func theNearestOfSeveral() {
    #expect(Suggestion.nearest(to: "user", among: ["usher", "users", "user"]) == "user")
    #expect(Suggestion.nearest(to: "rate", among: ["rates", "race"]) == "rates", "of equals the first")
  }
}
