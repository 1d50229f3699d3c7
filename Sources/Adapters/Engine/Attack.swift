import CLinux
import EventLoop
import Glibc
public import Measuring
public import Model
import Pacing
import Synchronization

/// A plan made ready to be sent, and the loops that send it.
///
/// Made, started once, and asked for one second after the other until there is none. Any thread may call any member;
/// `next` must be called by one at a time.
public final class Attack: Sendable {
  private let plan: Plan
  private let share: AttackShare
  private let allowance = Allowance()
  private let compiled: CompiledPlan
  private let book: AddressBook
  private let proxyAddresses: [SocketAddress]
  private let maker: TransportSettings.Maker?
  private let running = Mutex<Running?>(nil)
  private let orders = Mutex(Orders())

  /// What the loops were told, also before there were any.
  private struct Orders {
    var control: Control?
    var strongest = Control.Command.none

    mutating func give(_ command: Control.Command) {
      if command.rawValue > strongest.rawValue { strongest = command }
      control?.give(command)
    }
  }

  private struct Running {
    let control: Control
    let exchanges: [BankExchange]
    /// Of each loop; none where no samples are kept.
    let rings: [SampleRing]
    /// Which bank each loop hands over next; nil when it has handed over its last.
    var nextBank: [Int?]
    var completed: UInt64 = 0
    /// Intervals of the second taken last that were not asked for yet, the next one last.
    var left: [Interval] = []
    var isLast = false
    /// The worst reason that any loop gave, and what all loops together took as planned.
    var reason = EndReason.planEnded
    var planned: UInt64 = 0
    /// What the plan gives for the share, counted second by second; nil in the closed model.
    var expected: (schedule: Schedule, tally: ArrivalTally)?

    /// How many arrivals the share has that are due before a time.
    mutating func expect(before time: TimeSpan) -> UInt64? {
      guard let schedule = expected?.schedule else { return nil }
      return expected?.tally.arrivals(before: time, in: schedule)
    }
  }

  /// Renders every request and looks every host up; sends nothing. Blocks while names are resolved.
  ///
  /// - Parameters:
  ///   - share: the part of the plan's load that is sent here.
  ///   - transport: makes what carries the requests; nil: the native engine does.
  public convenience init(
    plan: Plan, userAgent: String, share: AttackShare = .whole, transport: TransportSettings.Maker? = nil
  ) throws(EngineError) {
    try self.init(
      plan: plan, userAgent: userAgent, share: share, transport: transport,
      resolve: plan.options.transport.unixSocket == nil ? AddressBook.look : AddressBook.none)
  }

  /// - Parameter resolve: looks a host's addresses up; may block.
  init(
    plan: Plan, userAgent: String, share: AttackShare = .whole, transport: TransportSettings.Maker? = nil,
    resolve: @escaping @Sendable (Origin) -> AddressBook.Entry
  ) throws(EngineError) {
    self.plan = plan
    self.share = share
    maker = transport
    compiled = try CompiledPlan(plan, userAgent: userAgent)
    _ = try Attack.schedule(of: plan)
    book = AddressBook(compiled.origins, resolve: resolve)
    proxyAddresses = try Attack.lookUp(plan.options.transport.proxy)
    try checkPolicy()
    // Files that can't be used are found before anything is sent.
    _ = try trust()
  }

  /// A proxy without an address is an error before anything is sent. It keeps those that it has for the whole run.
  private static func lookUp(_ proxy: String?) throws(EngineError) -> [SocketAddress] {
    guard let proxy else { return [] }
    let place: ProxyURL
    do { place = try ProxyURL(text: proxy) } catch { throw EngineError("proxy: \(error)") }
    do { return try Resolver.addresses(of: place.host, port: place.port) } catch {
      throw EngineError("proxy \(place.host):\(place.port): \(error)")
    }
  }

  /// A target of which no address may be connected to is an error before anything is sent; the loops ask again at each
  /// connect, for names may change.
  private func checkPolicy() throws(EngineError) {
    for (index, origin) in compiled.origins.enumerated() {
      guard case .addresses(let list) = book[index] else { continue }
      let denials = list.compactMap { compiled.policy.denial(of: $0.address, port: $0.port) }
      if let denial = denials.first, denials.count == list.count, let address = list.first {
        throw EngineError(
          "target \(origin): \(address) is not allowed: \(denial.reason); --allow-target \(address) allows it")
      }
    }
  }

