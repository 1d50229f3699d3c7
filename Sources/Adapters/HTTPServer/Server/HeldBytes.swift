import Synchronization

/// How many bytes of requests a server holds in memory, over all its connections and loops. Any thread.
final class HeldBytes: Sendable {
  private let most: Int
  private let held = Atomic<Int>(0)

  init(most: Int) {
    self.most = most
  }

  /// Counts bytes in, or refuses them.
  func take(_ bytes: Int) -> Bool {
    // Counted in first, so that two that ask at once can't both be let in; the loser counts itself out again.
    if held.add(bytes, ordering: .relaxed).newValue <= most { return true }
    give(bytes)
    return false
  }

  /// Counts out bytes that were taken.
  func give(_ bytes: Int) { held.subtract(bytes, ordering: .relaxed) }

  /// Bytes held now.
  var count: Int { held.load(ordering: .relaxed) }
}
