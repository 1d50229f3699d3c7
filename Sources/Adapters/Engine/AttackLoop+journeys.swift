import EventLoop
import Measuring
import Model
import Pacing
import Scripting

// Users that go through scenarios of steps: what each sends next, and when that is due.
extension AttackLoop {
  /// A user's pause has ended.
  mutating func resume(_ user: Int) {
    if users[user].course.phase == .new, users[user].begins == 0, users[user].lastIntended == .min, !isOpen {
      // A user begins when the loop gets to it: its first request is due then, for it ends no earlier one.
      users[user].intended = now
      takeFirstRows(user)
    }
    switch users[user].errand {
    case .goOn: goOn(user, from: users[user].intended)
    case .send: sendStep(user)
    case .come: come(user)
    case .again: sendAgain(user)
    }
  }

  /// A sign-in may use the data of the first iteration, which then keeps it. A user without any leaves.
  mutating func takeFirstRows(_ user: Int) {
    if table.setup.isEmpty { return }
    users[user].hasRows = takeRows(user, iteration: 0)
    if !users[user].hasRows { leave(user) }
  }

  /// Asks the user's course what is next, its last response (or pause) having ended at `end`.
  mutating func goOn(_ user: Int, from end: Int64) {
    while true {
      switch users[user].course.next(table) {
      case .send(let step): return plan(step, ofUser: user, from: end)
      case .decide(let step): users[user].course.answer(holds(step, ofUser: user))
      case .setupBroke:
        if !setupBroke(user, end) { return }
      case .rest:
        if !beginIteration(user, end) { return }
      case .iterationEnded(let scenario, let failed, let sent):
        if sent == 0 { startIteration(user, scenario, end) }
        if let memory = users[user].memory { UserMemory(memory).forget() }
        endIteration(user, scenario, isFailed: failed, end)
        if sent == 0, !isOpen {
          // No condition held: without a pause, nothing would be sent as fast as the machine can.
          return pause(user, until: end + AttackLoop.pauseAfterRefusal, .goOn)
        }
      case .over: return retire(user)
      }
    }
  }

  mutating func pause(_ user: Int, until due: Int64, _ errand: User.Errand) {
    users[user].errand = errand
    users[user].intended = due
    pauses.push(user, due: due)
  }

  /// Whether the user has nothing more to begin. In the open model iterations that were due in time go on to their end.
  private mutating func mustLeave(_ user: Int) -> Bool {
    if isOpen { return endedAt != .max && reason != .planEnded }
    return endedAt != .max || now >= planEnd
  }

  /// The step is due at the end of the one before, after its pause, and no earlier than the user's limit allows.
  private mutating func plan(_ step: Int, ofUser user: Int, from end: Int64) {
    var due = end
    if users[user].lastStep >= 0 {
      due += table.pause(
        after: Int(users[user].lastStep), user: users[user].number, iteration: users[user].drawIteration,
        stepRun: users[user].run)
      if due < end { due = .max / 2 }
    }
    if userGap > 0, users[user].lastIntended != .min { due = max(due, users[user].lastIntended + userGap) }
    // Nobody awaits an instant after the end.
    if due > now, endedAt != .max, mustLeave(user) { due = now }
    users[user].intended = due
    if due <= now { sendStep(user) } else { pause(user, until: due, .send) }
  }

  private mutating func holds(_ step: Int, ofUser user: Int) -> Bool {
    table.isSent(
      step: step, user: users[user].number, iteration: users[user].course.drawIteration, memory: memory(ofUser: user),
      status: users[user].course.sent == 0 ? 0 : Int(users[user].status))
  }

  /// The user's step is due: it is sent, unless nothing may begin (any more).
  private mutating func sendStep(_ user: Int) {
    guard case .send(let step) = users[user].course.next(table) else { return }
    let isTeardown = users[user].course.phase == .teardown
    // One that waits for the first step of an iteration when the level falls has not begun it.
    let isBetween = users[user].course.sent == 0 && users[user].course.phase == .iterating
    if !isTeardown, mustLeave(user) || !hasRequests() || isBetween && now >= users[user].leaves {
      leave(user)
      return goOn(user, from: now)
    }
    if !mayBegin() { return pause(user, until: now + AttackLoop.pauseAfterRefusal, .send) }
    if isLimited, !isTeardown, !users[user].hasToken {
      let turn = bucket.take(at: now)
      users[user].hasToken = true
      if turn > now { return pause(user, until: turn, .send) }
    }
    users[user].hasToken = false
    let intended = users[user].intended
    let woke = users[user].woke
    if !isOpen {
      if !isTeardown { requestsLeft -= 1 }
      countArrival(intended: intended, isPlanned: false)
    }
    if woke == 0 { noteLateness(now - intended, intended: intended) }
    if users[user].course.phase == .iterating, users[user].course.sent == 0 {
      startIteration(user, Int(users[user].course.scenario), intended)
    }
    let target = UInt32(table[step: step].target)
    countStarted(Int(target), intended: intended)
    users[user].lastIntended = intended
    users[user].lastStep = Int32(step)
    users[user].woke = 0
    users[user].drawIteration = users[user].course.drawIteration
    users[user].run = UInt64(users[user].course.sent)
    users[user].epochms = 0
    users[user].request = Request(
      target: target, user: Int32(user), intended: intended, woke: woke == 0 ? now : woke)
    users[user].tries = 0
    if rests(user) { return }
    dispatch(user)
  }

