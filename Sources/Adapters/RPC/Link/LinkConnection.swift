import EventLoop
import Model
import Wire

/// One connection of a link. Confined to its loop's thread.
final class LinkConnection: ChannelDelegate {
  private let address: SocketAddress
  private let link: LinkLoop
  private weak var channel: Channel?
  private var stream = MessageStream(longest: Frame.longest)
  private var silence: TimeSpan?

  init(to address: SocketAddress, link: LinkLoop) {
    self.address = address
    self.link = link
  }

  func send(_ bytes: [UInt8]) {
    guard let channel else { return }
    channel.write(bytes)
    if channel.unsent > link.settings.mostUnread {
      link.lost(self, "the master does not read: \(channel.unsent) bytes wait for it")
      channel.abort()
    }
  }

  /// Welcomed: from now on the master must say something at least so often.
  func listen(silence: TimeSpan) {
    self.silence = silence
    if let channel { channel.setDeadline(channel.loop.now + silence) }
  }

  /// Sends what is left, then closes.
  func close() {
    guard let channel else { return }
    channel.close(by: channel.loop.now + link.settings.stoppingTime)
  }

  // MARK: what the channel says

  func channelOpened(_ channel: Channel) {
    self.channel = channel
    channel.closingTime = .seconds(1)
    link.opened(self)
  }

  func channel(_ channel: Channel, received bytes: UnsafeRawBufferPointer) {
    stream.append(bytes)
    let now = MonotonicClock.now()
    do throws(WireError) {
      while let (message, request, _) = try stream.next() {
        link.came(message, request: request, at: now, on: self)
      }
    } catch { return link.lost(self, "the master sent what is no message: \(error)") }
    if let silence { channel.setDeadline(channel.loop.now + silence) }
  }

  func channelTimedOut(_ channel: Channel) {
    self.channel = channel
    if let silence {
      link.lost(self, "nothing came from the master for \(silence)")
    } else {
      link.lost(self, "no Welcome from \(address) within \(link.settings.welcomeTime)")
    }
    channel.abort()
  }

  func channelPeerLeft(_ channel: Channel) {}

  func channelEnded(_ channel: Channel) {
    link.lost(self, closedText)
    channel.close()
  }

  func channelDrained(_ channel: Channel) {}
  func channelShouldClose(_ channel: Channel) { channel.close() }

  func channelClosed(_ channel: Channel, _ end: Channel.End) {
    switch end {
    case .closed: link.lost(self, closedText)
    case .aborted: link.lost(self, "the connection was cut")
    case .failed(let error): link.lost(self, silence == nil ? "\(closedText): \(error.reason)" : "\(error)")
    case .refused(let fault): link.lost(self, "TLS with \(address): \(fault)")
    }
  }

  private var closedText: String {
    if silence != nil { return "the master closed the connection" }
    let hint = link.settings.tls == nil ? " (does it expect TLS? then give --rpc-tls-ca)" : ""
    return "\(address) closed the connection before Welcome\(hint)"
  }
}
