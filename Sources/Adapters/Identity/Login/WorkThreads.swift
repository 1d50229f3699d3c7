import Threads

/// A few threads for work that blocks, with a bounded queue before them.
///
/// Any thread may use it. When the last reference goes, what runs is finished and what waits is dropped.
final class WorkThreads: Sendable {
  typealias Work = @Sendable () -> Void

  private struct State {
    var waiting: [Work] = []
    var isStopped = false
  }

  private let state = Monitor(State())
  private let capacity: Int

  /// - Parameter capacity: how many may wait.
  init(name: String, threads: Int, capacity: Int) throws(SystemError) {
    self.capacity = capacity
    let state = state
    for number in 1...max(1, threads) {
      try OwnThread(name: "\(name) \(number)", niceness: 5) {
        while let work = WorkThreads.next(state) { work() }
      }.detach()
    }
  }

  deinit { stop() }

  /// Queues work; false where there is no room.
  func add(_ work: @escaping Work) -> Bool {
    state.change { state in
      if state.isStopped || state.waiting.count >= capacity { return false }
      state.waiting.append(work)
      return true
    }
  }

  /// Takes no more work, and drops what waits.
  func stop() {
    let dropped = state.change { state in
      state.isStopped = true
      defer { state.waiting = [] }
      return state.waiting
    }
    withExtendedLifetime(dropped) {}
  }

  private static func next(_ state: Monitor<State>) -> Work? {
    state.wait { state -> Work?? in
      if state.isStopped { return .some(nil) }
      return state.waiting.isEmpty ? nil : .some(state.waiting.removeFirst())
    } ?? nil
  }
}