  /// Whether every target is a loopback address: the target then shares this machine's CPUs.
  public var isTargetLocal: Bool { book.isAllLoopback }

  /// Different addresses and ports that connections are spread over.
  public var addressCount: Int { book.addressCount }

  /// Lets the attack send until then, what is due before the horizon. Without any such call it may send everything.
  ///
  /// The first call comes before `start`. Later ones extend: an earlier instant than one given before changes nothing.
  /// An arrival that falls due while nothing may be sent is never sent (*unsent*), and what waits for a connection then
  /// is given up; one that is due beyond the horizon waits until that has moved on. Users wait for both. Any thread.
  public func allow(until end: Instant, dueBefore horizon: Instant = Instant(nanoseconds: .max)) {
    allowance.extend(until: end.nanoseconds, horizon: horizon.nanoseconds)
    // Those that held something back look again.
    orders.withLock { $0.control }?.wake()
  }

  /// Starts the loops; the first arrival is due at `start`, which `begin` says once everything is ready. It may lie in
  /// the past: what is overdue is then sent at once, as far as `maxLate` allows.
  public func start(_ settings: EngineSettings, at begin: () -> Instant) throws(EngineError) {
    let loads = try shares(of: settings.loops, connections: settings.connections)
    let requests = loads.compactMap(\.requests)
    let control = try Control(
      loops: settings.loops, requests: requests.isEmpty ? nil : requests.reduce(0, +),
      origins: compiled.breaker == nil ? 0 : compiled.mostOrigins,
      failures: plan.options.failures.most)
    orders.withLock { orders in
      orders.control = control
      orders.give(orders.strongest)
    }
    var exchanges: [BankExchange] = []
    for _ in loads {
      exchanges.append(
        try BankExchange(
          names: compiled.names.count, checks: compiled.checks.rows.count, scenarios: compiled.scenarios.count,
          hasWarmUp: compiled.warmUp > .zero))
    }
    let contexts = try loads.map { _ throws(EngineError) in try trust() }
    let rings = compiled.samples == 0 ? [] : loads.map { _ in SampleRing() }
    let allowance = self.allowance
    let start = begin().nanoseconds
    for index in loads.indices {
      let (load, exchange, context) = (loads[index], exchanges[index], contexts[index])
      let (compiled, book, maker) = (self.compiled, self.book, self.maker)
      let (options, proxyAddresses) = (plan.options, self.proxyAddresses)
      let ring = rings.isEmpty ? nil : rings[index]
      do {
        try OwnThread(name: "loop-\(index)") {
          Attack.run(
            index, compiled, load, settings, book, control, allowance, exchange, context, ring, start
          ) { () throws(EngineError) in
            let settings = TransportSettings(
              options: options, capacity: load.exchanges, connections: load.connections, streams: load.streams,
              proxyAddresses: proxyAddresses)
            return try maker?(settings)
          }
        }.detach()
      } catch {
        control.give(.abort)
        throw EngineError("\(error)")
      }
    }
    let book = self.book
    let late = compiled.redirects > 0
    do {
      try OwnThread(name: "resolver", niceness: 5) { book.keepFresh(late: late) { control.wake() } }.detach()
    } catch {
      control.give(.abort)
      throw EngineError("\(error)")
    }
    var state = Running(control: control, exchanges: exchanges, rings: rings, nextBank: loads.map { _ in 0 })
    state.expected = loads.first?.schedule.map { ($0, ArrivalTally(share.slots, in: $0)) }
    running.withLock { $0 = state }
  }

