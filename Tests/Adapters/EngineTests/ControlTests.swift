import Model
import Testing

@testable import Engine

@Suite struct ControlTests {
  /// A stronger word replaces a weaker one, never the other way round.
  @Test func commandsOnlyGrowStronger() throws {
    let words: [Control.Command] = [.none, .stop, .unreachable, .abort]
    for first in words {
      for second in words {
        let control = try Control(loops: 2)
        control.give(first)
        control.give(second)
        #expect(control.current == (first.rawValue > second.rawValue ? first : second))
      }
    }
  }

  @Test func theFirstCauseOfEachKindIsKept() throws {
    let control = try Control(loops: 1)
    var asked = 0
    func cause(_ text: String) -> String {
      asked += 1
      return text
    }
    for kind in ErrorKind.allCases {
      control.note(kind, cause("first \(kind)"))
      control.note(kind, cause("second \(kind)"))
    }
    #expect(asked == ErrorKind.allCases.count)
    #expect(control.allCauses.count == asked && control.allCauses.allSatisfy { $0.value == "first \($0.key)" })
  }
}
