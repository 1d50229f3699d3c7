import Model
import Pacing

// Users over time: each comes when the shape's level reaches it, and goes with its current iteration once the level has
// fallen below it. One that comes again, or in the place of one that has done its iterations, is somebody else.
extension AttackLoop {
  /// Whether users come and go with a shape.
  var hasPopulation: Bool { load.population != nil }

  /// All users of this loop wait for the instant at which each is wanted first. Before the start: of many users this
  /// takes a while.
  mutating func startPopulation() {
    usersMade = userCount
    for user in 0..<userCount {
      users[user].number = UInt64(load.firstUser + user * load.userStride)
      waitForTurn(user, from: .zero)
    }
  }

  /// The user is not there; it comes when the level, seen from that time on, reaches it.
  private mutating func waitForTurn(_ user: Int, from time: TimeSpan) {
    guard let population = load.population else { return }
    let number = load.firstUser + user * load.userStride
    var comes: TimeSpan? = time
    if !population.has(number, at: time) { comes = population.nextChange(of: number, after: time) }
    guard let comes, comes < load.end, endedAt == .max, !isBoundReached else { return }
    users[user].errand = .come
    usersAway += 1
    pauses.push(user, due: start + comes.nanoseconds)
  }

  /// The user is wanted: it is there from now on, and until the level falls below it.
  mutating func come(_ user: Int) {
    usersAway -= 1
    users[user].errand = .goOn
    if endedAt != .max || now >= planEnd { return }
    let number = load.firstUser + user * load.userStride
    let time = TimeSpan(nanoseconds: max(0, now - start))
    guard let population = load.population, population.has(number, at: time) else {
      // The loop was late, and the level has fallen again meanwhile.
      return waitForTurn(user, from: time)
    }
    users[user].leaves = population.nextChange(of: number, after: time).map { start + $0.nanoseconds } ?? .max
    usersAlive += 1
    users[user].intended = now
    if isPlain { return beginRequest(ofUser: user, intended: now) }
    takeFirstRows(user)
    goOn(user, from: now)
  }

  /// The user has gone: its place is taken again when the level asks for it, which may be at once.
  mutating func makeRoomForNext(_ user: Int) {
    releaseMemory(ofUser: user)
    while users[user].connection >= 0 { release(Int(users[user].connection), byReset: true) }
    let number = users[user].number
    // One that could not begin anything would be followed as fast as the machine can.
    let rest = isPlain || users[user].begins > 0 ? 0 : AttackLoop.pauseAfterRefusal
    // A sign-in has used the row of an iteration that may never have begun.
    let earlier = users[user].earlier &+ max(users[user].begins, table.setup.isEmpty ? 0 : 1)
    users[user] = User()
    users[user].earlier = earlier
    users[user].number = number &+ UInt64(load.everyone)
    waitForTurn(user, from: TimeSpan(nanoseconds: max(0, now - start) + rest))
  }
}
