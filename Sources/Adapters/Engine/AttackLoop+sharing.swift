import Model

// Users that share connections: one that nobody uses is taken last in first out, users wait first come first served.
extension AttackLoop {
  mutating func share(_ user: Int, _ origin: Int) {
    if origins[origin].waiting == 0, origins[origin].parked == 0, let slot = popIdle(origin) {
      connections[slot].request = users[user].request
      send(slot)
      return
    }
    users[user].next = -1
    if origins[origin].lastUser >= 0 {
      users[Int(origins[origin].lastUser)].next = Int32(user)
    } else {
      origins[origin].firstUser = Int32(user)
    }
    origins[origin].lastUser = Int32(user)
    origins[origin].waiting += 1
    waiting += 1
    openConnections(for: origin)
    if isShort { facts.capped += 1 }
  }

  /// The request of the user that has waited longest for this origin.
  mutating func popWaitingUser(_ origin: Int) -> Request? {
    let user = Int(origins[origin].firstUser)
    if user < 0 { return nil }
    origins[origin].firstUser = users[user].next
    if users[user].next < 0 { origins[origin].lastUser = -1 }
    users[user].next = -1
    origins[origin].waiting -= 1
    waiting -= 1
    return users[user].request
  }

  /// Nanoseconds from one to the next, rounded up.
  static func gap(_ limit: Rate) -> Int64 {
    let (whole, rest) = limit.per.nanoseconds.quotientAndRemainder(dividingBy: limit.count)
    return whole + (rest > 0 ? 1 : 0)
  }
}
