import EventLoop
import Model
import Synchronization
import Wire

/// A link's connection and its timer. `@unchecked Sendable`: all but `isWelcomed` is touched on the loop's thread only.
final class LinkLoop: @unchecked Sendable {
  /// Whether messages are taken now; for every thread.
  let isWelcomed = Atomic(false)
  let settings: LinkSettings
  private let tls: TLSContext?
  private let tell: @Sendable (Link.Event) -> Void
  private var course: LinkCourse
  private var source = SystemRandomNumberGenerator()
  private weak var loop: Loop?
  private var timer: Timer?
  private var connector: Connector?
  private var connection: LinkConnection?

  init(_ settings: LinkSettings, tls: TLSContext?, tell: @escaping @Sendable (Link.Event) -> Void) {
    self.settings = settings
    self.tls = tls
    self.tell = tell
    course = LinkCourse(
      protocols: settings.hello.oldest...settings.hello.protocol, backOff: settings.backOff,
      refusalTime: settings.refusalTime)
  }

  func start(on loop: Loop) {
    self.loop = loop
    timer = loop.timer { [weak self] in self?.go() }
    go()
  }

  private func go() { perform(course.go()) }

  func send(_ bytes: [UInt8]) {
    guard course.isWelcomed, let connection else { return }
    connection.send(bytes)
  }

  func stop(saying last: [UInt8]?) {
    if let last, course.isWelcomed { connection?.send(last) }
    perform(course.stop())
    connector?.cancel()
    connector = nil
    timer?.cancel()
    timer = nil
  }

  // MARK: what the connection says; only the present one is heard

  func opened(_ connection: LinkConnection) {
    if connection === self.connection { perform(course.connected()) }
  }

  func came(_ message: Message, request: UInt64, at now: Instant, on connection: LinkConnection) {
    guard connection === self.connection else { return }
    perform(course.came(message, request: request, at: now, &source))
  }

  func lost(_ connection: LinkConnection, _ reason: String) {
    if connection === self.connection { perform(course.lost(reason, &source)) }
  }

  // MARK: what the course wants

  private func perform(_ actions: [LinkCourse.Action]) {
    isWelcomed.store(course.isWelcomed, ordering: .releasing)
    for action in actions {
      switch action {
      case .connect: connect()
      case .greet: connection?.send(Message.hello(settings.hello).encoded())
      case .listen(let silence): connection?.listen(silence: silence)
      case .close:
        let last = connection
        connection = nil
        last?.close()
      case .wait(let span): timer?.set(MonotonicClock.now() + span)
      case .tell(let event): tell(event)
      }
    }
  }

  private func connect() {
    guard let loop else { return }
    connector = Connector(
      loop: loop, host: settings.host, port: settings.port, within: settings.connectTime
    ) { [weak self] in self?.connected($0) }
  }

  private func connected(_ outcome: Connector.Outcome) {
    connector = nil
    switch outcome {
    case .failure(let fault): perform(course.lost("\(fault)", &source))
    case .success((let descriptor, let peer)):
      if let loop { take(descriptor, peer, on: loop) } else { Socket.close(descriptor) }
    }
  }

  private func take(_ descriptor: Int32, _ peer: SocketAddress, on loop: Loop) {
    if tls == nil, !settings.allowsPlain, !peer.address.isLoopback {
      Socket.close(descriptor)
      return perform(
        course.giveUp(
          "\(peer) is not a loopback address: the join token is not sent to it in plain; "
            + "give --rpc-tls-ca, or allow it with --rpc-plain"))
    }
    let session: TLSSession?
    do throws(TLSFault) {
      let name = settings.tls?.name ?? settings.host
      session = try tls.map { (context) throws(TLSFault) in
        try TLSSession(clientOf: context, descriptor: descriptor, host: name)
      }
    } catch {
      Socket.close(descriptor)
      return perform(course.lost("TLS: \(error)", &source))
    }
    let connection = LinkConnection(to: peer, link: self)
    self.connection = connection
    do throws(SystemError) {
      let channel = try Channel(
        loop: loop, descriptor: descriptor, peer: peer, session: session, delegate: connection)
      channel.setDeadline(loop.now + settings.welcomeTime)
    } catch { lost(connection, "\(error)") }
  }
}
