import Fleet
import Model
import Wire

/// What a worker does next. Pure: the service carries the actions out.
///
/// ```
///        Assign            prepared         Start            plan's end, Stop     ended          Completed
/// idle ──────────> preparing ──────> ready ───────> running ─────────────> draining ────> ended ──────────> idle
/// ```
/// A lost connection changes nothing of that: the run goes on until its lease ends, and a master that is found again
/// is told where it is. It sends heartbeats as often as the master wants, and twenty a second while a start is awaited,
/// for the start's precision is that of the best heartbeat.
struct WorkerCourse {
  /// While a start is awaited.
  static let eagerBeat = TimeSpan.milliseconds(50)
  /// How long after its lease a run waits for a master before it ends by itself.
  static let patience = TimeSpan.seconds(600)
  /// How long one that leaves waits for the master to confirm its run's end.
  static let farewell = TimeSpan.seconds(5)

  var job: WorkerJob?
  var clock = ClockOffset()
  var heartbeats = OpenHeartbeats()
  /// Nil while there is no master.
  private(set) var welcome: Welcome?
  private var wasWelcomed = false
  private var master: Identifier?
  /// The highest heard of; lower ones are refused.
  private(set) var term: UInt64 = 0
  private var nextBeat: Instant?
  private(set) var isLeaving = false
  private(set) var isAborting = false
  private var leaveBy: Instant?
  private var isOver = false
  private var lastComplaint = ""

  init() {}

  var state: WorkerState { job?.state ?? .idle }
  var isJoined: Bool { welcome != nil }

  /// When `timer` is wanted at the latest; nil: not before something else happens.
  var wake: Instant? {
    let lapse = job.flatMap { job -> Instant? in
      guard job.phase == .running, let end = job.lease.end else { return nil }
      return job.hasLapsed ? end + WorkerCourse.patience : end
    }
    return [nextBeat, leaveBy, lapse].compactMap { $0 }.min()
  }

  /// - Parameters:
  ///   - now: the own clock, read just before.
  ///   - count: of the run at hand.
  mutating func handle(_ event: WorkerEvent, at now: Instant, _ count: RecordCount) -> [WorkerAction] {
    if isOver { return [] }
    switch event {
    case .welcomed(let welcome): return joined(welcome, now, count)
    case .lost(let reason, let again): return lost(reason, again)
    case .refused(let refused, let again): return turnedAway(refused, again)
    case .message(let message, let request, let at): return came(message, request, at: at, now, count)
    case .prepared(let incarnation, let connections):
      return job?.incarnation == incarnation ? prepared(connections, now, count) : []
    case .unfit(let incarnation, let problem): return job?.incarnation == incarnation ? unfit(problem) : []
    case .sealed(let incarnation, let record): return job?.incarnation == incarnation ? sealed(record) : []
    case .ended(let incarnation, let ending):
      return job?.incarnation == incarnation ? ended(ending, now, count) : []
    case .timer: return timer(now, count)
    case .stop: return stop(.drain, now)
    case .abort: return stop(.abort, now)
    }
  }

  // MARK: the master comes and goes

  private mutating func joined(_ welcome: Welcome, _ now: Instant, _ count: RecordCount) -> [WorkerAction] {
    // Another master has another clock.
    if welcome.master == nil || welcome.master != master { clock.reset() }
    master = welcome.master
    self.welcome = welcome
    wasWelcomed = true
    term = max(term, welcome.term)
    var actions: [WorkerAction] = [
      .send(
        .register(Register(term: term, state: state, run: job?.lease.run, incarnation: job?.incarnation)), request: 0)
    ]
    actions += beat(now, count)
    guard let job else { return actions }
    for record in job.unheard { actions.append(.send(job.progress(record), request: 0)) }
    self.job?.unheard = []
    if job.phase == .ready { actions.append(.send(job.ready(), request: job.request)) }
    if let complete = job.complete(count) { actions.append(.send(complete, request: 0)) }
    return actions
  }

  /// It has its place among the master's workers: one that is refused after its Welcome never hears that.
  mutating func registered() -> [WorkerAction] {
    lastComplaint = ""
    return [.say(WorkerNotice(text: "joined the master"))]
  }

  private mutating func lost(_ reason: String, _ again: TimeSpan?) -> [WorkerAction] {
    welcome = nil
    nextBeat = nil
    guard again != nil else { return leave(exitCode: 2, [.say(WorkerNotice(isWarning: true, text: reason))]) }
    return complain("no master: \(reason)")
  }

