import CLinux
import Glibc

/// A value behind a lock, with threads that wait until it has changed (a mutex and a condition variable).
///
/// `Synchronization.Mutex` has nothing to wait on. Waiting counts on CLOCK_MONOTONIC, so setting the wall clock
/// neither wakes nor delays anybody.
public final class Monitor<State>: @unchecked Sendable {  // `state` is touched only while `mutex` is held
  private var state: State
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let condition: UnsafeMutablePointer<pthread_cond_t>

  public init(_ state: sending State) {
    self.state = state
    mutex = .allocate(capacity: 1)
    condition = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    pthread_cond_init(condition, &attributes)
    pthread_condattr_destroy(&attributes)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  /// Runs the body with the lock held; wakes nobody.
  public func read<Result, Failure: Error>(
    _ body: (inout State) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body(&state)
  }

  /// Runs the body with the lock held, then wakes all who wait.
  public func change<Result, Failure: Error>(
    _ body: (inout State) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    pthread_mutex_lock(mutex)
    defer {
      pthread_cond_broadcast(condition)
      pthread_mutex_unlock(mutex)
    }
    return try body(&state)
  }

  /// Blocks the calling thread until the body gives a value, or until the time has passed (then nil).
  ///
  /// - Parameter within: nil waits for ever. The body is asked at once, after each change and at the end.
  public func wait<Result>(within: Duration? = nil, until body: (inout State) -> Result?) -> Result? {
    let end = within.map { deadline(in: $0) }
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while true {
      if let result = body(&state) { return result }
      guard var end else {
        pthread_cond_wait(condition, mutex)
        continue
      }
      if pthread_cond_timedwait(condition, mutex, &end) == ETIMEDOUT { return body(&state) }
    }
  }

  private func deadline(in span: Duration) -> timespec {
    let (seconds, attoseconds) = span.components
    let most: Int64 = 315_360_000 * 1_000_000_000
    let wanted = seconds > 315_360_000 ? most : max(0, seconds) * 1_000_000_000 + attoseconds / 1_000_000_000
    let end = stampede_clock(CLOCK_MONOTONIC) + wanted
    return timespec(tv_sec: Int(end / 1_000_000_000), tv_nsec: Int(end % 1_000_000_000))
  }
}
