import CLinux
import EventLoop
import Glibc
import HTTP1
import Measuring
import Model
import Pacing
import Patterns
import Scripting

/// One event loop of an attack: its connections, its share of the arrivals or users, its figures of the open second.
///
/// Confined to its thread. Connections are plain data in an array; the request path neither allocates nor counts a
/// reference nor takes a lock. What is called for each request is `mutating` even where it changes nothing: for the
/// others the compiler copies this whole struct. The parts: `+arrivals` (open model), `+users` (closed model),
/// `+journeys` (scenarios), `+pool` (scenarios in the open model), `+sharing`, `+connecting`, `+sending`, `+replies`,
/// `+outcomes`, `+ending`, `+sealing`.
struct AttackLoop: ~Copyable {
  let index: Int
  let plan: CompiledPlan
  let targets: UnsafePointer<CompiledTarget>
  let targetCount: Int
  let sums: UnsafePointer<UInt64>
  let choiceCount: Int
  let draw: Draw
  /// Whether no user needs a course; and the scenarios of those that do.
  let isPlain: Bool
  let table: ScriptTable
  var matcher: Matcher
  var sharedRows: SharedRows
  let checkRows: UnsafePointer<Int32>
  /// What is written anew for each request is written here.
  var scratch: UnsafeMutablePointer<UInt8>
  var scratchSize = AttackLoop.bufferSize
  /// Whether iterations are counted: those of scenarios that have a name.
  let hasScenarios: Bool
  let keepAlive: Bool
  /// The index of the name that stands for those beyond the cap; −1 where all have their own.
  let foldedName: Int
  let book: AddressBook
  let control: Control
  let allowance: Allowance
  let exchange: BankExchange
  var trust: TLSContext?
  /// What carries requests in place of the loop's own connections; the flag alone is looked at on the request path.
  let transport: (any Transport)?
  let isForeign: Bool
  let load: LoopLoad

  var poller: Poller
  let connections: UnsafeMutablePointer<Connection>
  let capacity: Int
  var freeSlots: Int32 = -1
  /// Slots ever used; those from here on are free too.
  var usedSlots = 0
  let origins: UnsafeMutablePointer<OriginState>
  /// Those of the plan, and of redirects as this loop meets them.
  var originCount: Int
  let timeouts: UnsafeMutablePointer<DeadlineList>
  let timeoutCount: Int
  var parked: ParkedQueue
  var ring = WokeRing()
  let buffer: UnsafeMutablePointer<UInt8>
  /// Bytes at the buffer's front that the last read's decoder used.
  var lastPiece = 0
  var spare = SpareBuffers()
  let followsRedirects: Bool
  let keepsCookies: Bool
  var chains = ChainTable()
  /// What is known of a failure until it is counted.
  var notes: FailureNotes
  /// Whether requests are kept one by one, and what is needed for that.
  let keepsSamples: Bool
  var sampler: Sampler
  /// Redirected requests whose new host's name is being looked up.
  var nameless: [Request] = []
  /// Whether failures are tried again, or their origin is given rest.
  let isGuarded: Bool
  let mostRetries: Int
  let retryPause: RetryPause
  let breakerFailures: Int
  let breakerRest: Int64
  /// The heads last seen, by the target's last digits.
  let memos: UnsafeMutablePointer<ReplyMemo>
  private let remembered: UnsafeMutableRawPointer

  /// What is measured, and what belongs to the warm-up: the same bank where there is none.
  var bank: Bank
  var warmUp: Bank
  var bankIndex = 0
  /// What is due before this instant is warm-up; `.min` where there is none.
  let measuredFrom: Int64
  /// When the bank has taken more blocks than this, more are laid ready.
  var blocksWatched = 0
  var facts = LoopSecond()
  var counts = ScheduleCounts()
  var warmUpCounts = ScheduleCounts()
  /// Arrivals of this loop's share already counted as planned, and all that are due in the warm-up.
  var plannedSoFar: UInt64 = 0
  let plannedInWarmUp: UInt64
  var sealedFrom: Int64
  var nextSeal: Int64
  /// The end of the open second.
  var nextBoundary: Int64

