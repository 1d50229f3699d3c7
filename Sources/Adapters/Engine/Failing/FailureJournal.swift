import Measuring
import Model
import Synchronization

/// The failing exchanges of one attack that are kept, and which texts of failures are told apart. Any thread.
final class FailureJournal: Sendable {
  /// The most exchanges of a run, and the most bytes that wait to be taken.
  static let mostKept = 1_000
  static let mostBytes = 16 << 20

  /// Of each name and kind.
  let most: Int
  private let state = Mutex(State())

  private struct State {
    var kept: [FailedExchange] = []
    var counts: [Int: Int] = [:]
    var total = 0
    var bytes = 0
    var texts: Set<String> = []
  }

  init(most: Int) {
    self.most = most
  }

  /// Keeps an exchange if there is still room for its name and kind.
  ///
  /// - Parameter place: stands for both.
  /// - Returns: whether there may be room for another one.
  func offer(_ exchange: FailedExchange, place: Int) -> Bool {
    state.withLock { state in
      let count = state.counts[place, default: 0]
      if count >= most || state.total >= FailureJournal.mostKept { return false }
      // Those that nobody has written yet; the next second has room again.
      if state.bytes + exchange.size > FailureJournal.mostBytes { return true }
      state.kept.append(exchange)
      state.counts[place] = count + 1
      state.total += 1
      state.bytes += exchange.size
      return count + 1 < most && state.total < FailureJournal.mostKept
    }
  }

  /// Those kept since the last time.
  func take() -> [FailedExchange] {
    state.withLock { state in
      defer {
        state.kept = []
        state.bytes = 0
      }
      return state.kept
    }
  }

  /// Whether a text is one of those told apart: the first `CauseText.most` different ones of the run.
  func tellsApart(_ text: String) -> Bool {
    state.withLock { state in
      if state.texts.contains(text) { return true }
      if state.texts.count >= CauseText.most { return false }
      state.texts.insert(text)
      return true
    }
  }
}
