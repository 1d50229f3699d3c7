import Model
import Synchronization

/// Until when an attack may send. Any thread may read and extend it; the loops keep copies, which are never later than
/// it is, and look here only when those have run out.
final class Allowance: Sendable {
  /// Nothing is sent from here on.
  private let until = Atomic<Int64>(.max)
  /// What is due from here on may not be sent yet.
  private let horizon = Atomic<Int64>(.max)
  private let isLimited = Atomic<Bool>(false)

  /// The first call sets both; later ones can only extend them.
  func extend(until: Int64, horizon: Int64) {
    if !isLimited.exchange(true, ordering: .relaxed) {
      self.until.store(until, ordering: .relaxed)
      self.horizon.store(horizon, ordering: .relaxed)
      return
    }
    _ = self.until.max(until, ordering: .relaxed)
    _ = self.horizon.max(horizon, ordering: .relaxed)
  }

  var now: (until: Int64, horizon: Int64) {
    (until.load(ordering: .relaxed), horizon.load(ordering: .relaxed))
  }
}
