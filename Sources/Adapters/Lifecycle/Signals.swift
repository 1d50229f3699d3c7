import CLinux
import Glibc
import Threads

/// The signals that end a process, taken as readable events rather than as interruptions.
public struct Signals: ~Copyable, Sendable {
  /// Readable when a signal is pending.
  let descriptor: Int32

  /// Blocks SIGINT, SIGTERM and SIGHUP in the calling thread, ignores SIGPIPE and SIGXFSZ, and opens the descriptor that
  /// delivers them.
  ///
  /// Must be called in main before any thread is started, as threads inherit what is blocked. A SIGHUP that was
  /// ignored (nohup) stays so.
  public init() throws(SystemError) {
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, SIGINT)
    sigaddset(&set, SIGTERM)
    if stampede_is_ignored(SIGHUP) == 0 { sigaddset(&set, SIGHUP) }
    signal(SIGPIPE, SIG_IGN)
    // A file beyond the size limit (ulimit -f) is an error of its write, not the process's end.
    signal(SIGXFSZ, SIG_IGN)
    pthread_sigmask(SIG_BLOCK, &set, nil)
    descriptor = signalfd(-1, &set, Int32(SFD_CLOEXEC) | Int32(SFD_NONBLOCK))
    if descriptor < 0 { throw SystemError("signalfd", code: errno) }
  }

  deinit { close(descriptor) }

  /// The next pending signal's number; nil where none is pending.
  func next() -> Int32? {
    var info = signalfd_siginfo()
    let size = MemoryLayout<signalfd_siginfo>.size
    return read(descriptor, &info, size) == size ? Int32(info.ssi_signo) : nil
  }
}
