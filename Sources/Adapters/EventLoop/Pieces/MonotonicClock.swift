public import CLinux
public import Model

/// The clock that all times of a run come from (CLOCK_MONOTONIC); any thread may ask it.
public enum MonotonicClock {
  /// Now, in nanoseconds; about 20 ns by the vDSO, without a system call.
  @inlinable
  public static func now() -> Instant {
    Instant(nanoseconds: stampede_clock(CLOCK_MONOTONIC))
  }

  /// CPU time that the calling thread has used.
  @inlinable
  public static func threadTime() -> TimeSpan {
    TimeSpan(nanoseconds: stampede_clock(CLOCK_THREAD_CPUTIME_ID))
  }
}
