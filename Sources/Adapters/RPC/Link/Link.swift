import EventLoop
public import Model
import Synchronization
public import Wire

/// The worker's side: keeps a connection to the master, greets it with the join token, and comes back after every loss,
/// with pauses that grow. One event loop of its own; any thread may call it.
public final class Link: Sendable {
  /// What happened, told on the link's thread, which must not be held up.
  public enum Event: Sendable, Equatable {
    /// The master let this worker in; say Register, then heartbeats. `at` is when, on this machine's clock.
    case welcomed(Welcome, at: Instant)
    case message(Message, request: UInt64, at: Instant)
    /// The master does not want this worker and says why; it is asked again after `again`. Comes in place of `lost`.
    case refused(Refused, again: TimeSpan)
    /// There is no connection, or none any more; the next try comes after `again`, none at all where that is nil.
    case lost(reason: String, again: TimeSpan?)
  }

  private let settings: LinkSettings
  private let handle: LoopHandle
  private let link: LinkLoop

  /// Connects from now on until `stop`.
  public init(_ settings: LinkSettings, events: @escaping @Sendable (Event) -> Void) throws(LinkFault) {
    let tls: TLSContext?
    do throws(TLSFault) {
      tls = try settings.tls.map { (trust) throws(TLSFault) in
        try TLSContext(clientTrusting: trust.authorities, oldest: .tls13)
      }
    } catch { throw .tls(error) }
    do throws(SystemError) { handle = try LoopHandle.start(name: "link") } catch { throw .system(error) }
    self.settings = settings
    let link = LinkLoop(settings, tls: tls, tell: events)
    self.link = link
    handle.inbox.post { link.start(on: $0) }
  }

  deinit { stop() }

  /// Sends a message, unless no master has welcomed this worker now.
  ///
  /// - Returns: false where it was not taken. True says nothing about the master's having it.
  @discardableResult
  public func send(_ message: Message, request: UInt64 = 0) -> Bool {
    guard link.isWelcomed.load(ordering: .acquiring) else { return false }
    let bytes = message.encoded(request: request)
    let link = link
    return handle.inbox.post { _ in link.send(bytes) }
  }

  /// Sends a last message where there is a master to hear it, then ends. Returns at once; no event comes afterwards.
  public func stop(saying last: Message? = nil) {
    let bytes = last?.encoded()
    let link = link
    handle.inbox.post { _ in link.stop(saying: bytes) }
    handle.stop(within: settings.stoppingTime)
  }

  /// Waits until it has ended. Never from an event.
  public func join() { handle.join() }
}
