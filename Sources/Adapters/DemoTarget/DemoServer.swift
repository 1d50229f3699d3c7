import EventLoop
import Glibc
public import HTTPServer
public import Lifecycle
public import Model
import Synchronization

/// A small, quick server to try a load tester on.
///
/// Every path answers a short text with 200 unless its query or the script asks for something else (`Behaviour`);
/// some paths have pages of their own (`DemoPages`). `/status/CODE`, `/healthz` and `/metrics` do what they say.
public final class DemoServer: Service {
  public struct Settings: Sendable {
    public var address: IPAddress
    /// 0 takes a free one.
    public var port: UInt16
    /// Event loops, each a thread.
    public var loops = 1
    public var tls: Server.Certificate?
    /// What it does by path and by time.
    public var script: BehaviourScript?
    /// Where it notes what it really did; whoever made it closes it after the server's end.
    public var log: DemoLog?
    /// Of the shares and of the jitter: the same seed gives the n-th request the same.
    public var seed: UInt64 = 1
    /// Called on a loop's thread, at most once in 10 s, with a sentence: connections can't be accepted for want of
    /// descriptors or memory. It must not block.
    public var trouble: (@Sendable (String) -> Void)?

    public init(address: IPAddress = .v4(0x7F00_0001), port: UInt16 = 0) {
      self.address = address
      self.port = port
    }
  }

  private let server: Server
  private let isSecure: Bool
  private let isStarted = Atomic(false)

  public init(_ settings: Settings) {
    var server = Server.Settings(addresses: [SocketAddress(settings.address, port: settings.port)])
    server.loops = settings.loops
    server.tls = settings.tls
    server.stoppingTime = .seconds(2)
    // A load test comes from one address.
    server.limits.connectionsPerAddress = server.limits.connections
    server.trouble = settings.trouble.map(DemoServer.sayingSeldom)
    isSecure = settings.tls != nil
    let site = DemoSite(script: settings.script, log: settings.log, seed: settings.seed)
    self.server = Server(name: "demo-target", server, router: DemoRoutes.router(site))
  }

  /// The listener rests and tries again ten times a second; nobody wants to read that so often.
  static func sayingSeldom(_ say: @escaping @Sendable (String) -> Void) -> @Sendable (SystemError) -> Void {
    let last = Spoken()
    return { error in
      guard last.mayBeSaid(now: MonotonicClock.now().nanoseconds) else { return }
      say(error.reason + (error.code == EMFILE ? "; raise the limit of open files (ulimit -n)" : ""))
    }
  }

  /// When trouble was last said. Any thread.
  private final class Spoken: Sendable {
    private let last = Atomic<Int64>(.min)

    func mayBeSaid(now: Int64) -> Bool {
      let then = last.load(ordering: .relaxed)
      if then != .min, now - then < 10_000_000_000 { return false }
      return last.compareExchange(expected: then, desired: now, ordering: .relaxed).exchanged
    }
  }

  public var name: String { server.name }

  /// Listens and serves from now on; returns at once. Raises the process's limit of open files as far as it goes.
  ///
  /// - Returns: the base address, such as `http://127.0.0.1:8080/`.
  public func start() throws(Server.Fault) -> String {
    isStarted.store(true, ordering: .relaxed)
    DescriptorLimit.raise()
    let address = try server.start().first.map(\.description) ?? ""
    return "\(isSecure ? "https" : "http")://\(address)/"
  }

  /// Serves until stopped, after `start` if that was not called before; blocks.
  public func run() throws {
    if !isStarted.load(ordering: .relaxed) { _ = try start() }
    server.wait()
  }

  /// Lets requests finish, for at most 2 s. Returns at once.
  public func stop() { server.stop() }

  /// Breaks everything off. Returns at once.
  public func abort() { server.abort() }
}
