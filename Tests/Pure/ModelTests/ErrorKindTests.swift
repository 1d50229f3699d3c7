import Model
import Testing

@Suite struct ErrorKindTests {
  @Test func wordsAreUniqueAndPlain() {
    let words = ErrorKind.allCases.map(\.word)
    #expect(Set(words).count == words.count)
    #expect(words.allSatisfy { $0.allSatisfy { $0.isLowercase || $0 == "_" } })
    #expect(ErrorKind.allCases.map(\.rawValue) == Array(1...17))
  }

  @Test func onlyGivenUpTimesAreBounds() {
    #expect(ErrorKind.allCases.filter(\.isCensored) == [.timeout, .cutOff, .neverSent, .connectTimeout])
    #expect(ErrorKind.allCases.filter(\.isOurs) == [.ports, .descriptors])
  }
}
