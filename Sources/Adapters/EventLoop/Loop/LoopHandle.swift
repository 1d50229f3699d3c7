public import Model
import Synchronization

/// A running loop as other threads see it: hand it work, stop it, wait for its end.
public final class LoopHandle: Sendable {
  public let inbox: Inbox
  private let thread: Mutex<OwnThread?>

  private init(inbox: Inbox, thread: consuming OwnThread) {
    self.inbox = inbox
    self.thread = Mutex(consume thread)
  }

  /// Starts a loop on a thread of its own.
  ///
  /// - Parameter name: of the thread; at most 15 bytes are shown by ps and top.
  public static func start(name: String) throws(SystemError) -> LoopHandle {
    let inbox = try Inbox()
    // Handed over before its thread starts and never touched here again.
    nonisolated(unsafe) let loop = try Loop(inbox: inbox)
    return LoopHandle(inbox: inbox, thread: try OwnThread(name: name) { loop.run() })
  }

  /// Asks listeners and channels to finish, and ends the loop when the last has or the span is over; zero ends it at
  /// once. A later call can only shorten it to zero.
  public func stop(within span: TimeSpan) {
    inbox.post { $0.windDown(within: span) }
  }

  /// Waits for the thread's end; the first caller only, others return at once. Never from the loop's own thread.
  public func join() {
    let taken = thread.withLock { $0.take() }
    taken?.join()
  }
}