  /// The run's start and the plan's end, on the monotonic clock.
  let start: Int64
  let planEnd: Int64
  let grace: Int64
  /// The last look at the clock.
  var now: Int64 = 0
  var inFlight = 0
  /// Requests with an outcome in the whole run: counted apart from the banks, so that what was stored can be held
  /// against it.
  var completed: UInt64 = 0
  var waiting = 0
  var openCount = 0
  /// Exchanges that the transport has and has not sent yet.
  var foreignWaiting = 0
  var isOpening = false
  /// Whether this turn had anything to do.
  var hasWorked = true
  /// Whether requests wait that found every place for a connection taken; how many origins have no connection at all
  /// for theirs; and the origin that is looked at first when a place comes free.
  var isShort = false
  var starved = 0
  var firstShort = 0

  // Open model: the next arrival not yet taken up, and when to look at it, which is then unless it is held back.
  let isOpen: Bool
  /// Arrivals of the whole run are those with a lower number; Poisson arrivals may end before.
  let planned: UInt64
  var cursor: ArrivalCursor
  /// Whether they are Poisson arrivals, and whether their number has ended them.
  let isScattered: Bool
  var isPastBound = false
  /// What counts those that are due by a second's end.
  var tally: ArrivalTally
  /// Where in the shape arrivals are taken up, and where those are that wait.
  var pace: Pace
  var waitingPace: Pace
  var nextDue: Int64 = .max
  var nextLook: Int64 = .max

  // Copies of what is allowed, never later than that: nothing is sent from the first on, nor what is due from the
  // second on; the third is the earlier one.
  var allowedUntil: Int64 = .max
  var horizon: Int64 = .max
  var takesUpTo: Int64 = .max
  /// How long before the loop's begin an arrival may have been due.
  let latest: Int64
  /// When the loop began, the run's start or later.
  var begun: Int64

  // Users: of the closed model, or those that arrivals take from the pool.
  let users: UnsafeMutablePointer<User>
  let userCount: Int
  var usersMade = 0
  /// Whether they share connections rather than have their own.
  let isShared: Bool
  /// The pool, and the arrivals that wait for one of it, from the cursor on.
  var freeUsers: Int32 = -1
  var poolWaiting = 0
  var poolCursor: ArrivalCursor
  let mostIterations: UInt64
  /// Least nanoseconds between two requests of a user; 0 for no limit.
  let userGap: Int64
  let isLimited: Bool
  var bucket: TokenBucket
  /// Most connections of one user, so that each can have one.
  let connectionsPerUser: Int32
  var usersAlive = 0
  /// Those that are to come.
  var usersAway = 0
  var busyUsers = 0
  /// Taken from the budget and not sent yet; without a bound there are always some.
  var requestsLeft: UInt64
  var pauses: DueHeap

  /// Set once nothing more becomes due: when that was, and until when replies are awaited.
  var endedAt: Int64 = .max
  var cutAt: Int64 = .max
  var reason = EndReason.planEnded
  /// How long before an arrival the loop stops sleeping and spins; 0 where it may not spin.
  var spinWindow: Int64

  static let bufferSize = 65_536
  static let lastMemo = 31
  /// Reads of one connection before the others get their turn.
  static let readsAtOnce = 16
  static let wakeToken = UInt64.max - 1

