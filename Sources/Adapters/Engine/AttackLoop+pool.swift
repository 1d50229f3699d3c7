import EventLoop
import Measuring
import Model
import Pacing
import Scripting

// The open model with scenarios: each arrival takes a user from a pool and goes through one iteration with it.
extension AttackLoop {
  /// An arrival is due: it gets a user, or waits for one.
  mutating func takeUpVisit(_ place: ArrivalCursor, intended: Int64) {
    if poolWaiting == 0, let user = popUser() {
      begin(user, place.arrival, intended: intended, woke: now)
      return
    }
    if poolWaiting == 0 { poolCursor = place }
    poolWaiting += 1
    waiting += 1
    ring.note(place.arrival, woke: now)
    facts.capped += 1
  }

  /// The last one that came free, else a new one, as far as the cap reaches.
  private mutating func popUser() -> Int? {
    if freeUsers >= 0 {
      let user = Int(freeUsers)
      freeUsers = users[user].next
      users[user].next = -1
      return user
    }
    if usersMade == userCount { return nil }
    (users + usersMade).initialize(to: User())
    usersMade += 1
    usersAlive += 1
    return usersMade - 1
  }

  private mutating func begin(_ user: Int, _ arrival: UInt64, intended: Int64, woke: Int64) {
    if !give(user, arrival, intended: intended, woke: woke) { return }
    goOn(user, from: intended)
  }

  /// The arrival is the user's now; false where a feed has no row left for it, and it is never sent.
  private mutating func give(
    _ user: Int, _ arrival: UInt64, intended: Int64, woke: Int64, isFree: Bool = true
  ) -> Bool {
    users[user].number = arrival
    if !takeRows(user, iteration: 0) {
      leaveUnsent(arrival, intended: intended)
      if isFree {
        users[user].next = freeUsers
        freeUsers = Int32(user)
      }
      return false
    }
    countArrival(intended: intended, isPlanned: true)
    users[user].begins &+= 1
    users[user].begun = intended
    users[user].woke = woke
    users[user].lastStep = -1
    users[user].hasArrival = true
    forgetCookies(ofUser: user)
    return true
  }

  private mutating func leaveUnsent(_ arrival: UInt64, intended: Int64) {
    if intended < measuredFrom { warmUpCounts.unsent += 1 } else { counts.unsent += 1 }
    bank(at: intended).record(
      Int(targets[firstTarget(of: arrival)].name), .censored, BucketedTime(nanoseconds: now - intended))
  }

  /// A user that is set up begins the iteration of its arrival, or takes the next one that waits; false where there is
  /// none, and it went back to the pool.
  mutating func takeArrival(_ user: Int) -> Bool {
    if users[user].hasArrival {
      users[user].hasArrival = false
      users[user].course.beginIteration(0, scenario: drawChoice(users[user].number), table)
      return true
    }
    return freeUser(user)
  }

  /// The user is free: it takes the arrival that has waited longest, or goes to the pool, or leaves at the end.
  ///
  /// - Returns: whether its course is to be asked on at once.
  mutating func freeUser(_ user: Int) -> Bool {
    users[user].hasArrival = false
    while let visit = popVisit() {
      if !give(user, visit.arrival, intended: visit.intended, woke: visit.woke, isFree: false) { continue }
      // In the next turn: a visit that ends at once must not lead to the next within itself.
      users[user].errand = .goOn
      users[user].intended = visit.intended
      pauses.push(user, due: now)
      return false
    }
    if endedAt != .max {
      leave(user)
      return true
    }
    users[user].next = freeUsers
    freeUsers = Int32(user)
    return false
  }

  private mutating func popVisit() -> (arrival: UInt64, intended: Int64, woke: Int64)? {
    if poolWaiting == 0 { return nil }
    let place = poolCursor
    let arrival = place.arrival
    poolCursor.advance()
    poolWaiting -= 1
    waiting -= 1
    let intended = dueWaiting(place)
    let woke = ring.woke(arrival, intended: intended)
    if poolWaiting == 0 { ring.clear() }
    return (arrival, intended, woke)
  }

  /// Arrivals that wait for a user are never taken up.
  mutating func giveUpVisits() {
    while let visit = popVisit() { leaveUnsent(visit.arrival, intended: visit.intended) }
  }

  /// What an arrival sends first, as far as that can be told without sending anything.
  mutating func firstTarget(of arrival: UInt64) -> Int {
    let choice = drawChoice(arrival)
    return isPlain ? choice : table[step: table[scenario: choice].steps.lowerBound].target
  }

  /// The plan has ended: users in the pool have nothing more to do.
  mutating func emptyPool() {
    while freeUsers >= 0 {
      let user = Int(freeUsers)
      freeUsers = users[user].next
      users[user].next = -1
      leave(user)
      pause(user, until: now, .goOn)
    }
  }
}
