/// When waiting arrivals were taken up, in constant memory: one entry per turn of the loop, not per arrival.
///
/// Arrivals are taken up in order, many a turn. An entry says "from this arrival on, until the next entry's, at this
/// instant". When a backlog outlasts the ring, every second entry is dropped: an arrival then counts as taken up with
/// the turn before, at most a few turns early, and never before it was due.
struct WokeRing {
  private struct Entry {
    var arrival: UInt64
    var woke: Int64
  }

  private let entries: UnsafeMutablePointer<Entry>
  private let capacity: Int
  private var count = 0

  init(capacity: Int = 8_192) {
    self.capacity = capacity
    entries = .allocate(capacity: capacity)
  }

  func free() { entries.deallocate() }

  /// Forgets everything; for when nothing waits.
  mutating func clear() { count = 0 }

  /// Notes that the arrival, and those after it, were taken up at the instant.
  mutating func note(_ arrival: UInt64, woke: Int64) {
    // A step finer than 10 µs would tell nothing and fill the ring.
    if count > 0, woke - entries[count - 1].woke < 10_000 { return }
    if count == capacity {
      for index in 0..<capacity / 2 { entries[index] = entries[index * 2] }
      count = capacity / 2
    }
    entries[count] = Entry(arrival: arrival, woke: woke)
    count += 1
  }

  /// When the arrival, due at `intended`, was taken up.
  func woke(_ arrival: UInt64, intended: Int64) -> Int64 {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].arrival <= arrival { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? intended : max(intended, entries[low - 1].woke)
  }
}
