import EventLoop
import Glibc
import Measuring
import Model
import Plans
import RPC
import TestSupport
import Threads
import Wire

/// The master's side of the wire, doing what a test tells it: answers heartbeats with grants, notes all it hears.
final class ScriptedMaster: Sendable {
  static let token = "a join token of the tests"

  struct State {
    var peers: [String: Peer] = [:]
    var heard: [(peer: Peer, message: Message, request: UInt64)] = []
    var reasons: [String] = []
    /// Runs that may send, by incarnation: the grant to copy, and the run's start on the master's clock.
    var grants: [Identifier: (grant: Grant, start: Instant?)] = [:]
    var records: [Identifier: [[UInt8]]] = [:]
  }

  let address: SocketAddress
  let state: Monitor<State>
  private let hub: Hub
  private let term: UInt64

  /// - Parameter state: of a master before this one, so that its runs go on.
  init(port: UInt16 = 0, term: UInt64 = 1, state given: State = State()) throws {
    var settings = HubSettings(
      address: SocketAddress(.v4(0x7F00_0001), port: port), token: ScriptedMaster.token, term: term,
      master: Identifier(high: term, low: 1), version: "test")
    settings.stoppingTime = .milliseconds(500)
    let state = Monitor(given)
    self.state = state
    self.term = term
    let back = WayBack()
    hub = Hub(settings) { event in
      if let hub = back.hub { ScriptedMaster.hear(event, state, hub, term) }
    }
    back.hub = hub
    address = try hub.start()
  }

  /// Written before the hub starts, read afterwards.
  private final class WayBack: @unchecked Sendable {  // not changed once there is a second thread
    weak var hub: Hub?
  }

  deinit { vanish() }

  /// As if its power went; gives what a successor needs.
  @discardableResult
  func vanish() -> State {
    hub.abort()
    hub.wait()
    return state.read { state in
      var left = State()
      left.grants = state.grants
      left.records = state.records
      return left
    }
  }

  private static func hear(_ event: Hub.Event, _ state: Monitor<State>, _ hub: Hub, _ term: UInt64) {
    switch event {
    case .joined(let peer, let hello, _): state.change { $0.peers[hello.worker] = peer }
    case .left(_, let reason): state.change { $0.reasons.append(reason) }
    case .turnedAway(_, let reason): state.change { $0.reasons.append(reason) }
    case .message(let peer, let message, let request, let now):
      switch message {
      case .register: hub.send(.registered(Registered(worker: "")), request: request, to: peer)
      case .heartbeat(let heartbeat):
        let known = heartbeat.incarnation.flatMap { life in state.read { $0.grants[life] } }
        let beat = Beat(
          nonce: heartbeat.nonce, term: term, received: now, sent: MonotonicClock.now(),
          grant: known.map { grown($0.grant, $0.start, now, term) })
        hub.send(.beat(beat), request: request, to: peer)
      case .progress(let progress):
        state.change { $0.records[progress.incarnation, default: []].append(progress.record) }
      case .complete(let complete):
        let completed = Completed(run: complete.run, incarnation: complete.incarnation)
        hub.send(.completed(completed), request: request, to: peer)
      case _: break
      }
      state.change { $0.heard.append((peer, message, request)) }
    }
  }

  /// One second beyond the lease, as a fleet grants.
  private static func grown(_ grant: Grant, _ start: Instant?, _ now: Instant, _ term: UInt64) -> Grant {
    var grant = grant
    grant.term = term
    if let start { grant.horizon = max(.zero, now - start + grant.lease + .seconds(1)) }
    return grant
  }

  // MARK: what tests do

  func wait<Found>(_ what: String, _ pick: (State) -> Found?) throws -> Found {
    guard let found = state.wait(within: .seconds(60), until: { pick($0) }) else {
      throw TestError("no \(what); heard \(state.read { $0.heard.map(\.message.name) }), \(state.read { $0.reasons })")
    }
    return found
  }

  func peer(_ worker: String) throws -> Peer { try wait("worker \(worker)") { $0.peers[worker] } }

  /// The first of its kind from that worker.
  func message<Found>(_ what: String, from peer: Peer? = nil, _ pick: (Message) -> Found?) throws -> Found {
    try wait(what) { state in
      for (sender, message, _) in state.heard where peer == nil || sender == peer {
        if let found = pick(message) { return found }
      }
      return nil
    }
  }

  /// Assigns one share of a plan.
  func assign(
    _ plan: Plan, to peer: Peer, run: Identifier, share: UInt32 = 0, of shares: UInt32 = 1, topic: String = "",
    lease: TimeSpan = .seconds(5), denied: [String] = []
  ) -> Identifier {
    var random = SystemRandomNumberGenerator()
    let life = Identifier(random: &random)
    let grant = Grant(run: run, incarnation: life, term: term, epoch: 1, horizon: .zero, lease: lease)
    state.change { $0.grants[life] = (grant, nil) }
    var users = UserShare()
    if case .users(let shape) = plan.load.model {
      let count = shape.peakUsers
      users = UserShare(
        first: share, stride: shares, count: UInt32(count) / shares + (share < UInt32(count) % shares ? 1 : 0))
    }
    let assign = Assign(
      grant: grant, plan: String(decoding: PlanText.encode(plan), as: UTF8.self),
      slots: [SlotShare(offset: UInt16(share), stride: UInt16(shares))], users: users, share: share, of: shares,
      topic: topic, denied: denied, name: plan.name)
    hub.send(.assign(assign), request: 77, to: peer)
    return life
  }

  func ready(_ life: Identifier) throws -> Ready {
    try message("Ready") { if case .ready(let ready) = $0, ready.incarnation == life { ready } else { nil } }
  }

  /// Starts a run that is ready; the start is that far ahead.
  func start(_ lives: [Identifier], to peers: [Peer], in lead: TimeSpan = .milliseconds(500)) -> Instant {
    let start = MonotonicClock.now() + lead
    for (life, peer) in zip(lives, peers) {
      guard var grant = state.read({ $0.grants[life]?.grant }) else { continue }
      state.change { $0.grants[life]?.start = start }
      grant.horizon = grant.lease + .seconds(1)
      hub.send(.start(Start(grant: grant, start: start)), to: peer)
    }
    return start
  }

  func stop(_ life: Identifier, _ kind: StopKind, to peer: Peer) throws {
    guard let grant = state.read({ $0.grants[life]?.grant }) else { throw TestError("no such run") }
    hub.send(.stop(Stop(run: grant.run, incarnation: life, kind: kind, text: "the test")), to: peer)
  }

  func complete(_ life: Identifier) throws -> Complete {
    try message("Complete") { if case .complete(let end) = $0, end.incarnation == life { end } else { nil } }
  }

  /// The seconds of an incarnation as they were told, decoded.
  func intervals(_ life: Identifier) throws -> [Interval] {
    try state.read { $0.records[life] ?? [] }.compactMap { bytes in
      if case .interval(let interval) = try Record.decode(bytes[...]) { interval } else { nil }
    }
  }
}