  /// The user's request has its outcome.
  mutating func endStep(ofUser user: Int, _ outcome: Course.Outcome, isReply: Bool, after pause: Int64) {
    users[user].course.ended(outcome, table)
    // After a failure the user goes on in the next turn: here, one failure could lead to the next without an end.
    if isReply { goOn(user, from: now) } else { self.pause(user, until: now + pause, .goOn) }
  }

  /// A user whose set-up broke tries again after a while; in the open model its arrival has failed.
  private mutating func setupBroke(_ user: Int, _ end: Int64) -> Bool {
    users[user].lastStep = -1
    if let memory = users[user].memory { UserMemory(memory).clear() }
    if isOpen {
      let scenario = drawChoice(users[user].number)
      startIteration(user, scenario, users[user].begun)
      endIteration(user, scenario, isFailed: true, end)
      return freeUser(user)
    }
    if mustLeave(user) || now >= users[user].leaves {
      leave(user)
      return true
    }
    pause(user, until: end + AttackLoop.pauseAfterSetup, .goOn)
    return false
  }

  static let pauseAfterSetup: Int64 = 1_000_000_000

  /// The user is set up and between two iterations; false where it now waits.
  private mutating func beginIteration(_ user: Int, _ end: Int64) -> Bool {
    keepSetup(user)
    if isOpen { return takeArrival(user) }
    if mustLeave(user) || !hasRequests() || users[user].begins >= mostIterations || now >= users[user].leaves {
      leave(user)
      return true
    }
    let number = users[user].begins
    // A set-up has taken those of the first: a shared feed would go on to its next row.
    if !users[user].hasRows, !takeRows(user, iteration: number) {
      leave(user)
      return true
    }
    users[user].hasRows = false
    users[user].begins += 1
    users[user].course.beginIteration(
      number, scenario: drawChoice(number, stream: users[user].number &+ 1), table)
    return true
  }

  /// The user ends: what it was about is cut off, and it is torn down.
  mutating func leave(_ user: Int) {
    if let memory = users[user].memory, users[user].course.phase == .iterating { UserMemory(memory).forget() }
    let wasBegun = users[user].course.sent > 0
    // Its pause before an iteration was cut short: whoever comes in its place has the rows of that one.
    if users[user].course.phase == .iterating, !wasBegun, !users[user].isBusy, users[user].begins > 0 {
      users[user].begins -= 1
    }
    let scenario = Int(users[user].course.scenario)
    users[user].lastStep = -1
    if users[user].course.leave(table), wasBegun { cutIteration(user, scenario) }
  }

  /// The user has nothing more to do.
  private mutating func retire(_ user: Int) {
    usersAlive -= 1
    if !isOpen { returnRequests() }
    releaseMemory(ofUser: user)
    while users[user].connection >= 0 { release(Int(users[user].connection), byReset: true) }
    if hasPopulation { makeRoomForNext(user) }
  }

  // Iterations, by scenario.

  private mutating func startIteration(_ user: Int, _ scenario: Int, _ intended: Int64) {
    if !isOpen { users[user].begun = intended }
    if hasScenarios { bank(at: users[user].begun).count(scenario: scenario, .started) }
  }

  private mutating func endIteration(_ user: Int, _ scenario: Int, isFailed: Bool, _ end: Int64) {
    if !hasScenarios { return }
    let bank = bank(at: users[user].begun)
    bank.count(scenario: scenario, isFailed ? .failed : .completed)
    if isFailed { return }
    bank.recordIteration(
      scenario, microseconds: BucketedTime(nanoseconds: end - users[user].begun).microseconds)
  }

  private mutating func cutIteration(_ user: Int, _ scenario: Int) {
    if hasScenarios { bank(at: users[user].begun).count(scenario: scenario, .cut) }
  }

  /// Those that are under way when the loop ends are cut off.
  mutating func cutIterations() {
    for user in 0..<usersMade where users[user].course.phase == .iterating {
      if users[user].course.sent > 0 || users[user].isBusy { cutIteration(user, Int(users[user].course.scenario)) }
    }
  }
}
