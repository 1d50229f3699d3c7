public import Model
import Wire

/// All that a master knows of its workers and of the tests that have not ended, and what it does next.
///
/// It hears events and gives actions; it asks no clock and does nothing itself. Every moment is the master's clock.
/// Facts come in by events; `advance` alone decides what follows from them, one stored change of a test at a time.
public struct FleetState: Sendable {
  public let settings: FleetSettings
  var workers: [String: WorkerLife] = [:]
  /// Which worker a connection is.
  var ids: [Peer: String] = [:]
  var tests: [Identifier: TestLife] = [:]
  /// Queued tests, the first to be served first.
  var queue: [Identifier] = []
  /// Since when the first of them is the first.
  var headSince = Instant(nanoseconds: 0)
  var nextTicket: UInt64 = 1
  var changing: [UInt64: Changing] = [:]
  /// What was decided since the last event came.
  var actions: [FleetAction] = []

  /// What a store's answer is about.
  enum Changing: Sendable {
    case assign(Identifier)
    case state(Identifier, to: TestState, start: Instant?)
    case end(Identifier, incarnation: Identifier)
    /// Nothing follows from it.
    case note
  }

  public init(_ settings: FleetSettings) {
    self.settings = settings
  }

  /// Takes an event and says what is to be done.
  ///
  /// - Parameter random: names new incarnations.
  public mutating func handle(
    _ event: FleetEvent, at now: Instant, random: inout some RandomNumberGenerator
  ) -> [FleetAction] {
    actions.removeAll(keepingCapacity: true)
    switch event {
    case .joined(let peer, let hello): joined(peer, hello, now)
    case .message(let peer, let message, let request): heard(message, peer, request, now)
    case .left(let peer): left(peer)
    case .submitted(let test): submitted(test, now)
    case .stop(let run, let kind, let text): stop(run, kind, text)
    case .stored(let ticket, let isMade): stored(ticket, isMade, now)
    case .adopted(let tests): adopt(tests, now)
    case .tick: break
    }
    for run in tests.keys.sorted(by: { ($0.high, $0.low) < ($1.high, $1.low) }) { advance(run, now) }
    serveQueue(now, &random)
    return actions
  }

  mutating func store(_ change: FleetChange, _ changing: Changing) {
    actions.append(.store(nextTicket, change))
    self.changing[nextTicket] = changing
    nextTicket += 1
  }

  /// Says something to a worker, if it is there.
  mutating func say(_ message: Message, to worker: String, request: UInt64 = 0) {
    guard let peer = workers[worker]?.registeredPeer else { return }
    actions.append(.send(peer, message, request: request))
  }
}
