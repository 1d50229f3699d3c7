/// Slots in the order in which they run out of time: each list holds one length of time only, so that the newest
/// deadline is always the last and adding and removing cost nothing.
struct DeadlineList {
  var head: Int32 = -1
  var tail: Int32 = -1
  /// The length of time in nanoseconds.
  let length: Int64

  mutating func append(_ slot: Int, _ connections: UnsafeMutablePointer<Connection>) {
    let connection = connections + slot
    connection.pointee.isTimed = true
    connection.pointee.next = -1
    connection.pointee.previous = tail
    if tail >= 0 { connections[Int(tail)].next = Int32(slot) } else { head = Int32(slot) }
    tail = Int32(slot)
  }

  mutating func remove(_ slot: Int, _ connections: UnsafeMutablePointer<Connection>) {
    let connection = connections + slot
    let (next, previous) = (connection.pointee.next, connection.pointee.previous)
    if previous >= 0 { connections[Int(previous)].next = next } else { head = next }
    if next >= 0 { connections[Int(next)].previous = previous } else { tail = previous }
    connection.pointee.isTimed = false
    connection.pointee.next = -1
    connection.pointee.previous = -1
  }
}
