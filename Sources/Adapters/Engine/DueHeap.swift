/// Users that pause, by when they go on: a binary heap in memory for all of them. Those of the same instant go on in
/// the order in which they came. Adding and taking out cost O(log n).
struct DueHeap {
  private struct Entry {
    var due: Int64
    var user: Int32
    /// Counts up, and over: only the difference tells.
    var number: UInt32

    func isBefore(_ other: Entry) -> Bool {
      due != other.due ? due < other.due : Int32(bitPattern: number &- other.number) < 0
    }
  }

  private let entries: UnsafeMutablePointer<Entry>
  private let capacity: Int
  private var number: UInt32 = 0
  private(set) var count = 0
  /// When the first one goes on; `Int64.max` where nobody pauses.
  private(set) var nextDue = Int64.max

  init(capacity: Int) {
    self.capacity = max(capacity, 1)
    entries = .allocate(capacity: self.capacity)
  }

  func free() { entries.deallocate() }

  /// - Precondition: the user is not in it, and there is room for each user once.
  mutating func push(_ user: Int, due: Int64) {
    precondition(count < capacity)
    let entry = Entry(due: due, user: Int32(user), number: number)
    number &+= 1
    var place = count
    count += 1
    while place > 0 {
      let parent = (place - 1) / 2
      if !entry.isBefore(entries[parent]) { break }
      entries[place] = entries[parent]
      place = parent
    }
    entries[place] = entry
    nextDue = entries[0].due
  }

  /// The user whose turn is next; nil where nobody pauses.
  mutating func pop() -> Int? {
    if count == 0 { return nil }
    let first = entries[0].user
    count -= 1
    if count == 0 {
      nextDue = .max
      return Int(first)
    }
    let last = entries[count]
    var place = 0
    while true {
      var child = 2 * place + 1
      if child >= count { break }
      if child + 1 < count, entries[child + 1].isBefore(entries[child]) { child += 1 }
      if !entries[child].isBefore(last) { break }
      entries[place] = entries[child]
      place = child
    }
    entries[place] = last
    nextDue = entries[0].due
    return Int(first)
  }

  /// Nobody pauses longer than until then.
  mutating func hasten(to instant: Int64) {
    // Lowering what is higher keeps every parent at or below its children; equal ones keep their order by number
    // only as far as the heap had them so, which is good enough for an end.
    for place in 0..<count where entries[place].due > instant { entries[place].due = instant }
    if count > 0 { nextDue = entries[0].due }
  }
}
