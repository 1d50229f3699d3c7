import EventLoop
import Model
import Scripting

// The closed model: a user's next request is due at the end of the one before, after its pause.
extension AttackLoop {
  /// A user whose connection could not be made waits so long; without it, a refusing target would be asked as fast as
  /// the machine can.
  static let pauseAfterRefusal: Int64 = 100_000_000

  mutating func startUsers() {
    usersMade = userCount
    usersAlive = userCount
    for user in 0..<userCount {
      users[user].number = UInt64(load.firstUser + user * load.userStride)
      users[user].intended = start
      pauses.push(user, due: start)
    }
  }

  /// Lets users go on whose pause has ended, up to a bound, so that replies are looked at between.
  mutating func endPauses() {
    var most = 32
    while pauses.nextDue <= now, most > 0, let user = pauses.pop() {
      if users[user].errand == .come {
        come(user)
      } else if isPlain {
        // A user begins when the loop gets to it: its first request is due then, for it ends no earlier one.
        beginRequest(ofUser: user, intended: users[user].iteration == 0 ? now : users[user].intended)
      } else {
        resume(user)
      }
      now = MonotonicClock.now().nanoseconds
      most -= 1
    }
  }

  /// Whether the bound on requests leaves any.
  @inline(__always)
  mutating func hasRequests() -> Bool { requestsLeft > 0 || takeRequests() }

  @inline(never)
  private mutating func takeRequests() -> Bool {
    requestsLeft = control.budget?.take() ?? .max
    return requestsLeft > 0
  }

  /// A user has gone: what the loop has taken ahead is for others where it was the last one.
  mutating func returnRequests() {
    guard usersAlive == 0, let budget = control.budget else { return }
    budget.giveBack(requestsLeft)
    requestsLeft = 0
  }

  /// Whether nobody may send any more, for the bound is reached.
  var isBoundReached: Bool { requestsLeft == 0 && control.budget?.isEmpty == true }

  /// One request is a whole iteration, and no pause follows it.
  mutating func beginRequest(ofUser user: Int, intended: Int64) {
    if endedAt != .max || now >= planEnd || !hasRequests() || now >= users[user].leaves {
      usersAlive -= 1
      if hasPopulation, !isBoundReached { makeRoomForNext(user) }
      returnRequests()
      return
    }
    if !mayBegin() {
      users[user].intended = now + AttackLoop.pauseAfterRefusal
      pauses.push(user, due: users[user].intended)
      return
    }
    requestsLeft -= 1
    let target = drawChoice(users[user].iteration, stream: users[user].number &+ 1)
    users[user].iteration &+= 1
    countArrival(intended: intended, isPlanned: false)
    noteLateness(now - intended, intended: intended)
    countStarted(target, intended: intended)
    users[user].request = Request(target: UInt32(target), user: Int32(user), intended: intended, woke: now)
    dispatch(user)
  }

  /// The user's request is to be sent now: on its own connection, or on one that nobody uses.
  mutating func dispatch(_ user: Int) {
    users[user].isBusy = true
    busyUsers += 1
    let origin = origin(of: users[user].request)
    if isShared { return share(user, origin) }
    if let slot = idleConnection(ofUser: user, to: origin) {
      connections[slot].request = users[user].request
      send(slot)
    } else {
      connect(user, to: origin)
    }
  }

  mutating func idleConnection(ofUser user: Int, to origin: Int) -> Int? {
    var slot = Int(users[user].connection)
    while slot >= 0 {
      if Int(connections[slot].origin) == origin, connections[slot].state == .idle { return slot }
      slot = Int(connections[slot].nextOfUser)
    }
    return nil
  }

  mutating func connect(_ user: Int, to origin: Int) {
    // At its share of the cap, a connection of its own to somewhere else gives way.
    let other = Int(users[user].connection)
    if users[user].open >= connectionsPerUser, other >= 0 { release(other, byReset: true) }
    if openConnection(to: origin, user: Int32(user)) { return }
    blame(.descriptors, "no connection left for a user (\(capacity) in this loop); raise --connections")
    if isGuarded { noteFailure(origin, .descriptors) }
    completeFailed(users[user].request, .descriptors, sent: 0)
    endRequest(ofUser: user, .failed, after: AttackLoop.pauseAfterRefusal)
  }

  /// The user's request has its outcome: the next one begins, at once or after a pause.
  ///
  /// - Parameter isReply: it was a reply, so that whatever follows can't end up here again before the next one.
  mutating func endRequest(
    ofUser user: Int, _ outcome: Course.Outcome, isReply: Bool = false, after pause: Int64 = 0
  ) {
    if users[user].isBusy {
      users[user].isBusy = false
      busyUsers -= 1
    }
    if !isPlain { return endStep(ofUser: user, outcome, isReply: isReply, after: pause) }
    if pause > 0, endedAt == .max {
      users[user].intended = now + pause
      pauses.push(user, due: now + pause)
    } else {
      beginRequest(ofUser: user, intended: now)
    }
  }

  /// Sends the user's request once more, on a new connection.
  mutating func resend(ofUser user: Int, sent: Int64) {
    users[user].request.resent = true
    if users[user].request.firstSent == 0 { users[user].request.firstSent = sent }
    connect(user, to: origin(of: users[user].request))
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
