import Fleet
import Measuring
import Model
import TestSupport
import Testing
import Wire

/// A fleet under test with a clock of its own: stores what it wants stored, at once or when told, and keeps what it says.
struct Bench {
  var fleet: FleetState
  var now = Instant(nanoseconds: 1_000_000_000_000)
  var random = SplitMix(seed: 7)
  /// Said to workers, in order.
  var said: [(peer: Peer, message: Message)] = []
  var dropped: [(peer: Peer, why: Refusal)] = []
  var stored: [FleetChange] = []
  var ended: [Identifier] = []
  var records = 0
  /// Changes wait here where they are not made at once.
  var waiting: [(ticket: UInt64, change: FleetChange)] = []
  var storesAtOnce = true

  init(term: UInt64 = 1) {
    fleet = FleetState(FleetSettings(term: term, topic: "results"))
  }

  mutating func hear(_ event: FleetEvent) {
    for action in fleet.handle(event, at: now, random: &random) {
      switch action {
      case .send(let peer, let message, _): said.append((peer, message))
      case .drop(let peer, let refused): dropped.append((peer, refused.why))
      case .store(let ticket, let change): waiting.append((ticket, change))
      case .ended(let run): ended.append(run)
      case .record: records += 1
      case .began, .changed: break
      }
    }
    if storesAtOnce { storeAll() }
  }

  mutating func storeAll() {
    while !waiting.isEmpty { storeNext() }
  }

  mutating func storeNext(_ isMade: Bool = true) {
    let (ticket, change) = waiting.removeFirst()
    if isMade { stored.append(change) }
    hear(.stored(ticket, isMade))
  }

  /// Lets time pass, a tenth of a second at a time, while these workers go on with their heartbeats.
  mutating func pass(_ seconds: Double, beating: [Worker] = []) {
    let end = now + TimeSpan(nanoseconds: Int64(seconds * 1e9))
    var step = 0
    while now < end {
      now = min(end, now + .milliseconds(100))
      step += 1
      if step % 10 == 0 { for worker in beating { beat(worker) } }
      hear(.tick)
    }
  }

  /// A worker process on a connection.
  struct Worker {
    var id: String
    var process: Identifier
    var peer: Peer
    var state = WorkerState.idle
    var run: Identifier?
    var incarnation: Identifier?
  }

  mutating func join(_ id: String, process: UInt64, peer: UInt64) -> Worker {
    let worker = Worker(id: id, process: Identifier(high: 9, low: process), peer: Peer(number: peer))
    connect(worker)
    return worker
  }

  mutating func connect(_ worker: Worker, term: UInt64 = 0) {
    hear(.joined(worker.peer, Hello(token: "t", worker: worker.id, process: worker.process)))
    let register = Register(term: term, state: worker.state, run: worker.run, incarnation: worker.incarnation)
    hear(.message(worker.peer, .register(register), request: 1))
  }

  mutating func beat(_ worker: Worker) {
    let heartbeat = Heartbeat(nonce: 1, state: worker.state, run: worker.run, incarnation: worker.incarnation)
    hear(.message(worker.peer, .heartbeat(heartbeat), request: 2))
  }

  /// Takes the assignment that the worker was sent last, and says that it is ready.
  mutating func takeAssignment(_ worker: inout Worker, problem: String = "") -> Assign? {
    guard let assign = assignment(of: worker) else { return nil }
    worker.run = assign.grant.run
    worker.incarnation = assign.grant.incarnation
    worker.state = .ready
    beat(worker)
    let ready = Ready(
      run: assign.grant.run, incarnation: assign.grant.incarnation, epoch: assign.grant.epoch, problem: problem)
    hear(.message(worker.peer, .ready(ready), request: 0))
    return assign
  }

  /// The same where there must be one.
  mutating func prepare(_ worker: inout Worker) throws {
    let assign = takeAssignment(&worker)
    _ = try #require(assign)
  }

  mutating func complete(_ worker: inout Worker, _ reason: EndReason = .planEnded, problem: String = "") {
    guard let run = worker.run, let incarnation = worker.incarnation else { return }
    let complete = Complete(
      run: run, incarnation: incarnation, records: 3, completed: 30, reason: reason, problem: problem)
    hear(.message(worker.peer, .complete(complete), request: 5))
    worker.state = .idle
    worker.run = nil
    worker.incarnation = nil
    beat(worker)
  }

  func assignment(of worker: Worker) -> Assign? {
    for (peer, message) in said.reversed() where peer == worker.peer {
      if case .assign(let assign) = message { return assign }
    }
    return nil
  }

  func start(of worker: Worker) -> Start? {
    for (peer, message) in said.reversed() where peer == worker.peer {
      if case .start(let start) = message { return start }
    }
    return nil
  }

  func stops(of worker: Worker) -> [StopKind] {
    said.compactMap { peer, message in
      if peer == worker.peer, case .stop(let stop) = message { stop.kind } else { nil }
    }
  }

  func lastGrant(of worker: Worker) -> Grant? {
    for (peer, message) in said.reversed() where peer == worker.peer {
      if case .beat(let beat) = message { return beat.grant }
    }
    return nil
  }

  /// The stored states of a test, in order.
  func states(of run: Identifier) -> [TestState] {
    stored.compactMap { change in
      switch change {
      case .assign(run, _, let state, _, _): state
      case .state(run, _, let state, _, _): state
      default: nil
      }
    }
  }

  func reason(of run: Identifier) -> String? {
    for change in stored.reversed() {
      if case .state(run, _, _, let reason, _) = change { return reason }
    }
    return nil
  }

  func ends(of run: Identifier) -> [TestWorkerState] {
    stored.compactMap { if case .worker(_, let state, _) = $0 { state } else { nil } }
  }

  static func test(
    _ number: UInt64, workers: Int? = nil, users: Int? = nil, duration: TimeSpan? = .seconds(10)
  ) throws -> QueuedTest {
    let model: Load.Model = try users.map { .users($0) } ?? .arrivals(Rate(count: 100, per: .seconds(1)))
    return QueuedTest(
      run: Identifier(high: 5, low: number), name: "test \(number)", plan: "{}",
      load: Load(model: model, duration: duration), grace: .seconds(2), workers: workers, allowed: [],
      denied: ["10.0.0.1"])
  }
}
