import Model
import Wire

extension FleetState {
  /// A change was made, or the stored state was another than this master believed.
  mutating func stored(_ ticket: UInt64, _ isMade: Bool, _ now: Instant) {
    guard let changing = changing.removeValue(forKey: ticket) else { return }
    switch changing {
    case .note: break
    case .assign(let run): assigned(run, isMade, now)
    case .state(let run, let state, let start): changed(run, to: state, start, isMade, now)
    case .end(let run, let incarnation): endStored(run, incarnation)
    }
  }

  private mutating func assigned(_ run: Identifier, _ isMade: Bool, _ now: Instant) {
    guard let life = tests[run] else { return }
    if !isMade {
      assignAgain(run, now)
      return
    }
    tests[run]?.isChanging = false
    tests[run]?.state = .preparing
    tests[run]?.since = now
    for index in life.parts.indices {
      tests[run]?.parts[index].leaseUntil = now + settings.lease + settings.margin
      assign(run, index)
    }
    actions.append(
      .began(
        life.test,
        workers: life.parts.map {
          AdoptedTest.Part(
            incarnation: $0.incarnation, worker: $0.worker, host: $0.host, share: $0.share, shares: $0.shares,
            state: .preparing)
        }))
    actions.append(.changed(run))
  }

  /// The database refused an assignment: nothing of it is there, and the test is still queued. It is first in the
  /// queue again, since what stood in the way (a life of a worker that is still open) mostly ends; else it fails.
  private mutating func assignAgain(_ run: Identifier, _ now: Instant) {
    guard var life = tests[run] else { return }
    for part in life.parts where workers[part.worker]?.run == run {
      workers[part.worker]?.run = nil
      forget(part.worker)
    }
    life.parts = []
    life.epoch -= 1
    life.isChanging = false
    life.refusals += 1
    life.notBefore = now + .seconds(1)
    tests[run] = life
    queue.insert(run, at: 0)
    headSince = now
    if life.refusals == TestLife.mostRefusals, life.wish == nil {
      change(run, to: .failed, reason: "its workers could not be assigned; the master's log says why")
    }
  }

  /// Somebody else has changed the test: it is theirs.
  private mutating func abandon(_ run: Identifier) {
    guard let life = tests.removeValue(forKey: run) else { return }
    queue.removeAll { $0 == run }
    for part in life.parts where workers[part.worker]?.run == run {
      say(
        .stop(Stop(run: run, incarnation: part.incarnation, kind: .abort, text: "the test is another master's")),
        to: part.worker)
      workers[part.worker]?.run = nil
      forget(part.worker)
    }
    actions.append(.changed(run))
  }

  private mutating func changed(
    _ run: Identifier, to state: TestState, _ start: Instant?, _ isMade: Bool, _ now: Instant
  ) {
    guard let life = tests[run] else { return }
    if !isMade {
      abandon(run)
      return
    }
    tests[run]?.isChanging = false
    if life.state != state { tests[run]?.since = now }
    tests[run]?.state = state
    switch state {
    case .running: if let start { begin(run, start, now) }
    case .draining: tests[run]?.deadline = now + life.test.grace + settings.draining
    default: break
    }
    if state.isEnd {
      if let place = queue.firstIndex(of: run) {
        queue.remove(at: place)
        if place == 0 { headSince = now }
      }
      actions.append(.changed(run))
      actions.append(.ended(run))
    } else {
      actions.append(.changed(run))
    }
  }

  /// The start is stored: the workers hear of it, if there is time enough before it.
  private mutating func begin(_ run: Identifier, _ planned: Instant, _ now: Instant) {
    guard let life = tests[run] else { return }
    let isLate = now + settings.leastLead > planned
    let start = isLate ? now + settings.lead : planned
    tests[run]?.start = start
    for index in life.parts.indices where life.parts[index].end == nil {
      tests[run]?.parts[index].isStarted = true
      sendStart(run, index)
    }
    if isLate { store(.state(run, from: .running, to: .running, reason: nil, start: start), .note) }
  }

  mutating func sendStart(_ run: Identifier, _ index: Int) {
    guard let life = tests[run], let start = life.start else { return }
    let part = life.parts[index]
    let horizon = life.test.load.duration.map { min($0, settings.reach) } ?? settings.reach
    tests[run]?.granted = max(life.granted, horizon)
    let grant = Grant(
      run: run, incarnation: part.incarnation, term: settings.term, epoch: life.epoch, horizon: horizon,
      lease: settings.lease)
    say(.start(Start(grant: grant, start: start)), to: part.worker)
  }

  private mutating func endStored(_ run: Identifier, _ incarnation: Identifier) {
    guard let index = tests[run]?.part(incarnation), let part = tests[run]?.parts[index] else { return }
    tests[run]?.parts[index].isEndStored = true
    tests[run]?.parts[index].asked = []
    if workers[part.worker]?.run == run {
      workers[part.worker]?.run = nil
      forget(part.worker)
    }
    for (peer, request) in part.asked {
      let answer = Message.completed(Completed(run: run, incarnation: incarnation))
      actions.append(.send(peer, answer, request: request))
    }
    actions.append(.changed(run))
  }

  /// Sends a worker its part.
  mutating func assign(_ run: Identifier, _ index: Int) {
    guard let life = tests[run] else { return }
    let part = life.parts[index]
    let users = UInt32(clamping: life.test.users)
    let (share, shares) = (UInt32(clamping: part.share), UInt32(clamping: max(part.shares, 1)))
    let mine = UserShare(
      first: min(share, users), stride: shares, count: users > share ? (users - share + shares - 1) / shares : 0)
    let grant = Grant(
      run: run, incarnation: part.incarnation, term: settings.term, epoch: life.epoch, horizon: .zero,
      lease: settings.lease)
    let assign = Assign(
      grant: grant, plan: life.test.plan,
      slots: [SlotShare(offset: UInt16(clamping: share), stride: UInt16(clamping: shares))], users: mine, share: share,
      of: shares, topic: settings.topic, allowed: life.test.allowed, denied: life.test.denied, name: life.test.name)
    say(.assign(assign), to: part.worker)
    // Idle it is again when it says so: what it said last was before this.
    workers[part.worker]?.said = .preparing
  }
}
