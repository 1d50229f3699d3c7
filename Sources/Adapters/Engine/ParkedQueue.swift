/// Requests that lost their kept-alive connection before a reply and wait to be sent once more; first come, first
/// served. There is room for as many as connections; who finds it full gives up instead.
struct ParkedQueue {
  private let entries: UnsafeMutablePointer<Request>
  private let capacity: Int
  private var first = 0
  private(set) var count = 0

  init(capacity: Int) {
    self.capacity = max(capacity, 1)
    entries = .allocate(capacity: self.capacity)
  }

  var isFull: Bool { count == capacity }

  func free() { entries.deallocate() }

  /// - Precondition: it is not full.
  mutating func append(_ request: Request) {
    entries[(first + count) % capacity] = request
    count += 1
  }

  /// Takes out the first that fits; nil where none does.
  mutating func removeFirst(where fits: (Request) -> Bool) -> Request? {
    for place in 0..<count {
      let request = entries[(first + place) % capacity]
      if !fits(request) { continue }
      // Those before it move up by one; almost always there are none.
      for earlier in stride(from: place, to: 0, by: -1) {
        entries[(first + earlier) % capacity] = entries[(first + earlier - 1) % capacity]
      }
      first = (first + 1) % capacity
      count -= 1
      return request
    }
    return nil
  }
}
