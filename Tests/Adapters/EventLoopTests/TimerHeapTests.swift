import Model
import Testing

@testable import EventLoop

@Suite struct TimerHeapTests {
  /// Splitmix64, so that a failure can be repeated from its seed.
  struct Random: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func timersComeOutInOrderWhateverIsMovedOrRemoved(seed: UInt64) throws {
    var random = Random(state: seed)
    let loop = try Loop(inbox: Inbox())
    let timers = (0..<200).map { _ in loop.timer {} }
    var heap = TimerHeap()
    var model: [ObjectIdentifier: Int64] = [:]
    for _ in 0..<5000 {
      let timer = timers[Int.random(in: 0..<200, using: &random)]
      switch Int.random(in: 0..<4, using: &random) {
      case 0, 1:
        let key = Int64.random(in: 0..<1000, using: &random)
        heap.insert(timer, at: key)
        model[ObjectIdentifier(timer)] = key
      case 2:
        heap.remove(timer)
        model[ObjectIdentifier(timer)] = nil
      default:
        let now = Int64.random(in: 0..<200, using: &random)
        let least = model.values.min()
        let taken = heap.takeDue(now: now)
        #expect(taken?.key == (least.map { $0 <= now } == true ? least : nil), "seed \(seed)")
        if let taken { model[ObjectIdentifier(taken)] = nil }
      }
      try #require(heap.count == model.count && heap.earliest == model.values.min(), "seed \(seed)")
    }
  }
}
