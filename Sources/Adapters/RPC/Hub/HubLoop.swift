import EventLoop
import Model
import Wire

/// A hub's connections. `@unchecked Sendable`: everything is touched on the loop's thread only.
final class HubLoop: @unchecked Sendable {
  let settings: HubSettings
  let admission: Admission
  private let tls: TLSContext?
  private let tell: @Sendable (Hub.Event) -> Void
  private var peers: [Peer: HubPeer] = [:]
  private var byWorker: [String: HubPeer] = [:]
  private var lastNumber: UInt64 = 0
  /// Connections that are not peers: not let in yet, or on their way out.
  private var strangers = 0

  init(_ settings: HubSettings, tls: TLSContext?, tell: @escaping @Sendable (Hub.Event) -> Void) {
    self.settings = settings
    self.tls = tls
    self.tell = tell
    admission = Admission(token: settings.token)
  }

  /// Owns the listening descriptor from now on.
  func listen(_ descriptor: Int32, on loop: Loop) {
    // An error here is want of memory for the poller; the listener has closed the descriptor.
    _ = try? Listener(
      loop: loop, descriptor: descriptor, accepted: { [self, unowned loop] in accept($0, from: $1, on: loop) },
      troubled: { [settings, tell] in tell(.turnedAway(settings.address, reason: "\($0)")) })
  }

  private func accept(_ descriptor: Int32, from address: SocketAddress, on loop: Loop) {
    if strangers >= settings.mostStrangers {
      Socket.closeByReset(descriptor)
      return
    }
    let session: TLSSession?
    do throws(TLSFault) {
      session = try tls.map { (context) throws(TLSFault) in try TLSSession(serverOf: context, descriptor: descriptor) }
    } catch {
      Socket.close(descriptor)
      return
    }
    strangers += 1
    lastNumber += 1
    let peer = HubPeer(Peer(number: lastNumber), from: address, hub: self)
    guard
      let channel = try? Channel(
        loop: loop, descriptor: descriptor, peer: address, session: session, delegate: peer)
    else {
      strangers -= 1
      return
    }
    channel.setDeadline(loop.now + settings.helloTime)
  }

  // MARK: what peers say

  func judge(_ hello: Hello) -> Admission.Verdict {
    let namesake: Admission.Namesake =
      switch byWorker[hello.worker] {
      case nil: .nobody
      case let other? where other.hello?.process == hello.process: .itself
      case let other?: .another("\(other.address)")
      }
    return admission.judge(hello, namesake: namesake, hasRoom: peers.count < settings.mostPeers)
  }

  /// Counts a stranger as a peer; an earlier connection of the same process ends.
  func join(_ peer: HubPeer, _ hello: Hello) {
    byWorker[hello.worker]?.cut("its process has opened another connection")
    strangers -= 1
    peers[peer.id] = peer
    byWorker[hello.worker] = peer
    tell(.joined(peer.id, hello, from: peer.address))
  }

  func pass(_ message: Message, _ request: UInt64, from peer: HubPeer, at now: Instant) {
    tell(.message(peer.id, message, request: request, at: now))
  }

  /// A peer is one no more; its connection may still be closing, among the strangers.
  func leave(_ peer: HubPeer, _ reason: String) {
    guard peers.removeValue(forKey: peer.id) != nil else { return }
    if let worker = peer.hello?.worker, byWorker[worker] === peer { byWorker[worker] = nil }
    strangers += 1
    tell(.left(peer.id, reason: reason))
  }

  func turnedAway(_ peer: HubPeer, _ reason: String) {
    tell(.turnedAway(peer.address, reason: reason))
  }

  /// A connection's last word; it had left before.
  func closed() { strangers -= 1 }

  // MARK: what the master wants

  func send(_ bytes: [UInt8], to peer: Peer) { peers[peer]?.send(bytes) }

  func drop(_ peer: Peer, _ refused: Refused?) {
    guard let peer = peers[peer] else { return }
    if let refused { peer.refuse(refused) } else { peer.cut("dropped by the master") }
  }
}
