import Fleet
import Model
import TestSupport
import Wire

/// A master, its store and its workers in one place, with everything that can go wrong between them.
struct Simulation {
  var now = Instant(nanoseconds: 5_000_000_000_000)
  var random: SplitMix
  var store = SimulatedStore()
  var fleet: FleetState
  var term: UInt64 = 1
  var workers: [SimulatedWorker] = []
  /// Under way: to the master, or to a worker by its connection.
  private var toMaster: [(at: Instant, event: FleetEvent)] = []
  private var toWorker: [(at: Instant, peer: Peer, message: Message)] = []
  private var changes: [(ticket: UInt64, change: FleetChange)] = []
  private var nextPeer: UInt64 = 1
  private var nextProcess: UInt64 = 1
  private var nextRun: UInt64 = 1
  var isStoreAway = false
  var isCalm = false
  private(set) var faults: [String] = []
  private(set) var sends = 0

  init(seed: UInt64) {
    random = SplitMix(seed: seed)
    fleet = FleetState(FleetSettings(term: 1, topic: "results"))
  }

  mutating func chance(_ percent: Double) -> Bool { Double.random(in: 0..<100, using: &random) < percent }

  // MARK: what people and fate do

  mutating func submit() {
    let model: Load.Model =
      (try? chance(50) ? .users(Int.random(in: 1...9, using: &random)) : .arrivals(Rate(count: 9, per: .seconds(1))))
      ?? .users(1)
    let test = QueuedTest(
      run: Identifier(high: 3, low: nextRun), name: "t", plan: "{}",
      load: Load(model: model, duration: .seconds(Int64.random(in: 1...20, using: &random))), grace: .seconds(1),
      workers: chance(50) ? Int.random(in: 1...4, using: &random) : nil)
    nextRun += 1
    store.submit(test)
    hear(.submitted(test))
  }

  mutating func startWorker(_ id: String) {
    workers.removeAll { $0.id == id && $0.peer == nil }
    if workers.contains(where: { $0.id == id }) { return }
    let skew = TimeSpan.milliseconds(Int64.random(in: -9_000_000...9_000_000, using: &random))
    workers.append(SimulatedWorker(id: id, process: Identifier(high: 4, low: nextProcess), skew: skew))
    nextProcess += 1
  }

  mutating func cut(_ index: Int) {
    guard let peer = workers[index].peer else { return }
    workers[index].peer = nil
    toWorker.removeAll { $0.peer == peer }
    toMaster.append((now + .milliseconds(Int64.random(in: 0...3_000, using: &random)), .left(peer)))
  }

  mutating func restartMaster() {
    // A change under way may have been made or not.
    if let (_, change) = changes.first, chance(50) { _ = store.apply(change) }
    changes = []
    toMaster = []
    toWorker = []
    for index in workers.indices { workers[index].peer = nil }
    term += 1
    fleet = FleetState(FleetSettings(term: term, topic: "results"))
    hear(.adopted(store.open))
  }

  // MARK: one step of 50 ms

  mutating func step() {
    now = now + .milliseconds(50)
    if !isStoreAway, let (ticket, change) = changes.first {
      changes.removeFirst()
      hear(.stored(ticket, store.apply(change)))
    }
    for index in workers.indices { live(index) }
    deliver()
    hear(.tick)
    check()
  }

  private mutating func live(_ index: Int) {
    if workers[index].peer == nil, isCalm || chance(5) { connect(index) }
    guard let peer = workers[index].peer else {
      _ = workers[index].pass(now)
      return
    }
    for message in workers[index].pass(now) { post(message, from: peer) }
    if now >= workers[index].nextBeat { post(workers[index].beat(now), from: peer) }
  }

  private mutating func connect(_ index: Int) {
    let peer = Peer(number: nextPeer)
    nextPeer += 1
    workers[index].peer = peer
    hear(.joined(peer, Hello(token: "t", worker: workers[index].id, process: workers[index].process)))
    guard workers[index].peer == peer else { return }
    post(workers[index].register(), from: peer)
    if let word = workers[index].lastWord { post(word, from: peer) }
  }

  private mutating func delay() -> TimeSpan {
    .milliseconds(isCalm ? 1 : Int64.random(in: 0...(chance(3) ? 4_000 : 60), using: &random))
  }

  /// A connection keeps the order of what is sent on it.
  private mutating func post(_ message: Message, from peer: Peer) {
    let last = toMaster.last { item in
      if case .message(peer, _, _) = item.event { true } else { false }
    }
    let at = max(now + delay(), last?.at ?? now)
    toMaster.append((at, .message(peer, message, request: 1)))
  }

  private mutating func deliver() {
    let ready = toMaster.filter { $0.at <= now }
    toMaster.removeAll { $0.at <= now }
    for (_, event) in ready { hear(event) }
    let come = toWorker.filter { $0.at <= now }
    toWorker.removeAll { $0.at <= now }
    for (_, peer, message) in come {
      guard let index = workers.firstIndex(where: { $0.peer == peer }) else { continue }
      var duration = TimeSpan.seconds(5)
      if case .assign(let assign) = message {
        duration = store.rows[assign.grant.run]?.test.load.duration ?? duration
        if store.state(of: assign.grant.incarnation) == nil { faults.append("an assignment that is not stored") }
      }
      if case .start(let start) = message, store.rows[start.grant.run]?.start == nil {
        faults.append("a start that is not stored")
      }
      for answer in workers[index].take(message, now, duration: duration) { post(answer, from: peer) }
    }
  }

  private mutating func hear(_ event: FleetEvent) {
    for action in fleet.handle(event, at: now, random: &random) {
      switch action {
      case .send(let peer, let message, _):
        let last = toWorker.last { $0.peer == peer }
        toWorker.append((max(now + delay(), last?.at ?? now), peer, message))
      case .drop(let peer, _):
        if let index = workers.firstIndex(where: { $0.peer == peer }) { workers[index].peer = nil }
        toMaster.append((now, .left(peer)))
      case .store(let ticket, let change): changes.append((ticket, change))
      case .began, .record, .changed, .ended: break
      }
    }
  }

  // MARK: what must never be

  private mutating func check() {
    for worker in workers where worker.isSending(now) {
      sends += 1
      guard let lease = worker.lease, let stored = store.state(of: lease.incarnation) else {
        faults.append("\(worker.id) sends for a part that is not stored")
        continue
      }
      if stored.part.isEnd { faults.append("\(worker.id) sends after its part was stored as \(stored.part)") }
      if stored.test != .running && stored.test != .draining && !stored.part.isEnd {
        faults.append("\(worker.id) sends while its test is \(stored.test)")
      }
    }
    let busy = store.rows.values.flatMap(\.parts).filter { !$0.state.isEnd }.map(\.worker)
    if Set(busy).count != busy.count { faults.append("a worker has two parts: \(busy)") }
    faults += store.faults
    store.faults = []
  }

  /// Tests that have not ended, or have workers that have not.
  var openTests: Int { store.open.count }
}
