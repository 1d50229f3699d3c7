/// How a group of services comes to its end: events in, what is to be done out. Pure.
///
/// Services stop one after the other, the last started first, so that each still finds below it what it was started
/// upon. Aborting cuts all off at once.
///
/// ```
/// running ── signal, or one ends ──> stopping ── signal ──> aborting ── signal ──> giveUp
///    └──────────── all ended: finish ────┴───────────────────────┘
/// ```
struct Shutdown: Equatable {
  enum Action: Equatable {
    case stop(Int)
    case abort(Int)
    /// All have ended.
    case finish
    /// The user wants out although the abort has not ended.
    case giveUp
  }

  private enum Phase: Equatable {
    case running, stopping, aborting
  }

  private var phase = Phase.running
  private var isAlive: [Bool]

  init(services: Int) {
    isAlive = Array(repeating: true, count: services)
  }

  /// A user or the system asked for the end.
  mutating func signal() -> [Action] {
    switch phase {
    case .running:
      phase = .stopping
      return stopLast()
    case .stopping:
      phase = .aborting
      return isAlive.indices.reversed().filter { isAlive[$0] }.map { .abort($0) }
    case .aborting:
      return [.giveUp]
    }
  }

  /// A service's `run` has returned or thrown.
  mutating func ended(_ index: Int) -> [Action] {
    guard isAlive.indices.contains(index), isAlive[index] else { return [] }
    isAlive[index] = false
    switch phase {
    case .running, .stopping:
      phase = .stopping
      return stopLast()
    case .aborting:
      return isAlive.contains(true) ? [] : [.finish]
    }
  }

  private func stopLast() -> [Action] {
    guard let last = isAlive.lastIndex(of: true) else { return [.finish] }
    return [.stop(last)]
  }
}
