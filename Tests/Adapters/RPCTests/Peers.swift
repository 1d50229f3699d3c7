import EventLoop
import Glibc
import Model
import TestSupport

/// Answers every connection with the same bytes.
final class RubbishServer {
  let handle: LoopHandle
  let port: UInt16

  init(_ bytes: [UInt8]) throws {
    handle = try LoopHandle.start(name: "rubbish")
    let descriptor = try Socket.listen(on: SocketAddress(.v4(0x7F00_0001), port: 0))
    guard let address = Socket.localAddress(descriptor) else { throw TestError("no address") }
    port = address.port
    handle.inbox.post { loop in
      _ = try? Listener(loop: loop, descriptor: descriptor) { [unowned loop] descriptor, peer in
        _ = try? Channel(loop: loop, descriptor: descriptor, peer: peer, delegate: Answer(bytes))
      }
    }
  }

  deinit {
    handle.stop(within: .zero)
    handle.join()
  }

  private final class Answer: ChannelDelegate {
    private let bytes: [UInt8]
    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func channelOpened(_ channel: Channel) { channel.write(bytes) }
    func channel(_ channel: Channel, received bytes: UnsafeRawBufferPointer) {}
    func channelPeerLeft(_ channel: Channel) {}
    func channelEnded(_ channel: Channel) { channel.close() }
    func channelDrained(_ channel: Channel) {}
    func channelTimedOut(_ channel: Channel) {}
    func channelShouldClose(_ channel: Channel) { channel.close() }
    func channelClosed(_ channel: Channel, _ end: Channel.End) {}
  }
}

/// An IPv4 address of this machine that is not loopback.
enum OwnAddress {
  static func find() -> IPAddress? {
    var list: UnsafeMutablePointer<ifaddrs>?
    guard getifaddrs(&list) == 0 else { return nil }
    defer { freeifaddrs(list) }
    var next = list
    while let entry = next {
      if let pointer = entry.pointee.ifa_addr, let address = SocketAddress(pointer), case .v4 = address.address,
        !address.address.isLoopback
      {
        return address.address
      }
      next = entry.pointee.ifa_next
    }
    return nil
  }
}