  private static func run(
    _ index: Int, _ plan: CompiledPlan, _ load: LoopLoad, _ settings: EngineSettings, _ book: AddressBook,
    _ control: Control, _ allowance: Allowance, _ exchange: BankExchange, _ trust: TLSContext?,
    _ samples: SampleRing?, _ start: Int64,
    transport: () throws(EngineError) -> (any Transport)?
  ) {
    do {
      var loop = try AttackLoop(
        index: index, plan: plan, load: load, settings: settings, book: book, control: control,
        allowance: allowance, exchange: exchange,
        trust: trust, transport: try transport(), samples: samples, start: start)
      loop.run()
    } catch {
      // A share that nobody sends would be missing from the result: better none at all.
      control.note(.descriptors, error.message)
      control.give(.abort)
      var facts = BankExchange.Facts()
      facts.isLast = true
      facts.reason = .failed
      exchange.facts[0] = facts
      exchange.set(0, .sealed)
      Control.ring(control.bell)
    }
  }

  private func trust() throws(EngineError) -> TLSContext? {
    let files = compiled.transport
    if !compiled.origins.contains(where: \.isTLS), files.authorities == nil, files.clientCertificate == nil {
      return nil
    }
    do { return try compiled.makeTrust() } catch { throw EngineError("TLS: \(error)") }
  }

  /// The load dealt out to so many loops, without one user, request or arrival too many or too few.
  func shares(of loops: Int, connections: Int) throws(EngineError) -> [LoopLoad] {
    let grace = plan.options.grace ?? plan.options.timeout
    if loops > share.mostLoops {
      throw EngineError(
        "a share of 1 in \(share.slots.stride) can't be dealt out to \(loops) loops; use fewer (--cores)")
    }
    var schedule: Schedule?
    var everyone = 0
    var population: Population?
    switch plan.load.model {
    case .arrivals: schedule = try Attack.schedule(of: plan)
    case .users(let shape):
      everyone = shape.peakUsers
      if shape.constant == nil { population = Population(shape) }
    }
    let users = schedule != nil ? AttackShare.Users(first: 0, stride: 1, count: 0) : part(of: everyone)
    // Arrivals that go through scenarios need users.
    let pool = schedule == nil || compiled.isPlain ? 0 : max(loops, Attack.mostVisitors)
    let isOwn = users.count > 0 && !plan.options.sharedConnections
    return (0..<loops).map { index in
      let firstUser = users.first + users.stride * index
      let userStride = users.stride * loops
      let allUsers = users.count
      let mine = allUsers / loops + (index < allUsers % loops ? 1 : 0)
      let even = max(1, connections / loops + (index < connections % loops ? 1 : 0))
      // Requests are dealt out as users are: the first ones get one more.
      let requests = plan.load.requests.map { all in
        var share: UInt64 = 0
        for user in 0..<mine where everyone > 0 {
          let number = UInt64(firstUser + user * userStride)
          share += all / UInt64(everyone) + (number < all % UInt64(everyone) ? 1 : 0)
        }
        return share
      }
      // HTTP/2 carries many exchanges on a connection, so users need none of their own.
      let isShared = compiled.transport.version != .http1
      let most = isOwn && !isShared ? max(mine, connections * mine / max(allUsers, 1)) : even
      return LoopLoad(
        schedule: schedule, slots: share.slots.part(index, of: loops), users: mine, firstUser: firstUser,
        userStride: userStride, population: population, everyone: everyone,
        pool: pool / loops + (index < pool % loops ? 1 : 0), connections: most,
        exchanges: isShared ? max(mine, min(most * 100, 100_000)) : most,
        requests: schedule == nil ? requests : nil,
        end: schedule?.end ?? plan.load.duration ?? .longest,
        endsWithLastRequest: schedule?.endsWithLastRequest ?? false, grace: grace)
    }
  }

  /// Most users at a time on one machine that arrivals take.
  static let mostVisitors = 10_000

  private func part(of everyone: Int) -> AttackShare.Users {
    share.users ?? AttackShare.Users(first: 0, stride: 1, count: everyone)
  }

  /// Nothing more becomes due; what is in flight is awaited for the grace period. Before the start: nothing is sent.
  public func stop() { orders.withLock { $0.give(.stop) } }

  /// Everything in flight is cut off now. Before the start: nothing is sent.
  public func abort() { orders.withLock { $0.give(.abort) } }

  /// The first cause seen of each kind of failure, in words.
  public var causes: [ErrorKind: String] { running.withLock { $0?.control }?.allCauses ?? [:] }

  /// The failing exchanges that were kept since the last time, secrets and all.
  public func takeFailures() -> [FailedExchange] { running.withLock { $0?.control }?.journal.take() ?? [] }