  init(
    index: Int, plan: CompiledPlan, load: LoopLoad, settings: EngineSettings, book: AddressBook, control: Control,
    allowance: Allowance, exchange: BankExchange, trust: TLSContext?, transport: (any Transport)? = nil,
    samples: SampleRing? = nil,
    start: Int64
  ) throws(EngineError) {
    poller = try AttackLoop.makePoller(index, waker: control.wakers[index], transport?.descriptor)
    self.index = index
    self.plan = plan
    self.load = load
    self.book = book
    self.control = control
    self.allowance = allowance
    self.exchange = exchange
    self.trust = trust
    self.transport = transport
    isForeign = transport != nil
    self.start = start
    targets = plan.targets
    targetCount = plan.targetCount
    sums = plan.sums
    draw = plan.draw
    choiceCount = plan.choiceCount
    isPlain = plan.isPlain
    table = plan.script.table
    matcher = Matcher(plan.patterns)
    sharedRows = SharedRows(first: load.slots.offset, stride: load.slots.stride)
    checkRows = plan.checkRows
    scratch = .allocate(capacity: AttackLoop.bufferSize)
    followsRedirects = plan.redirects > 0
    notes = FailureNotes(keeps: plan.failures > 0)
    keepsSamples = samples != nil
    sampler = Sampler(samples, plan, start: start)
    keepsCookies = plan.cookies
    isGuarded = plan.retries != nil || plan.breaker != nil
    mostRetries = plan.retries?.most ?? 0
    retryPause = RetryPause(plan.retries ?? RetryPolicy(most: 0))
    breakerFailures = plan.breaker?.failures ?? 0
    breakerRest = plan.breaker?.rest.nanoseconds ?? 0
    hasScenarios = !plan.scenarios.isEmpty
    keepAlive = plan.keepAlive
    foldedName = plan.foldedNames > 0 ? plan.names.count - 1 : -1
    capacity = transport == nil ? load.connections : load.exchanges
    connections = .allocate(capacity: capacity)
    originCount = plan.origins.count
    let mostOrigins = plan.mostOrigins
    origins = .allocate(capacity: mostOrigins)
    cursor = load.schedule.map { ArrivalCursor(load.slots, in: $0) } ?? ArrivalCursor(load.slots)
    isOpen = load.schedule != nil
    isScattered = load.schedule?.isScattered ?? false
    planned = load.schedule?.bound ?? 0
    tally = ArrivalTally(from: cursor, of: load.slots)
    pace = load.schedule.map(Pace.init) ?? Pace()
    waitingPace = pace
    origins.initialize(repeating: OriginState(cursor: cursor), count: mostOrigins)
    timeoutCount = plan.timeouts.count
    timeouts = .allocate(capacity: timeoutCount)
    for (place, length) in plan.timeouts.enumerated() {
      (timeouts + place).initialize(to: DeadlineList(length: length.nanoseconds))
    }
    parked = ParkedQueue(capacity: capacity)
    buffer = .allocate(capacity: AttackLoop.bufferSize)
    memos = .allocate(capacity: AttackLoop.lastMemo + 1)
    remembered = .allocate(byteCount: (AttackLoop.lastMemo + 1) * ReplyMemo.size, alignment: 64)
    for place in 0...AttackLoop.lastMemo {
      (memos + place).initialize(to: ReplyMemo(in: remembered + place * ReplyMemo.size))
    }
    bank = exchange.banks[0]
    warmUp = exchange.warmUps.first ?? bank
    measuredFrom = plan.warmUp > .zero ? start + plan.warmUp.nanoseconds : .min
    plannedInWarmUp = AttackLoop.plannedInWarmUp(load, plan.warmUp)
    blocksWatched = exchange.watched(0)
    sealedFrom = start
    nextBoundary = start + 1_000_000_000
    if measuredFrom > start { nextBoundary = min(nextBoundary, measuredFrom) }
    nextSeal = nextBoundary
    grace = load.grace.nanoseconds
    latest = settings.maxLate?.nanoseconds ?? .max
    begun = start
    planEnd = load.end == .longest ? .max : start + load.end.nanoseconds
    userCount = !isOpen ? load.users : plan.isPlain ? 0 : load.pool
    isShared = !plan.isPlain && (isOpen || plan.sharedConnections)
    mostIterations = plan.iterations ?? .max
    userGap = plan.userLimit.map { AttackLoop.gap($0) } ?? 0
    isLimited = plan.limit != nil && !isOpen
    bucket = TokenBucket(plan.limit ?? .perSecond(1), share: load.slots, start: start)
    poolCursor = cursor
    connectionsPerUser = Int32(clamping: max(1, capacity / max(userCount, 1)))
    users = .allocate(capacity: max(userCount, 1))
    // Those of a pool are made when they are needed.
    if !isOpen { users.initialize(repeating: User(), count: userCount) }
    requestsLeft = load.requests == nil ? .max : 0
    pauses = DueHeap(capacity: userCount)
    if planEnd != .max { cutAt = planEnd + grace }
    spinWindow = settings.spins ? 80_000 : 0
    if isOpen, cursor.arrival < planned {
      nextDue = start + min(load.schedule.map { pace.due(at: cursor, movingIn: $0) } ?? 0, .max / 4)
    }
    if isScattered { endScattered() }
    nextLook = nextDue
    readAllowance()
  }

