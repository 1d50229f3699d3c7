import Glibc
public import Model
import Threads

/// Opens one connection: resolves the host on a thread of its own, then tries its addresses in turn, each for its part
/// of the time that is left. Confined to its loop's thread.
///
/// Whoever made it keeps it until `done` was called, or calls `cancel`.
public final class Connector {
  /// A connected, non-blocking descriptor that the receiver owns from now on, or why there is none.
  public typealias Outcome = Result<(descriptor: Int32, peer: SocketAddress), Fault>

  /// Why there is no connection.
  public enum Fault: Error, Equatable, Sendable, CustomStringConvertible {
    case unresolved(Resolver.Fault)
    /// No address took it; the reason of the last one tried.
    case refused(SystemError)
    case timedOut(target: String, after: TimeSpan)

    public var description: String {
      switch self {
      case .unresolved(let fault): fault.description
      case .refused(let error): error.description
      case .timedOut(let target, let span): "connect to \(target): no answer within \(span)"
      }
    }
  }

  private unowned let loop: Loop
  private let target: String
  private let span: TimeSpan
  private let deadline: Instant
  private var addresses: [SocketAddress] = []
  private var attempt: Attempt?
  private var timer: Timer?
  private var lastError: SystemError?
  private var done: ((Outcome) -> Void)?

  /// Begins at once.
  ///
  /// - Parameters:
  ///   - host: a name or the text of an IP address.
  ///   - span: for all of it: resolving, and every address.
  ///   - done: called once on the loop's thread, never before this returns.
  public init(loop: Loop, host: String, port: UInt16, within span: TimeSpan, done: @escaping (Outcome) -> Void) {
    self.loop = loop
    self.target = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    self.span = span
    self.done = done
    deadline = loop.now + span
    timer = loop.timer { [unowned self] in timeIsUp() }
    timer?.set(deadline)
    resolve(host, port)
  }

  /// Gives up; `done` is not called any more.
  public func cancel() {
    done = nil
    rest()
  }

  private func rest() {
    timer?.cancel()
    timer = nil
    attempt?.abort()
    attempt = nil
  }

  private func finish(_ outcome: Outcome) {
    let last = done
    done = nil
    rest()
    last?(outcome)
  }

  // MARK: name

  /// The way back from the resolver's thread to a connector that may be gone by then.
  private final class WayBack: @unchecked Sendable {  // `connector` is read on the loop's thread only
    private(set) weak var connector: Connector?

    init(_ connector: Connector) { self.connector = connector }
  }

  private func resolve(_ host: String, _ port: UInt16) {
    let wayBack = WayBack(self)
    let inbox = loop.inbox
    if let literal = IPAddress(text: host) {
      let found: Result<[SocketAddress], Resolver.Fault> = .success([SocketAddress(literal, port: port)])
      inbox.post { _ in wayBack.connector?.resolved(found) }
      return
    }
    do throws(SystemError) {
      try OwnThread(name: "resolver") {
        let found: Result<[SocketAddress], Resolver.Fault>
        do throws(Resolver.Fault) { found = .success(try Resolver.addresses(of: host, port: port)) } catch {
          found = .failure(error)
        }
        inbox.post { _ in wayBack.connector?.resolved(found) }
      }.detach()
    } catch {
      let fault = Fault.refused(error)
      inbox.post { _ in wayBack.connector?.finish(.failure(fault)) }
    }
  }

  private func resolved(_ found: Result<[SocketAddress], Resolver.Fault>) {
    if done == nil { return }
    switch found {
    case .failure(let fault): finish(.failure(.unresolved(fault)))
    case .success(let list):
      addresses = list.reversed()
      tryNext()
    }
  }

  // MARK: addresses

  private func tryNext() {
    while let address = addresses.popLast() {
      let remaining = deadline - loop.now
      do throws(SystemError) {
        attempt = try Attempt(loop: loop, to: address) { [unowned self] in ended($0, address) }
        timer?.set(loop.now + TimeSpan(nanoseconds: remaining.nanoseconds / Int64(addresses.count + 1)))
        return
      } catch { lastError = error }
    }
    finish(.failure(lastError.map { .refused($0) } ?? .timedOut(target: target, after: span)))
  }

  private func ended(_ result: Result<Int32, SystemError>, _ address: SocketAddress) {
    attempt = nil
    switch result {
    case .success(let descriptor): finish(.success((descriptor, address)))
    case .failure(let error):
      lastError = error
      tryNext()
    }
  }

  private func timeIsUp() {
    lastError = nil
    attempt?.abort()
    attempt = nil
    tryNext()
  }

  // MARK: one address

  /// One connection on its way.
  private final class Attempt: Source {
    private let address: SocketAddress
    private var done: ((Result<Int32, SystemError>) -> Void)?

    init(
      loop: Loop, to address: SocketAddress, done: @escaping (Result<Int32, SystemError>) -> Void
    ) throws(SystemError) {
      self.address = address
      self.done = done
      let descriptor = Socket.open(family: address.family)
      if descriptor < 0 { throw SystemError("connect to \(address)", code: -descriptor) }
      let code = Socket.connect(descriptor, to: address)
      if code != 0 && code != -EINPROGRESS {
        Socket.close(descriptor)
        throw SystemError("connect to \(address)", code: -code)
      }
      super.init(loop: loop, descriptor: descriptor)
      // Readiness to write tells of a connection that was there at once, too.
      do { try register(.writable) } catch {
        Socket.close(descriptor)
        self.descriptor = -1
        throw error
      }
    }

    override func ready(_ readiness: Poller.Readiness) {
      guard let done else { return }
      self.done = nil
      var code = Socket.pendingError(descriptor)
      // A port of the range for outgoing connections that nobody listens on may be met by one's own connection.
      if code == 0, Socket.localAddress(descriptor) == address { code = ECONNREFUSED }
      if code != 0 {
        release()
        done(.failure(SystemError("connect to \(address)", code: code)))
      } else {
        done(.success(surrender()))
      }
    }

    override func windDown() { abort() }

    override func abort() {
      done = nil
      release()
    }
  }
}
