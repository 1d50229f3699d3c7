import Testing

@testable import Engine

@Suite struct DeadlineListTests {
  /// The list against an array, under random appends and removals.
  @Test func itKeepsTheOrderOfAppending() {
    print("deadlines: STAMPEDE_FUZZ_SEED=\(Dice.seed)")
    var dice = Dice(seed: Dice.seed)
    let count = 20
    let connections = UnsafeMutablePointer<Connection>.allocate(capacity: count)
    connections.initialize(repeating: Connection(), count: count)
    defer { connections.deallocate() }
    var list = DeadlineList(length: 5)
    var model: [Int] = []
    for _ in 0..<5_000 {
      let slot = Int.random(in: 0..<count, using: &dice)
      if let place = model.firstIndex(of: slot) {
        #expect(connections[slot].isTimed)
        list.remove(slot, connections)
        model.remove(at: place)
      } else {
        #expect(!connections[slot].isTimed)
        list.append(slot, connections)
        model.append(slot)
      }
      #expect(Self.slots(list, connections) == model)
      #expect(list.tail == Int32(model.last ?? -1))
    }
  }

  private static func slots(_ list: DeadlineList, _ connections: UnsafeMutablePointer<Connection>) -> [Int] {
    var found: [Int] = []
    var (slot, before) = (list.head, Int32(-1))
    while slot >= 0, found.count < 100 {
      if connections[Int(slot)].previous != before { return [] }
      found.append(Int(slot))
      (slot, before) = (connections[Int(slot)].next, slot)
    }
    return found
  }
}
