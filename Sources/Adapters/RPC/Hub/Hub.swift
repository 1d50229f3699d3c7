public import EventLoop
public import Lifecycle
public import Model
import Threads
public import Wire

/// The master's side: takes workers' connections, lets in who has the token and speaks the protocol, and passes
/// messages on. One event loop of its own; any thread may call it.
///
/// A connection costs bounded memory, whatever the other side does: a frame's length is judged before it is held, what
/// a slow reader leaves unread has an end, and so has what a peer may send in a second.
public final class Hub: Service {
  /// What happened, told on the hub's thread, which must not be held up.
  public enum Event: Sendable {
    /// A worker was let in and has its Welcome. Its id is not that of another worker that is connected.
    case joined(Peer, Hello, from: SocketAddress)
    /// It said something; `at` is when, on this machine's clock.
    case message(Peer, Message, request: UInt64, at: Instant)
    /// It is gone: the connection ended, was dropped, or was silent for too long. Said once, and after it nothing.
    case left(Peer, reason: String)
    /// A connection that was not let in, for the log.
    case turnedAway(SocketAddress, reason: String)
  }

  public let name = "rpc"
  private let settings: HubSettings
  private let tell: @Sendable (Event) -> Void
  private let state = Monitor(State.idle)

  private enum State {
    case idle
    case running(LoopHandle, HubLoop)
    case stopped
  }

  public init(_ settings: HubSettings, events: @escaping @Sendable (Event) -> Void) {
    self.settings = settings
    tell = events
  }

  deinit { abort() }

  /// Listens, and serves from now on until `stop`.
  ///
  /// - Returns: the address with the port it really has.
  public func start() throws(HubFault) -> SocketAddress {
    try settings.check()
    let tls: TLSContext?
    do throws(TLSFault) {
      tls = try settings.tls.map { (files) throws(TLSFault) in
        try TLSContext(serverCertificates: files.chain, key: files.key, oldest: .tls13)
      }
    } catch { throw .tls(error) }
    let descriptor: Int32
    do throws(SystemError) { descriptor = try Socket.listen(on: settings.address) } catch { throw .system(error) }
    let address = Socket.localAddress(descriptor) ?? settings.address
    let handle: LoopHandle
    do throws(SystemError) { handle = try LoopHandle.start(name: name) } catch {
      Socket.close(descriptor)
      throw .system(error)
    }
    let hub = HubLoop(settings, tls: tls, tell: tell)
    handle.inbox.post { hub.listen(descriptor, on: $0) }
    let wasStopped = state.change { state in
      if case .stopped = state { return true }
      state = .running(handle, hub)
      return false
    }
    if wasStopped { handle.stop(within: .zero) }
    return address
  }

  /// Sends to a peer; nothing happens where it has left. One that has not read `mostUnread` bytes by then is cut.
  public func send(_ message: Message, request: UInt64 = 0, to peer: Peer) {
    guard case .running(let handle, let hub) = state.read({ $0 }) else { return }
    let bytes = message.encoded(request: request)
    handle.inbox.post { _ in hub.send(bytes, to: peer) }
  }

  /// Ends a peer's connection, after telling it why where there is something to tell. `left` follows.
  public func drop(_ peer: Peer, _ refused: Refused?) {
    guard case .running(let handle, let hub) = state.read({ $0 }) else { return }
    handle.inbox.post { _ in hub.drop(peer, refused) }
  }

  public func run() throws {
    _ = try start()
    wait()
  }

  /// Waits until it has ended; at once where it does not run.
  public func wait() {
    guard case .running(let handle, _) = state.read({ $0 }) else { return }
    handle.join()
  }

  /// Takes no more workers, tells those that are there that the master stops, and ends. Returns at once.
  public func stop() { stop(within: settings.stoppingTime) }

  /// Breaks off every connection. Returns at once.
  public func abort() { stop(within: .zero) }

  private func stop(within span: TimeSpan) {
    let handle = state.change { state -> LoopHandle? in
      if case .running(let handle, _) = state { return handle }
      state = .stopped
      return nil
    }
    handle?.stop(within: span)
  }
}
