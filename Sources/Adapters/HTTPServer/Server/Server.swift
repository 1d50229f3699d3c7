public import EventLoop
public import Lifecycle
public import Model
import Threads

/// An HTTP/1.1 server on loops of its own, plain or TLS. Any thread may call it.
public final class Server: Service {
  public struct Settings: Sendable {
    /// Where to listen; port 0 takes a free one.
    public var addresses: [SocketAddress]
    /// Event loops, each a thread; connections are spread over them by the kernel.
    public var loops = 1
    /// nil serves plain HTTP.
    public var tls: Certificate?
    public var limits = Limits()
    /// Whether only requests to a loopback name or address (`localhost`, `127.0.0.1:9100`, `[::1]`) are answered, others
    /// with 421: so that no page whose name was pointed at this machine can read what a private listener tells.
    public var isForLoopbackHosts = false
    /// Called on a loop's thread after each reply; it must not block.
    public var log: (@Sendable (Access) -> Void)?
    /// Called on a loop's thread when connections can't be accepted for want of descriptors or memory.
    public var trouble: (@Sendable (SystemError) -> Void)?
    /// How long a graceful stop lets requests finish.
    public var stoppingTime = TimeSpan.seconds(10)

    public init(addresses: [SocketAddress]) {
      self.addresses = addresses
    }
  }

  /// PEM files: the server's certificate with its chain, and its key.
  public struct Certificate: Sendable {
    public var chain: String
    public var key: String

    public init(chain: String, key: String) {
      self.chain = chain
      self.key = key
    }
  }

  /// Why it can't start: the address is taken, a file is wrong.
  public enum Fault: Error, Sendable, CustomStringConvertible {
    case system(SystemError)
    case tls(TLSFault)

    public var description: String {
      switch self {
      case .system(let error): error.description
      case .tls(let fault): fault.description
      }
    }
  }

  public let name: String
  private let settings: Settings
  private let router: Router
  private let admissions: Admissions
  private let state = Monitor(State.idle)

  private enum State {
    case idle
    case running([LoopHandle])
    case stopped
  }

  public init(name: String, _ settings: Settings, router: Router) {
    self.name = name
    self.settings = settings
    self.router = router
    admissions = Admissions(settings.limits)
  }

  /// Connections that are open now.
  public var connectionCount: Int { admissions.count }

  /// Listens, and serves from now on until `stop`.
  ///
  /// - Returns: the addresses with the ports they really have, in the order of the settings.
  public func start() throws(Fault) -> [SocketAddress] {
    let tls: TLSContext?
    do {
      tls = try settings.tls.map { (files) throws(TLSFault) in
        try TLSContext(serverCertificates: files.chain, key: files.key)
      }
    } catch { throw .tls(error) }
    var listening: [[Int32]] = []
    var handles: [LoopHandle] = []
    do {
      for address in settings.addresses { listening.append(try sockets(on: address)) }
      for number in 0..<max(1, settings.loops) { handles.append(try LoopHandle.start(name: "\(name) \(number)")) }
    } catch {
      for descriptor in listening.joined() { Socket.close(descriptor) }
      for handle in handles { handle.stop(within: .zero) }
      throw .system(error)
    }
    let addresses = listening.compactMap { $0.first.flatMap(Socket.localAddress) }
    for (number, handle) in handles.enumerated() {
      let descriptors = listening.map { $0[number] }
      handle.inbox.post { [settings, router, admissions] loop in
        let site = Site(settings, router: router, tls: tls, admissions: admissions)
        for descriptor in descriptors {
          // An error here is want of memory for the poller; the listener has closed the descriptor.
          _ = try? Listener(
            loop: loop, descriptor: descriptor, accepted: { [unowned loop] in site.accept($0, from: $1, on: loop) },
            troubled: { settings.trouble?($0) })
        }
      }
    }
    let wasStopped = state.read { state in
      if case .stopped = state { return true }
      state = .running(handles)
      return false
    }
    if wasStopped { for handle in handles { handle.stop(within: .zero) } }
    return addresses
  }

  /// A listening socket for each loop.
  private func sockets(on address: SocketAddress) throws(SystemError) -> [Int32] {
    let loops = max(1, settings.loops)
    let first = try Socket.listen(on: address)
    if loops == 1 { return [first] }
    // Sockets that share a port would also share it with another program's; the one that doesn't has shown it free.
    let free = Socket.localAddress(first) ?? address
    Socket.close(first)
    var all: [Int32] = []
    do {
      for _ in 0..<loops { all.append(try Socket.listen(on: free, sharesPort: true)) }
    } catch {
      for descriptor in all { Socket.close(descriptor) }
      throw error
    }
    return all
  }

  /// Starts and serves until `stop` or `abort`; blocks.
  public func run() throws {
    _ = try start()
    wait()
  }

  /// Waits until it has ended.
  public func wait() {
    guard case .running(let handles) = state.read({ $0 }) else { return }
    for handle in handles { handle.join() }
  }

  /// Accepts nothing new, lets requests finish for `stoppingTime`, closes idle connections. Returns at once.
  public func stop() { stop(within: settings.stoppingTime) }

  /// Breaks off every connection. Returns at once.
  public func abort() { stop(within: .zero) }

  private func stop(within span: TimeSpan) {
    let handles = state.read { state -> [LoopHandle] in
      if case .running(let handles) = state { return handles }
      state = .stopped
      return []
    }
    for handle in handles { handle.stop(within: span) }
  }
}
