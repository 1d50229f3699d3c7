import Pacing
import Synchronization

/// The circuit breakers of an attack, one for each origin, common to all its loops. Any thread may call any member.
///
/// While nothing fails a request reads its origin's word twice and writes nothing, so that loops do not disturb each other.
final class BreakerTable: @unchecked Sendable {
  // Sendable because the words are atomic, and the memory lives as long as the object.
  private let words: UnsafeMutablePointer<Atomic<Int64>>
  private let count: Int

  init(origins count: Int) {
    self.count = count
    words = .allocate(capacity: max(count, 1))
    for origin in 0..<count { (words + origin).initialize(to: Atomic(Breaker().word)) }
  }

  deinit {
    words.deinitialize(count: count)
    words.deallocate()
  }

  /// `Breaker.maySend`.
  func maySend(_ origin: Int, at now: Int64) -> Bool { change(origin) { $0.maySend(at: now) } }

  /// `Breaker.ended`.
  func ended(_ origin: Int, isFailure: Bool, at now: Int64, _ most: Int, rest: Int64) {
    change(origin) { $0.ended(isFailure: isFailure, at: now, most, rest: rest) }
  }

  /// `Breaker.abandonTrial`.
  func abandonTrial(_ origin: Int) { change(origin) { $0.abandonTrial() } }

  @inline(__always)
  private func change<Answer>(_ origin: Int, _ event: (inout Breaker) -> Answer) -> Answer {
    precondition(origin < count)
    var seen = words[origin].load(ordering: .relaxed)
    while true {
      var breaker = Breaker(word: seen)
      let answer = event(&breaker)
      if breaker.word == seen { return answer }
      let (isDone, now) = words[origin].weakCompareExchange(
        expected: seen, desired: breaker.word, ordering: .relaxed)
      if isDone { return answer }
      seen = now
    }
  }
}