  /// The names of requests, by the number that samples have.
  public var names: [String] { compiled.names }

  /// Hands over the samples kept since the last time; by one thread at a time. All are there once `next` has answered nil.
  public func takeSamples(_ body: (UnsafeBufferPointer<Sample>) -> Void) {
    for ring in running.withLock({ $0?.rings }) ?? [] { ring.take(body) }
  }

  /// Samples that were drawn and found no room, for they were not taken fast enough.
  public var missedSamples: UInt64 { running.withLock { $0?.rings }?.reduce(0) { $0 + $1.missed } ?? 0 }

  /// Requests with an outcome, by the loops' own count; whole once `next` has answered nil.
  public var completed: UInt64 { running.withLock { $0?.completed ?? 0 } }

  /// The next second of all loops together, without a key; waits for it. Nil when the attack is over.
  ///
  /// A second in which requests of the warm-up and others had their outcomes comes as two intervals, the second of which
  /// says how the loops fared.
  public func next() -> (interval: Interval, isLast: Bool, reason: EndReason)? {
    if let left = running.withLock({ takeLeft(&$0) }) { return left }
    while true {
      guard let (control, ready) = running.withLock({ state in state.map { ($0.control, isReady($0)) } }) else {
        return nil
      }
      if let ready {
        if !ready { return nil }
        return running.withLock { take(&$0) }
      }
      var wait = pollfd(fd: control.bell, events: Int16(POLLIN), revents: 0)
      _ = poll(&wait, 1, -1)
      Control.silence(control.bell)
    }
  }

  /// True when every loop that goes on has handed over a bank, false when none goes on, nil when one is awaited.
  private func isReady(_ state: Running) -> Bool? {
    let going = state.exchanges.indices.filter { state.nextBank[$0] != nil }
    if going.isEmpty {
      book.stop()
      return false
    }
    return going.allSatisfy { state.exchanges[$0].isSealed(state.nextBank[$0] ?? 0) } ? true : nil
  }

  private func take(_ state: inout Running?) -> (interval: Interval, isLast: Bool, reason: EndReason)? {
    guard var running = state else { return nil }
    let sealed = running.exchanges.indices.compactMap { loop in running.nextBank[loop].map { (loop, $0) } }
    let second = sealed.map { running.exchanges[$0.0].facts[$0.1].second }.min() ?? 0
    var collector = SecondCollector(compiled, second: second)
    for (loop, bank) in sealed {
      let exchange = running.exchanges[loop]
      let facts = exchange.facts[bank]
      if facts.second != second { continue }
      collector.add(facts, exchange.banks[bank], warmUp: exchange.warmUps.isEmpty ? nil : exchange.warmUps[bank])
      if facts.isLast, facts.reason.rawValue > running.reason.rawValue { running.reason = facts.reason }
      if facts.isLast { running.completed += facts.completed }
      running.nextBank[loop] = facts.isLast ? nil : 1 - bank
      exchange.giveBack(bank)
    }
    var intervals = collector.intervals()
    for interval in intervals { running.planned += interval.schedule.planned }
    running.isLast = running.nextBank.allSatisfy { $0 == nil }
    let time = running.isLast ? running.expected?.schedule.end : TimeSpan.seconds(Int64(second))
    let due = time.flatMap { running.expect(before: $0) }
    if let planned = due, running.isLast, running.reason == .planEnded {
      // What the plan gives is not asked of those who sent it: a share left out or taken twice leaves a residual.
      let surplus = running.planned > planned ? running.planned - planned : 0
      let last = intervals.count - 1
      intervals[last].schedule.planned += surplus == 0 ? planned - running.planned : 0
      intervals[last].schedule.planned -= min(surplus, intervals[last].schedule.planned)
    }
    running.left = intervals.reversed()
    state = running
    return takeLeft(&state)
  }

  private func takeLeft(_ state: inout Running?) -> (interval: Interval, isLast: Bool, reason: EndReason)? {
    guard var running = state, let interval = running.left.popLast() else { return nil }
    defer { state = running }
    return (interval, running.isLast && running.left.isEmpty, running.reason)
  }
}
