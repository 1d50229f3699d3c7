import EventLoop
import Model

/// A virtual user of the closed model: it has one request at a time, and sends the next when that has ended.
struct User {
  /// The first of its connections (one for each origin it has talked to); −1 for none.
  var connection: Int32 = -1
  /// How many there are.
  var open: Int32 = 0
  var isBusy = false
  var request = Request()
  /// Requests begun so far; says what is sent next.
  var iteration: UInt64 = 0
  /// When its pause ends, and the user that paused after it.
  var resumesAt: Int64 = 0
  var nextPaused: Int32 = -1
}

/// Users that pause, in the order in which they go on; all pauses are equally long.
struct PauseList {
  var head: Int32 = -1
  var tail: Int32 = -1
  /// When the first one goes on.
  var nextDue: Int64 = .max

  mutating func append(_ user: Int, until: Int64, _ users: UnsafeMutablePointer<User>) {
    users[user].resumesAt = until
    users[user].nextPaused = -1
    if tail >= 0 { users[Int(tail)].nextPaused = Int32(user) } else { head = Int32(user) }
    tail = Int32(user)
    nextDue = users[Int(head)].resumesAt
  }

  mutating func removeFirst(_ users: UnsafeMutablePointer<User>) -> Int {
    let user = Int(head)
    head = users[user].nextPaused
    if head < 0 { tail = -1 }
    nextDue = head < 0 ? .max : users[Int(head)].resumesAt
    return user
  }
}

// The closed model: a user's next request is intended at the end of the one before.
extension AttackLoop {
  /// A user whose connection could not be made waits so long; without it, a refusing target would be asked as fast as
  /// the machine can.
  static let pauseAfterRefusal: Int64 = 100_000_000

  mutating func startUsers() {
    usersAlive = userCount
    for user in 0..<userCount { pauses.append(user, until: start, users) }
  }

  /// Lets users go on whose pause has ended, up to a bound, so that replies are looked at between.
  mutating func endPauses() {
    var most = 32
    while pauses.nextDue <= now, most > 0 {
      let user = pauses.removeFirst(users)
      // A user begins when the loop gets to it: its first request is due then, for it ends no earlier one.
      let isFirst = users[user].iteration == 0
      beginRequest(ofUser: user, intended: isFirst ? now : users[user].resumesAt)
      now = MonotonicClock.now().nanoseconds
      most -= 1
    }
  }

  mutating func beginRequest(ofUser user: Int, intended: Int64) {
    if endedAt != .max || now >= planEnd || requestsLeft == 0 {
      usersAlive -= 1
      return
    }
    if !mayBegin() {
      pauses.append(user, until: now + AttackLoop.pauseAfterRefusal, users)
      return
    }
    requestsLeft -= 1
    let stream = UInt64(load.firstUser + user * load.userStride) &+ 1
    let target = drawTarget(users[user].iteration, stream: stream)
    users[user].iteration &+= 1
    countArrival(intended: intended, isPlanned: false)
    noteLateness(now - intended, intended: intended)
    countStarted(target, intended: intended)
    let request = Request(target: UInt32(target), intended: intended, woke: now)
    users[user].request = request
    users[user].isBusy = true
    busyUsers += 1
    let origin = Int(targets[target].origin)
    if let slot = idleConnection(ofUser: user, to: origin) {
      connections[slot].request = request
      send(slot)
    } else {
      connect(user, to: origin)
    }
  }

  private mutating func idleConnection(ofUser user: Int, to origin: Int) -> Int? {
    var slot = Int(users[user].connection)
    while slot >= 0 {
      if Int(connections[slot].origin) == origin, connections[slot].state == .idle { return slot }
      slot = Int(connections[slot].nextOfUser)
    }
    return nil
  }

  private mutating func connect(_ user: Int, to origin: Int) {
    // At its share of the cap, a connection of its own to somewhere else gives way.
    let other = Int(users[user].connection)
    if users[user].open >= connectionsPerUser, other >= 0 { release(other, byReset: true) }
    if openConnection(to: origin, user: Int32(user)) { return }
    control.note(.descriptors, "no connection left for a user (\(capacity) in this loop); raise --connections")
    completeFailed(users[user].request, .descriptors, sent: 0)
    endRequest(ofUser: user, pausing: true)
  }

  /// The user's request has its outcome: the next one begins, at once or after a pause.
  mutating func endRequest(ofUser user: Int, pausing: Bool) {
    if users[user].isBusy {
      users[user].isBusy = false
      busyUsers -= 1
    }
    if pausing, endedAt == .max {
      pauses.append(user, until: now + AttackLoop.pauseAfterRefusal, users)
    } else {
      beginRequest(ofUser: user, intended: now)
    }
  }

  /// Sends the user's request once more, on a new connection.
  mutating func resend(ofUser user: Int, sent: Int64) {
    users[user].request.resent = true
    users[user].request.firstSent = sent
    connect(user, to: Int(targets[Int(users[user].request.target)].origin))
  }

  mutating func unlinkFromUser(_ slot: Int) {
    let user = Int(connections[slot].user)
    if user < 0 { return }
    if Int(users[user].connection) == slot {
      users[user].connection = connections[slot].nextOfUser
    } else {
      var before = Int(users[user].connection)
      while before >= 0 {
        let next = Int(connections[before].nextOfUser)
        if next == slot {
          connections[before].nextOfUser = connections[slot].nextOfUser
          break
        }
        before = next
      }
    }
    users[user].open -= 1
    connections[slot].nextOfUser = -1
    connections[slot].user = -1
  }
}
