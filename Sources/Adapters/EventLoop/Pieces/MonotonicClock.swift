public import CLinux
public import Model

/// The clock that all times of a run come from (CLOCK_BOOTTIME); any thread may ask it.
///
/// It goes on while the machine sleeps: a lease that ended meanwhile has ended.
public enum MonotonicClock {
  /// Now, in nanoseconds; about 20 ns by the vDSO, without a system call.
  @inlinable
  public static func now() -> Instant {
    Instant(nanoseconds: stampede_clock(CLOCK_BOOTTIME))
  }

  /// CPU time that the calling thread has used.
  @inlinable
  public static func threadTime() -> TimeSpan {
    TimeSpan(nanoseconds: stampede_clock(CLOCK_THREAD_CPUTIME_ID))
  }
}
