import Measuring
import Model
import Summary
import Threads

/// What the master shows of what goes on now: workers, running tests, and who listens to their events. Any thread; no
/// call blocks for longer than a copy.
final class Board: Sendable {
  /// A worker, as people are told of it.
  struct WorkerNote: Sendable, Equatable {
    var worker: String
    var state: String
    var host: String
    var version: String
    var cpus: Int
    /// Milliseconds since 1970.
    var since: Int64
    var run: Identifier?
  }

  typealias Deliver = @Sendable (ServerEvent) -> Void

  private struct Entry {
    var live: LiveRun?
    var log: EventLog
    var listeners: [UInt64: Deliver] = [:]

    mutating func tell(_ kind: ServerEvent.Kind, _ json: [UInt8]) {
      let event = log.append(kind, json)
      for deliver in listeners.values { deliver(event) }
    }
  }

  private struct State {
    var workers: [WorkerNote] = []
    var entries: [Identifier: Entry] = [:]
    var listeners = 0
    var nextListener: UInt64 = 1
  }

  private let state = Monitor(State())
  private let epoch: UInt32
  /// Streams of events at once, over all runs.
  static let mostListeners = 500

  init() { epoch = UInt32.random(in: 1...(.max)) }

  // MARK: what goes on

  func show(_ workers: [WorkerNote]) { state.change { $0.workers = workers } }
  var workers: [WorkerNote] { state.read { $0.workers } }

  /// A run is about to begin.
  func begin(_ run: Identifier, _ description: RunDescription) {
    state.change { $0.entries[run, default: Entry(log: EventLog(epoch: epoch))].live = LiveRun(description) }
  }

  /// A run that another master began goes on: its seconds are told, its sum is not known.
  func resume(_ run: Identifier, _ description: RunDescription) {
    state.change {
      $0.entries[run, default: Entry(log: EventLog(epoch: epoch))].live = LiveRun(description, isWhole: false)
    }
  }

  /// Counts a worker's second in, and tells listeners of seconds that are whole by now.
  func count(_ run: Identifier, _ interval: Interval) {
    state.change { state in
      guard state.entries[run]?.live != nil else { return }
      for line in state.entries[run]?.live?.add(interval) ?? [] { state.entries[run]?.tell(.second, line.json) }
    }
  }

  /// Tells listeners what a test has become.
  func tell(_ run: Identifier, _ test: [UInt8], isEnd: Bool) {
    state.change { state in
      state.entries[run]?.tell(.state, test)
      if !isEnd { return }
      state.entries[run]?.tell(.end, test)
      state.listeners -= state.entries[run]?.listeners.count ?? 0
      state.entries[run] = nil
    }
  }

  /// The sum of what a running test's workers have told; nil where not all of it was heard.
  func builder(_ run: Identifier) -> SummaryBuilder? {
    state.read { state in
      guard let live = state.entries[run]?.live, live.isWhole else { return nil }
      return live.builder
    }
  }

  /// The last whole second of a running test.
  func line(_ run: Identifier) -> LiveLine? { state.read { $0.entries[run]?.live?.line } }

  var running: Int { state.read { $0.entries.values.count { $0.live != nil } } }

  // MARK: listeners

  /// A listener, and what it missed since the event that it names.
  struct Listening: Sendable {
    let number: UInt64
    let missed: [ServerEvent]
    /// For an event that it is given beside the others.
    let lastID: String
  }

  /// Listens to a run's events until `unlisten`, or until the test has ended; nil where there are too many listeners.
  ///
  /// - Parameter deliver: called on whatever thread has news; it must return at once.
  func listen(to run: Identifier, after id: String?, deliver: @escaping Deliver) -> Listening? {
    state.change { state in
      if state.listeners >= Board.mostListeners { return nil }
      state.listeners += 1
      let number = state.nextListener
      state.nextListener += 1
      var entry = state.entries[run] ?? Entry(log: EventLog(epoch: epoch))
      entry.listeners[number] = deliver
      state.entries[run] = entry
      return Listening(number: number, missed: entry.log.after(id), lastID: entry.log.lastID)
    }
  }

  func unlisten(_ run: Identifier, _ number: UInt64) {
    state.change { state in
      guard state.entries[run]?.listeners.removeValue(forKey: number) != nil else { return }
      state.listeners -= 1
      if let entry = state.entries[run], entry.listeners.isEmpty, entry.live == nil { state.entries[run] = nil }
    }
  }

  var listenerCount: Int { state.read { $0.listeners } }
}
