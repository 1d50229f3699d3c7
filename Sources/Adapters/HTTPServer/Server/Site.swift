import EventLoop
import HTTP1
import Model

/// What the connections of one loop have in common. Confined to the loop's thread.
final class Site {
  let router: Router
  let limits: Limits
  let admissions: Admissions
  let isForLoopbackHosts: Bool
  let log: (@Sendable (Access) -> Void)?
  private let tls: TLSContext?
  private var dateLine = DateLine()
  /// Connections that were refused and are not closed yet.
  private var refused = 0

  /// Connections over the limits that are told so at a time; further ones are reset without a word.
  private static let mostRefused = 100

  init(_ settings: Server.Settings, router: Router, tls: TLSContext?, admissions: Admissions) {
    self.router = router
    limits = settings.limits
    isForLoopbackHosts = settings.isForLoopbackHosts
    log = settings.log
    self.tls = tls
    self.admissions = admissions
  }

  /// The current `Date` line.
  var date: [UInt8] {
    dateLine.refresh()
    return dateLine.bytes
  }

  /// Takes over an accepted connection.
  func accept(_ descriptor: Int32, from peer: SocketAddress, on loop: Loop) {
    if !admissions.admit(peer.address) { return refuse(descriptor, from: peer, on: loop) }
    do {
      let session = try tls.map { (context) throws(TLSFault) in
        try TLSSession(serverOf: context, descriptor: descriptor)
      }
      let connection = Connection(site: self, peer: peer, now: loop.now)
      let channel: Channel
      do {
        channel = try Channel(loop: loop, descriptor: descriptor, peer: peer, session: session, delegate: connection)
      } catch {
        // The channel has closed the descriptor.
        return admissions.leave(peer.address)
      }
      channel.closingTime = limits.closingTime
      // The handshake counts into the first head's time.
      channel.setDeadline(loop.now + limits.headTime)
    } catch {
      Socket.close(descriptor)
      admissions.leave(peer.address)
    }
  }

  /// Says that the server is full; over TLS that would cost a handshake, so there the connection is only closed.
  private func refuse(_ descriptor: Int32, from peer: SocketAddress, on loop: Loop) {
    if tls != nil || refused >= Site.mostRefused { return Socket.closeByReset(descriptor) }
    refused += 1
    let refusal = Refusal(date: date) { [self] in refused -= 1 }
    do { try Channel(loop: loop, descriptor: descriptor, peer: peer, delegate: refusal) } catch { refused -= 1 }
  }
}

/// A connection over the limits: answered with 503 and closed, whatever it sends.
private final class Refusal: ChannelDelegate {
  private let date: [UInt8]
  private let closed: () -> Void

  init(date: [UInt8], closed: @escaping () -> Void) {
    self.date = date
    self.closed = closed
  }

  func channelOpened(_ channel: Channel) {
    var response = Response.problem(503, "too many connections; try again later")
    response.headers.add("Retry-After", "1")
    guard case .bytes(let body) = response.body else { return }
    ReplyHead.write(
      to: channel, status: 503, date: date, headers: response.headers.bytes, framing: .length(body.count),
      persistence: .close)
    channel.write(body)
    channel.closingTime = .seconds(1)
    channel.close()
  }

  func channel(_ channel: Channel, received bytes: UnsafeRawBufferPointer) {}
  func channelPeerLeft(_ channel: Channel) {}
  func channelEnded(_ channel: Channel) {}
  func channelDrained(_ channel: Channel) {}
  func channelTimedOut(_ channel: Channel) {}
  func channelShouldClose(_ channel: Channel) {}
  func channelClosed(_ channel: Channel, _ end: Channel.End) { closed() }
}
