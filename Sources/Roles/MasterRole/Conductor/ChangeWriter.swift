import EventLoop
import Fleet
import Log
import Model
import PostgresIO
import Threads

/// Makes the fleet's changes in PostgreSQL, one after the other, on a thread of its own.
///
/// Each is tried until it is clear what became of it: where PostgreSQL is away it waits, and where a connection broke at
/// a COMMIT it looks at what is stored. So one change that can't be made now holds up those behind it, on purpose:
/// they may rest on it.
final class ChangeWriter: Sendable {
  /// How changes end.
  struct Outcome: Sendable {
    /// The change with this number was made, or found another state than it expected.
    var stored: @Sendable (UInt64, Bool) -> Void
    /// Another master has taken over; nothing is written any more.
    var superseded: @Sendable (String) -> Void
  }

  private struct State {
    var waiting: [(number: UInt64, change: FleetChange)] = []
    var isStopped = false
    var hasEnded = false
  }

  private let address: PostgresAddress
  private let term: UInt64
  private let log: Logger
  private let outcome: Outcome
  private let state = Monitor(State())

  init(_ address: PostgresAddress, term: UInt64, log: Logger, outcome: Outcome) {
    self.address = address
    self.term = term
    self.log = log
    self.outcome = outcome
  }

  func start() throws(SystemError) {
    try OwnThread(name: "fleet store") { [self] in
      work()
      state.change { $0.hasEnded = true }
    }.detach()
  }

  func add(_ number: UInt64, _ change: FleetChange) {
    state.change { $0.waiting.append((number, change)) }
  }

  /// Ends after what waits; what can't be made within the span is left to the next master.
  func stop(within span: Duration) {
    state.change { $0.isStopped = true }
    _ = state.wait(within: span) { $0.hasEnded ? true : nil }
  }

  // MARK: its thread

  private func work() {
    var store: FleetStore?
    while true {
      let next = state.wait { state -> (number: UInt64, change: FleetChange)?? in
        if let first = state.waiting.first { return .some(first) }
        return state.isStopped ? .some(nil) : nil
      }
      guard let next = next.flatMap({ $0 }) else { return }
      guard let isMade = persist(next.change, &store) else { return }
      state.read { _ = $0.waiting.removeFirst() }
      outcome.stored(next.number, isMade)
    }
  }

  /// Whether it was made; nil where no more is to be tried.
  private func persist(_ change: FleetChange, _ store: inout FleetStore?) -> Bool? {
    var backOff = BackOff(from: .milliseconds(100), to: .seconds(5))
    var source = SystemRandomNumberGenerator()
    var isUnclear = false
    while true {
      do throws(FleetStoreError) {
        let open: FleetStore
        if let store, store.isConnected { open = store } else { open = try connect() }
        store = open
        if try open.make(change) { return true }
        return isUnclear ? try open.isMade(change) : false
      } catch {
        switch error {
        case .superseded:
          outcome.superseded("\(error)")
          return nil
        case .workerBusy(let text):
          log.error("a change of a test was refused: \(text)")
          return false
        case .postgres(let cause):
          if cause.isAboutData {
            log.error("a change of a test was refused: \(cause)")
            return false
          }
          isUnclear = isUnclear || cause.isDisconnected
          let span = backOff.next(&source)
          if backOff.tries % 8 == 1 { log.warning("\(cause)", Field("retry_in", span)) }
          let isOver = state.wait(within: .nanoseconds(span.nanoseconds)) { $0.isStopped ? true : nil }
          if isOver == true { return nil }
        }
      }
    }
  }

  private func connect() throws(FleetStoreError) -> FleetStore {
    do throws(PostgresError) {
      return FleetStore(try Database(address, application: "stampede-master-fleet"), term: term)
    } catch { throw .postgres(error) }
  }
}

extension FleetStore {
  /// Makes the change; false where the stored state is another than it expects.
  fileprivate func make(_ change: FleetChange) throws(FleetStoreError) -> Bool {
    switch change {
    case .assign(let run, let from, let to, let epoch, let parts):
      return try assign(
        run, from: [from], to: to, epoch: UInt64(epoch),
        workers: parts.map { StoredTestWorker($0, epoch: UInt64(epoch)) })
    case .state(let run, let from, let to, let reason, let start):
      let startedAt = start.map { TimeOfDay.milliseconds(at: $0) }
      return try self.change(run, from: [from], to: to, reason: reason, startedAt: startedAt)
    case .worker(let incarnation, let to, let end):
      return try changeWorker(
        incarnation, to: to, records: end?.records, completed: end?.completed, endedReason: end?.reason,
        problem: end?.problem)
    }
  }

  /// Whether the change was made by an earlier try whose end nobody saw.
  fileprivate func isMade(_ change: FleetChange) throws(FleetStoreError) -> Bool {
    do throws(PostgresError) {
      switch change {
      case .assign(let run, _, let to, let epoch, let parts):
        guard let test = try find(run), test.state == to, test.epoch == UInt64(epoch), test.term == term else {
          return false
        }
        let known = Set(test.workers.map(\.incarnation))
        return parts.allSatisfy { known.contains($0.incarnation) }
      case .state(let run, _, let to, _, _):
        guard let test = try find(run) else { return false }
        return test.state == to && test.term == term
      case .worker(let incarnation, let to, _):
        return try stateOfWorker(incarnation) == to
      }
    } catch { throw .postgres(error) }
  }
}

extension StoredTestWorker {
  fileprivate init(_ part: AdoptedTest.Part, epoch: UInt64) {
    self.init(
      incarnation: part.incarnation, worker: part.worker, host: part.host, share: part.share, shares: part.shares,
      epoch: epoch)
    state = part.state
  }
}
