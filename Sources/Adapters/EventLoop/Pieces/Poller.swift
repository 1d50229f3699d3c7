public import CLinux
import Glibc

/// Waits for readiness of many descriptors at once: epoll, level-triggered, with nanosecond time-outs.
///
/// Confined to one thread. Each descriptor carries a 64-bit token of the caller's choice; a token should hold a
/// slot and a generation, so that an event of a descriptor closed in the same batch is recognised as stale.
public struct Poller: ~Copyable {
  @usableFromInline let descriptor: Int32
  @usableFromInline let events: UnsafeMutablePointer<epoll_event>
  @usableFromInline let capacity: Int32
  /// −1 where epoll_pwait2 is there; else a timerfd that ends the wait (older kernels, valgrind, some sandboxes).
  @usableFromInline var timer: Int32

  /// The token that no caller may use: the fallback timer's.
  public static let reservedToken = UInt64.max

  /// - Parameter withTimer: forces the fallback, for tests of it.
  public init(capacity: Int = 512, withTimer: Bool = false) throws(SystemError) {
    let descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
    if descriptor < 0 { throw SystemError("epoll_create1", code: errno) }
    var timer: Int32 = -1
    if withTimer || !Poller.hasNanosecondWait(descriptor) {
      timer = timerfd_create(CLOCK_MONOTONIC, Int32(TFD_CLOEXEC | TFD_NONBLOCK))
      let code = errno
      if timer < 0 || stampede_epoll_ctl(descriptor, EPOLL_CTL_ADD, timer, Readiness.readable.rawValue, .max) != 0 {
        _ = close(descriptor)
        throw SystemError("timerfd_create", code: code)
      }
    }
    self.descriptor = descriptor
    self.timer = timer
    self.capacity = Int32(capacity)
    self.events = UnsafeMutablePointer<epoll_event>.allocate(capacity: capacity)
  }

  deinit {
    events.deallocate()
    if timer >= 0 { _ = close(timer) }
    _ = close(descriptor)
  }

  private static func hasNanosecondWait(_ descriptor: Int32) -> Bool {
    var event = epoll_event()
    var none = timespec()
    // Some sandboxes forbid what they do not know (EPERM) instead of saying that it is not there (ENOSYS).
    return epoll_pwait2(descriptor, &event, 1, &none, nil) >= 0
  }

  /// What a descriptor is ready for, as epoll's bits.
  public struct Readiness: OptionSet, Sendable {
    public let rawValue: UInt32

    @inlinable
    public init(rawValue: UInt32) {
      self.rawValue = rawValue
    }

    /// Bytes to be read, a connection to be accepted, or the peer's end.
    public static let readable = Readiness(rawValue: 0x001)
    /// Room in the send buffer, or a connection attempt that has ended.
    public static let writable = Readiness(rawValue: 0x004)
    /// The socket has an error waiting; reported unasked.
    public static let error = Readiness(rawValue: 0x008)
    /// Both sides are closed; reported unasked.
    public static let hangUp = Readiness(rawValue: 0x010)
    /// The peer has closed its sending side.
    public static let peerClosed = Readiness(rawValue: 0x2000)
  }

  public borrowing func add(_ descriptor: Int32, _ interest: Readiness, token: UInt64) throws(SystemError) {
    if stampede_epoll_ctl(self.descriptor, EPOLL_CTL_ADD, descriptor, interest.rawValue, token) != 0 {
      throw SystemError("epoll_ctl add", code: errno)
    }
  }

  public borrowing func modify(_ descriptor: Int32, _ interest: Readiness, token: UInt64) throws(SystemError) {
    if stampede_epoll_ctl(self.descriptor, EPOLL_CTL_MOD, descriptor, interest.rawValue, token) != 0 {
      throw SystemError("epoll_ctl modify", code: errno)
    }
  }

  /// Needed only for a descriptor that lives on; a closed one leaves by itself.
  public borrowing func remove(_ descriptor: Int32) {
    _ = stampede_epoll_ctl(self.descriptor, EPOLL_CTL_DEL, descriptor, 0, 0)
  }

  /// Waits until something is ready or the time has passed; 0 only looks, a negative time waits for ever.
  ///
  /// Returns how many events are there (0 also when a signal came); ask for them by `token(_:)` and
  /// `readiness(_:)` before the next wait. The reserved token's events are the fallback timer's: pass over them.
  @inlinable
  public mutating func wait(nanoseconds: Int64) -> Int {
    if timer < 0 {
      var time = timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
      let count =
        nanoseconds < 0
        ? epoll_pwait2(descriptor, events, capacity, nil, nil)
        : epoll_pwait2(descriptor, events, capacity, &time, nil)
      return count < 0 ? 0 : Int(count)
    }
    return waitByTimer(nanoseconds: nanoseconds)
  }

  @usableFromInline
  mutating func waitByTimer(nanoseconds: Int64) -> Int {
    if nanoseconds > 0 {
      var setting = itimerspec()
      setting.it_value.tv_sec = Int(nanoseconds / 1_000_000_000)
      setting.it_value.tv_nsec = Int(nanoseconds % 1_000_000_000)
      _ = timerfd_settime(timer, 0, &setting, nil)
    }
    let count = epoll_wait(descriptor, events, capacity, nanoseconds == 0 ? 0 : -1)
    if nanoseconds > 0 {
      var off = itimerspec()
      _ = timerfd_settime(timer, 0, &off, nil)
    }
    return count < 0 ? 0 : Int(count)
  }

  /// The token of the i-th event of the last wait.
  @inlinable
  public borrowing func token(_ index: Int) -> UInt64 { stampede_event_token(events + index) }

  /// The readiness of the i-th event of the last wait.
  @inlinable
  public borrowing func readiness(_ index: Int) -> Readiness {
    Readiness(rawValue: stampede_event_bits(events + index))
  }
}
