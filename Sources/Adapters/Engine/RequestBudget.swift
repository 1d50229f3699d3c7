import Synchronization

/// The requests that a bound leaves to all users of an attack. Each loop takes some ahead, so that its users find them
/// without a shared word; the fewer are left, the fewer at a time, so that no loop sits on what another could send.
///
/// The sum is exact: what was taken and not sent is given back. Any thread may call any member.
final class RequestBudget: Sendable {
  private let left: Atomic<UInt64>
  private let loops: UInt64

  /// Most that are taken at once: the shared word is touched by one of so many requests.
  static let mostAtOnce: UInt64 = 64

  init(_ requests: UInt64, loops: Int) {
    left = Atomic(requests)
    self.loops = UInt64(max(loops, 1))
  }

  var isEmpty: Bool { left.load(ordering: .relaxed) == 0 }

  /// Some of those that are left, an eighth of a loop's portion at most; 0 where none is.
  func take() -> UInt64 {
    var seen = left.load(ordering: .relaxed)
    while seen > 0 {
      let some = min(max(seen / (loops * 8), 1), RequestBudget.mostAtOnce)
      let (isDone, now) = left.weakCompareExchange(expected: seen, desired: seen - some, ordering: .relaxed)
      if isDone { return some }
      seen = now
    }
    return 0
  }

  /// What was taken and is not needed.
  func giveBack(_ some: UInt64) {
    if some > 0 { _ = left.wrappingAdd(some, ordering: .relaxed) }
  }
}