  private mutating func turnedAway(_ refused: Refused, _ again: TimeSpan) -> [WorkerAction] {
    welcome = nil
    nextBeat = nil
    let text = "the master refuses this worker (\(refused.why.word)): \(refused.text)"
    switch refused.why {
    case .token, .version:
      // It will hardly change by itself; who has been in before waits for it all the same.
      if !wasWelcomed { return leave(exitCode: 2, [.say(WorkerNotice(isWarning: true, text: text))]) }
    case .duplicate, .term, .malformed, .busy, .stopping: break
    }
    return complain("\(text); asking again in \(again)")
  }

  /// The same words are said once.
  private mutating func complain(_ text: String) -> [WorkerAction] {
    let kind = text.prefix { $0 != ";" }
    if kind == lastComplaint { return [] }
    lastComplaint = String(kind)
    return [.say(WorkerNotice(isWarning: true, text: text))]
  }

  // MARK: heartbeats

  /// One heartbeat now; the next one is due after the usual time.
  mutating func beat(_ now: Instant, _ count: RecordCount) -> [WorkerAction] {
    guard let welcome else { return [] }
    let nonce = heartbeats.next(at: now)
    let isEager = job?.awaitsStart(now) == true
    // A master that asks for none, or one in years, is a broken one.
    let pause = max(.milliseconds(10), min(.seconds(60), welcome.heartbeat))
    nextBeat = now + (isEager ? min(WorkerCourse.eagerBeat, pause) : pause)
    let heartbeat = Heartbeat(
      nonce: nonce, state: state, run: job?.lease.run, incarnation: job?.incarnation, records: job?.records ?? 0,
      published: count.published)
    return [.send(.heartbeat(heartbeat), request: nonce)]
  }

  private mutating func timer(_ now: Instant, _ count: RecordCount) -> [WorkerAction] {
    var actions: [WorkerAction] = []
    if let leaveBy, now >= leaveBy { return leave(exitCode: 0) }
    if let due = nextBeat, now >= due {
      actions += beat(now, count)
      if let complete = job?.complete(count) { actions.append(.send(complete, request: 0)) }
    }
    guard let job, job.phase == .running, let end = job.lease.end, now >= end else { return actions }
    if now >= end + WorkerCourse.patience {
      actions.append(.say(WorkerNotice(isWarning: true, text: "no master for too long: the run ends")))
      actions += self.end(.drain, now)
    } else if !job.hasLapsed {
      self.job?.hasLapsed = true
      actions.append(
        .say(
          WorkerNotice(
            isWarning: true, text: "no word from the master for the whole lease: nothing is sent until it is back")))
    }
    return actions
  }

  /// Raises the term; false for what a replaced master says.
  mutating func accepts(_ other: UInt64) -> Bool {
    if other < term { return false }
    term = other
    return true
  }

  // MARK: the end

  private mutating func stop(_ kind: StopKind, _ now: Instant) -> [WorkerAction] {
    isLeaving = true
    if kind == .abort { isAborting = true }
    guard let job else { return leave(exitCode: 0) }
    switch (job.phase, kind) {
    case (.ended, .drain):
      leaveBy = leaveBy ?? now + WorkerCourse.farewell
      return []
    case (.ended, .abort): return leave(exitCode: 0)
    case (.preparing, _), (.ready, _), (.running, _), (.draining, _):
      let text = kind == .drain ? "stopping: nothing more is sent, replies are awaited" : "stopping at once"
      return [.say(WorkerNotice(text: text))] + end(kind, now)
    }
  }

  /// Ends the run at hand.
  mutating func end(_ kind: StopKind, _ now: Instant) -> [WorkerAction] {
    guard let job else { return [] }
    switch job.phase {
    case .preparing:
      self.job?.stopping = job.stopping == .abort ? .abort : kind
      return []
    case .ready, .running, .draining:
      self.job?.phase = .draining
      return [.stop(job.incarnation, kind)]
    case .ended: return []
    }
  }

  /// The run at hand is over and nobody waits for it any more.
  mutating func release() -> [WorkerAction] {
    guard let job else { return [] }
    self.job = nil
    return [.forget(job.incarnation)] + (isLeaving ? leave(exitCode: 0) : [])
  }

  mutating func leave(exitCode: Int32, _ before: [WorkerAction] = []) -> [WorkerAction] {
    isOver = true
    (nextBeat, leaveBy) = (nil, nil)
    // Only who sends nothing any more says so.
    let isAtRest = job.map(\.isEnded) ?? true
    return before + [.leave(saying: isAtRest ? Goodbye(text: "the worker was stopped") : nil, exitCode: exitCode)]
  }

  mutating func bidFarewell(_ now: Instant) { leaveBy = leaveBy ?? now + WorkerCourse.farewell }
}
