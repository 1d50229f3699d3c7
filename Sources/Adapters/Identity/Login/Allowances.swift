import Model

/// How many attempts each of many keys has left, in bounded memory. Pure.
///
/// A key may try `burst` times at once and once more every `interval` (the generic cell rate algorithm: one moment a
/// key, at which all its attempts are forgotten).
///
/// ```
/// moment = max(moment, now) + interval       allowed while moment − now ≤ burst · interval
/// ```
struct Allowances<Key: Hashable & Sendable>: Sendable {
  private let burst: Int64
  private let interval: TimeSpan
  private let capacity: Int
  private var moments: [Key: Instant] = [:]

  init(burst: Int64, interval: TimeSpan, capacity: Int) {
    self.burst = burst
    self.interval = interval
    self.capacity = max(1, capacity)
  }

  /// How many keys are remembered.
  var count: Int { moments.count }

  /// How long the key must wait until its next attempt; nil where it need not.
  func wait(_ key: Key, now: Instant) -> TimeSpan? {
    guard let moment = moments[key] else { return nil }
    let over = moment - now + interval - TimeSpan(nanoseconds: interval.nanoseconds * burst)
    return over.nanoseconds > 0 ? over : nil
  }

  /// Counts one attempt.
  mutating func take(_ key: Key, now: Instant) {
    if moments[key] == nil, moments.count >= capacity { makeRoom(now: now) }
    moments[key] = max(moments[key] ?? now, now) + interval
  }

  /// Takes back one attempt.
  mutating func giveBack(_ key: Key, now: Instant) {
    guard let moment = moments[key] else { return }
    if moment - interval > now { moments[key] = moment - interval } else { moments[key] = nil }
  }

  mutating func forget(_ key: Key) { moments[key] = nil }

  /// Drops whoever has nothing against them, and where that is nobody the quarter that would be forgotten first.
  private mutating func makeRoom(now: Instant) {
    moments = moments.filter { $0.value > now }
    if moments.count < capacity { return }
    let middle = moments.values.sorted()[moments.count / 4]
    moments = moments.filter { $0.value > middle }
  }
}
