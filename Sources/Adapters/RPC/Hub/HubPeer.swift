import EventLoop
import Model
import Wire

/// One connection of a hub. Confined to its loop's thread.
final class HubPeer: ChannelDelegate {
  let id: Peer
  let address: SocketAddress
  /// Set once it was let in.
  private(set) var hello: Hello?
  private let hub: HubLoop
  private weak var channel: Channel?
  private var state = State.stranger
  private var stream = MessageStream(longest: HubSettings.longestFrame.stranger)
  private var allowance: Allowance?
  private var isHeldUp = false

  private enum State {
    case stranger
    case joined
    /// Its end is decided and told; the connection is closing.
    case gone
  }

  init(_ id: Peer, from address: SocketAddress, hub: HubLoop) {
    self.id = id
    self.address = address
    self.hub = hub
  }

  // MARK: to it

  func send(_ bytes: [UInt8]) {
    guard state == .joined, let channel else { return }
    channel.write(bytes)
    if channel.unsent > hub.settings.mostUnread {
      cut("it does not read: \(channel.unsent) bytes wait for it")
    }
  }

  /// Tells it why, then closes.
  func refuse(_ refused: Refused) {
    guard state != .gone, let channel else { return }
    channel.write(Message.refused(refused).encoded())
    go("\(refused.why.word): \(refused.text)")
    // Where TLS still shakes hands nothing can be said: that closes at once.
    channel.close(by: channel.loop.now + hub.settings.stoppingTime)
  }

  /// Closes at once.
  func cut(_ reason: String) {
    guard state != .gone else { return }
    go(reason)
    channel?.abort()
  }

  private func go(_ reason: String) {
    let before = state
    state = .gone
    switch before {
    case .stranger: hub.turnedAway(self, reason)
    case .joined: hub.leave(self, reason)
    case .gone: break
    }
  }

  // MARK: from it

  func channelOpened(_ channel: Channel) {
    self.channel = channel
    channel.closingTime = hub.settings.stoppingTime
  }

  func channel(_ channel: Channel, received bytes: UnsafeRawBufferPointer) {
    stream.append(bytes)
    let now = MonotonicClock.now()
    do throws(WireError) {
      while state != .gone, let (message, request, size) = try stream.next() {
        switch state {
        case .stranger: greet(message, now)
        case .joined: hear(message, request, size, now)
        case .gone: break
        }
      }
    } catch { refuse(Refused(why: .malformed, text: "\(error)")) }
    if state == .joined, !isHeldUp { channel.setDeadline(channel.loop.now + silence) }
  }

  private func greet(_ message: Message, _ now: Instant) {
    guard case .hello(let hello) = message else {
      return refuse(Refused(why: .malformed, text: "found \(message.name), expected Hello first"))
    }
    switch hub.judge(hello) {
    case .refuse(let refused): refuse(refused)
    case .welcome(let version):
      let settings = hub.settings
      self.hello = hello
      state = .joined
      stream.grow(longest: HubSettings.longestFrame.peer)
      allowance = Allowance(rate: settings.rate.steady, burst: settings.rate.burst, now: now)
      let welcome = Welcome(
        protocol: version, term: settings.term, heartbeat: settings.heartbeat, lease: settings.lease,
        margin: settings.margin, version: settings.version, master: settings.master)
      send(Message.welcome(welcome).encoded())
      hub.join(self, hello)
    }
  }

  private func hear(_ message: Message, _ request: UInt64, _ size: Int, _ now: Instant) {
    if case .hello = message {
      return refuse(Refused(why: .malformed, text: "found a second Hello"))
    }
    hub.pass(message, request, from: self, at: now)
    // Beside its bytes a message costs whoever handles it.
    guard let resume = allowance?.take(size + 256, now: now), let channel else { return }
    isHeldUp = true
    channel.pauseReading()
    channel.setDeadline(resume)
  }

  /// No heartbeat for so long: whatever it was granted has run out.
  private var silence: TimeSpan { hub.settings.lease + hub.settings.margin }

  func channelTimedOut(_ channel: Channel) {
    self.channel = channel
    switch state {
    case .stranger: refuse(Refused(why: .malformed, text: "no Hello within \(hub.settings.helloTime)"))
    case .joined where isHeldUp:
      isHeldUp = false
      channel.setDeadline(channel.loop.now + silence)
      channel.resumeReading()
    case .joined: cut("nothing came from it for \(silence)")
    case .gone: break
    }
  }

  func channelPeerLeft(_ channel: Channel) {}

  func channelEnded(_ channel: Channel) {
    go("it closed the connection")
    channel.close()
  }

  func channelDrained(_ channel: Channel) {}

  func channelShouldClose(_ channel: Channel) {
    refuse(Refused(why: .stopping, text: "the master stops"))
  }

  func channelClosed(_ channel: Channel, _ end: Channel.End) {
    switch end {
    case .closed: go("it closed the connection")
    case .aborted: go("the connection was cut")
    case .failed(let error): go("\(error)")
    case .refused(let fault): go("TLS: \(fault)")
    }
    hub.closed()
  }
}
