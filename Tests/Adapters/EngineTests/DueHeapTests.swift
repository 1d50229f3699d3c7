import Testing

@testable import Engine

@Suite struct DueHeapTests {
  /// Against a sorted list: earliest first, those of the same instant in their order.
  @Test(arguments: [Dice.seed, 1, 2]) func order(seed: UInt64) {
    var dice = Dice(seed: seed)
    var heap = DueHeap(capacity: 500)
    defer { heap.free() }
    var twin: [(due: Int64, number: Int, user: Int)] = []
    var free = Array(0..<500)
    for number in 0..<20_000 {
      if !free.isEmpty, dice.says(55) {
        let user = free.removeLast()
        let due = Int64.random(in: 0...20, using: &dice)
        heap.push(user, due: due)
        twin.append((due, number, user))
      } else if let first = twin.min(by: { ($0.due, $0.number) < ($1.due, $1.number) }) {
        #expect(heap.nextDue == first.due, "seed \(seed)")
        let user = heap.pop()
        #expect(user == first.user, "seed \(seed)")
        twin.removeAll { $0.user == first.user }
        free.append(first.user)
      } else {
        let nobody = heap.pop()
        #expect(nobody == nil && heap.nextDue == .max)
      }
      #expect(heap.count == twin.count)
    }
  }

  @Test func hasten() {
    var heap = DueHeap(capacity: 4)
    defer { heap.free() }
    for (user, due) in [(0, 50), (1, 5), (2, 70), (3, 60)] { heap.push(user, due: Int64(due)) }
    heap.hasten(to: 10)
    #expect(heap.nextDue == 5)
    let users = (0..<5).map { _ in heap.pop() }
    #expect(users[0] == 1 && Set(users[1...3]) == [0, 2, 3] && users[4] == nil)
  }
}
