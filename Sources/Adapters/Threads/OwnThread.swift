import CLinux
import Glibc

/// A thread of its own for work that blocks or spins; never taken from Swift's cooperative pool.
public struct OwnThread: ~Copyable, Sendable {
  private let handle: pthread_t

  private final class Start {
    let name: String
    let niceness: Int32
    let body: @Sendable () -> Void

    init(name: String, niceness: Int32, body: @escaping @Sendable () -> Void) {
      self.name = name
      self.niceness = niceness
      self.body = body
    }
  }

  /// Starts the thread at once, with every signal blocked.
  ///
  /// - Parameters:
  ///   - name: at most 15 bytes are shown by ps and top.
  ///   - niceness: 0…19; above 0 it yields to the loops.
  public init(name: String, niceness: Int32 = 0, _ body: @escaping @Sendable () -> Void) throws(SystemError) {
    let start = Unmanaged.passRetained(Start(name: name, niceness: niceness, body: body))
    var handle = pthread_t()
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &before)
    let code = pthread_create(
      &handle, nil,
      { @Sendable argument in
        guard let argument else { return nil }
        let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
        _ = pthread_setname_np(pthread_self(), String(start.name.prefix(15)))
        if start.niceness > 0 { stampede_set_thread_niceness(start.niceness) }
        start.body()
        return nil
      }, start.toOpaque())
    pthread_sigmask(SIG_SETMASK, &before, nil)
    if code != 0 {
      start.release()
      throw SystemError("start thread '\(name)'", code: code)
    }
    self.handle = handle
  }

  /// Waits for its end and frees it; must be called exactly once unless `detach` is.
  public consuming func join() {
    pthread_join(handle, nil)
  }

  /// Lets it go: it frees itself when it ends.
  public consuming func detach() {
    pthread_detach(handle)
  }
}
