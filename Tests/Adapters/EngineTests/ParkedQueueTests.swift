import Testing

@testable import Engine

@Suite struct ParkedQueueTests {
  /// The queue against an array, under random appends and removals of requests of three origins.
  @Test func firstComeFirstServedForEachOrigin() {
    print("parked: STAMPEDE_FUZZ_SEED=\(Dice.seed)")
    var dice = Dice(seed: Dice.seed)
    var queue = ParkedQueue(capacity: 7)
    defer { queue.free() }
    var model: [Request] = []
    for number in 0..<5_000 {
      #expect(queue.isFull == (model.count == 7))
      if !queue.isFull, dice.says(55) {
        let request = Request(target: UInt32.random(in: 0..<3, using: &dice), intended: Int64(number))
        queue.append(request)
        model.append(request)
      } else {
        let wanted = UInt32.random(in: 0..<3, using: &dice)
        let place = model.firstIndex { $0.target == wanted }
        #expect(queue.removeFirst { $0.target == wanted }?.intended == place.map { model[$0].intended })
        if let place { model.remove(at: place) }
      }
      #expect(queue.count == model.count)
    }
  }
}
