import Model
import Scripting

// What users remember: rows of feeds and captured values, in memory that is theirs only where the plan needs it.
extension AttackLoop {
  /// Room for values that a user's memory begins with.
  static let firstValues = 256

  /// The user's memory, made when it is first asked for; nil where the plan has neither feeds nor variables.
  mutating func memory(ofUser user: Int) -> UserMemory? {
    if let memory = users[user].memory { return UserMemory(memory) }
    if table.feedCount == 0, table.variableCount == 0 { return nil }
    let size = table.userMemorySize(values: AttackLoop.firstValues)
    let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 8)
    users[user].memory = memory
    return UserMemory(
      preparing: memory, capacity: size, feeds: table.feedCount, variables: table.variableCount)
  }

  /// More room for a user's values, what is there included.
  mutating func enlargeMemory(ofUser user: Int, to bytes: Int) -> UserMemory? {
    guard let old = memory(ofUser: user) else { return nil }
    let size = max(bytes, old.capacity * 2)
    let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 8)
    let moved = old.moved(to: memory, capacity: size)
    users[user].memory?.deallocate()
    users[user].memory = memory
    return moved
  }

  mutating func releaseMemory(ofUser user: Int) {
    users[user].memory?.deallocate()
    users[user].memory = nil
    users[user].jar?.deallocate()
    users[user].jar = nil
  }

  /// The feeds' rows of an iteration; false where there is none left.
  mutating func takeRows(_ user: Int, iteration: UInt64) -> Bool {
    if table.feedCount == 0 { return true }
    guard let memory = memory(ofUser: user) else { return true }
    return table.takeRows(
      user: users[user].number, iteration: iteration, earlier: users[user].earlier,
      visit: isOpen ? users[user].begins : nil, shared: &sharedRows, into: memory)
  }

  /// What set-up captured stays; what an iteration captures is forgotten at its end.
  mutating func keepSetup(_ user: Int) {
    if users[user].isKept { return }
    users[user].isKept = true
    if let memory = users[user].memory { UserMemory(memory).keep() }
  }
}
