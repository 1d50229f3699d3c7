import Fleet
import Model

/// PostgreSQL as far as a fleet needs it: compare-and-set, and what a new master finds.
struct SimulatedStore {
  struct Row {
    var test: QueuedTest
    var state = TestState.queued
    var epoch: UInt32 = 0
    var start: Instant?
    var parts: [AdoptedTest.Part] = []
  }

  var rows: [Identifier: Row] = [:]
  var order: [Identifier] = []
  /// Lives that were said to have ended more than once, or were never assigned.
  var faults: [String] = []

  mutating func submit(_ test: QueuedTest) {
    rows[test.run] = Row(test: test)
    order.append(test.run)
  }

  /// - Returns: whether the change was made.
  mutating func apply(_ change: FleetChange) -> Bool {
    switch change {
    case .assign(let run, let from, let to, let epoch, let parts):
      guard var row = rows[run], row.state == from, row.epoch + 1 == epoch else { return false }
      for part in parts {
        let isBusy = rows.values.contains { $0.parts.contains { $0.worker == part.worker && !$0.state.isEnd } }
        if isBusy { faults.append("\(part.worker) was given a second part") }
      }
      (row.state, row.epoch, row.parts) = (to, epoch, parts)
      rows[run] = row
      return true
    case .state(let run, let from, let to, _, let start):
      guard rows[run]?.state == from else { return false }
      if from.isEnd { faults.append("\(run) changed after its end") }
      rows[run]?.state = to
      if let start { rows[run]?.start = start }
      return true
    case .worker(let incarnation, let to, _):
      for run in order {
        guard let index = rows[run]?.parts.firstIndex(where: { $0.incarnation == incarnation }) else { continue }
        if rows[run]?.parts[index].state.isEnd == true { return false }
        rows[run]?.parts[index].state = to
        return true
      }
      faults.append("\(incarnation) was never assigned")
      return false
    }
  }

  func state(of incarnation: Identifier) -> (test: TestState, part: TestWorkerState)? {
    for row in rows.values {
      if let part = row.parts.first(where: { $0.incarnation == incarnation }) { return (row.state, part.state) }
    }
    return nil
  }

  var open: [AdoptedTest] {
    order.compactMap { rows[$0] }.filter { row in !row.state.isEnd || row.parts.contains { !$0.state.isEnd } }.map {
      AdoptedTest(test: $0.test, state: $0.state, epoch: $0.epoch, start: $0.start, parts: $0.parts)
    }
  }
}