  deinit {
    for slot in 0..<usedSlots {
      let connection = connections[slot]
      // Thousands of connections closed at once would keep their ports for a minute.
      if connection.descriptor >= 0 { Socket.closeByReset(connection.descriptor) }
      connection.session?.free()
      connection.stash?.deallocate()
      connection.rest?.deallocate()
      connection.kept.start?.deallocate()
    }
    connections.deallocate()
    origins.deallocate()
    timeouts.deallocate()
    buffer.deallocate()
    memos.deallocate()
    remembered.deallocate()
    for user in 0..<usersMade {
      users[user].memory?.deallocate()
      users[user].jar?.deallocate()
    }
    users.deallocate()
    parked.free()
    pauses.free()
    sampler.free()
    scratch.deallocate()
    spare.free()
    chains.free()
    ring.free()
  }

  private static func makePoller(_ index: Int, waker: Int32, _ transport: Int32?) throws(EngineError) -> Poller {
    do {
      let poller = try Poller()
      try poller.add(waker, .readable, token: AttackLoop.wakeToken)
      if let transport { try poller.add(transport, .readable, token: AttackLoop.transportToken) }
      return poller
    } catch {
      throw EngineError("loop \(index): \(error); raise the limit (ulimit -n)")
    }
  }

  /// Runs to the end: until everything that became due has an outcome or is cut off.
  mutating func run() {
    _ = stampede_prctl(PR_SET_TIMERSLACK, 1)
    now = MonotonicClock.now().nanoseconds
    if hasPopulation { startPopulation() }
    while now < start {
      // Only the waker can ring yet.
      if poller.wait(nanoseconds: start - now) > 0 { Control.silence(control.wakers[index]) }
      now = MonotonicClock.now().nanoseconds
      if control.current != .none { break }
    }
    begun = max(start, now)
    leaveOverdue()
    if !isOpen && !hasPopulation { startUsers() }
    var turnStart = now
    while true {
      // First of all, so that what is due after the boundary counts in the second after it.
      if now >= nextSeal { seal(isLast: false) }
      if nextLook <= now { takeUpDue() }
      if nextLook > nextDue { lookAtHeld() }
      if isForeign, isTransportDue { turnTransport() }
      if parked.count > 0 { sendParked() }
      if !nameless.isEmpty { lookForNames() }
      if isShort { relieveShortage() }
      if pauses.nextDue <= now { endPauses() }
      expire()
      heedCommand()
      if isFinished() { break }
      if needsBlocks { layMore() }
      turnStart = wait(since: turnStart)
    }
    finish()
  }

  /// Ends the turn that began at `turnStart`, waits for what comes next and handles it; returns the new turn's start.
  private mutating func wait(since turnStart: Int64) -> Int64 {
    let wake = min(nextLook == .max ? .max : nextLook - spinWindow, nextWake())
    let ended = MonotonicClock.now().nanoseconds
    let idle = wake == .max ? 60_000_000_000 : max(0, wake - ended)
    let count = poller.wait(nanoseconds: idle)
    now = MonotonicClock.now().nanoseconds
    account(turn: ended - turnStart)
    if idle == 0 && count == 0 { facts.spinning.nanoseconds += now - ended }
    hasWorked = count > 0
    if spinWindow > 0, idle > 0, count == 0 { adaptSpin(overshoot: now - wake) }
    let begun = now
    for place in 0..<count {
      handle(poller.token(place), poller.readiness(place))
      if now >= nextSeal { seal(isLast: false) }
      if nextLook <= now { takeUpDue() }
    }
    return begun
  }

  /// A turn that handled nothing and took nothing up, between two looks at the poller, is spinning.
  private mutating func account(turn: Int64) {
    if !hasWorked && spinWindow > 0 {
      facts.spinning.nanoseconds += turn
      return
    }
    facts.busy.nanoseconds += turn
    if turn > facts.longestTurn.nanoseconds { facts.longestTurn.nanoseconds = turn }
  }
}
