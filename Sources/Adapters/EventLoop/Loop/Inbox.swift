import CLinux
import Glibc
import Threads

/// Work handed to a loop by other threads: a locked list and an eventfd that ends the loop's wait.
public final class Inbox: Sendable {
  public typealias Work = @Sendable (Loop) -> Void

  /// Readable while work waits.
  let descriptor: Int32
  private let state = Monitor(State())

  private struct State {
    var waiting: [Work] = []
    var isClosed = false
  }

  init() throws(SystemError) {
    descriptor = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
    if descriptor < 0 { throw SystemError("eventfd", code: errno) }
  }

  deinit {
    Socket.close(descriptor)
  }

  /// Runs the work on the loop's thread, in the order of posting; any thread may call.
  ///
  /// - Returns: false once the loop has ended: the work is dropped. Work taken shortly before a stop may be dropped too.
  @discardableResult
  public func post(_ work: @escaping Work) -> Bool {
    let (isTaken, isFirst) = state.read { state in
      if state.isClosed { return (false, false) }
      state.waiting.append(work)
      return (true, state.waiting.count == 1)
    }
    if isFirst { eventfd_write(descriptor, 1) }
    return isTaken
  }

  /// Takes all that waits; the loop's thread only.
  func take() -> [Work] {
    var count: eventfd_t = 0
    eventfd_read(descriptor, &count)
    return state.read { state in
      let taken = state.waiting
      state.waiting = []
      return taken
    }
  }

  /// Refuses work from now on and gives back what was never run.
  func shut() -> [Work] {
    state.read { state in
      state.isClosed = true
      let left = state.waiting
      state.waiting = []
      return left
    }
  }
}
