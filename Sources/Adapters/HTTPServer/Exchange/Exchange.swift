public import EventLoop
import Synchronization

/// One request that is still to be answered. Confined to its loop's thread; `remote` is its face for other threads.
///
/// Let go without an answer, by itself and by its `remote`, it answers 500.
public final class Exchange {
  private weak let connection: Connection?
  private let number: UInt64
  private var isDone = false
  private var hasRemote = false

  /// The loop that serves the request.
  public let loop: Loop

  init(_ connection: Connection, number: UInt64, loop: Loop) {
    self.connection = connection
    self.number = number
    self.loop = loop
  }

  /// Answers; the first call counts. Nothing happens when the client is gone.
  public func respond(_ response: Response) {
    if isDone { return }
    isDone = true
    connection?.respond(response, to: number)
  }

  /// Calls once if the client goes away, or ends its side, before the answer is complete; at once if it has already.
  ///
  /// A client that only ended its side still gets the answer.
  public func whenPeerLeaves(_ action: @escaping () -> Void) {
    guard let connection else { return action() }
    connection.whenPeerLeaves(number, action)
  }

  /// False once the connection is gone; a client that has only ended its side still has one.
  public var hasConnection: Bool { connection?.wire != nil }

  /// The exchange for other threads; answers by the first of both count.
  public func remote() -> Remote {
    hasRemote = true
    return Remote(Target(connection, number), inbox: loop.inbox)
  }

  deinit {
    if !isDone, !hasRemote { connection?.respond(Exchange.unanswered, to: number) }
  }

  private static var unanswered: Response { .problem(500, "the handler gave no answer") }

  /// A way to answer from any thread. Let go without an answer, it answers 500.
  public final class Remote: Sendable {
    private let target: Target
    private let inbox: Inbox
    private let isDone = Atomic(false)

    fileprivate init(_ target: Target, inbox: Inbox) {
      self.target = target
      self.inbox = inbox
    }

    /// Answers; the first call counts. Nothing happens when the client is gone or the server has ended.
    public func respond(_ response: Response) {
      if isDone.exchange(true, ordering: .relaxed) { return }
      inbox.post { [target] _ in target.connection?.respond(response, to: target.number) }
    }

    deinit { respond(Exchange.unanswered) }
  }

  /// `@unchecked Sendable`: other threads only carry it; the connection is looked at on its loop's thread.
  fileprivate final class Target: @unchecked Sendable {
    weak let connection: Connection?
    let number: UInt64

    init(_ connection: Connection?, _ number: UInt64) {
      self.connection = connection
      self.number = number
    }
  }
}
