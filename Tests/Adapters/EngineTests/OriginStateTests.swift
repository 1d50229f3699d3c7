import Pacing
import Testing

@testable import Engine

@Suite struct OriginStateTests {
  private static func fresh() -> OriginState { OriginState(cursor: ArrivalCursor(SlotRange(share: 0, of: 1))) }

  @Test func addressesInTurn() {
    var origin = Self.fresh()
    #expect((0..<7).map { _ in origin.choose(of: 3) } == [0, 1, 2, 0, 1, 2, 0])
  }

  @Test func thoseThatRefusedArePassedOver() {
    var origin = Self.fresh()
    origin.refused = 0b010
    #expect((0..<4).map { _ in origin.choose(of: 3) } == [0, 2, 0, 2])
  }

  @Test func whenAllRefusedAllAreTriedAgain() {
    var origin = Self.fresh()
    origin.refused = 0b11
    #expect(origin.choose(of: 2) == 0)
    #expect(origin.refused == 0)
    #expect(origin.choose(of: 2) == 1)
  }

  /// A list that became shorter when it was looked up again.
  @Test func aShorterListStaysInBounds() {
    var origin = Self.fresh()
    for _ in 0..<5 { _ = origin.choose(of: 9) }
    for count in [2, 1, 0, 64, 200] {
      for _ in 0..<250 { #expect(0..<max(count, 1) ~= origin.choose(of: count)) }
    }
  }
}
