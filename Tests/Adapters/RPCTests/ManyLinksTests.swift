import EventLoop
import Model
import TestSupport
import Testing
import Threads
import Wire

@testable import RPC

@Suite struct ManyLinksTests {
  /// All at once, as after a master's restart: every one gets in, speaks, and is answered.
  @Test func fiveHundredWorkersJoinAtOnce() throws {
    let many = 500
    DescriptorLimit.raise()
    let probe = try HubProbe { event, hub in
      if case .message(let peer, .heartbeat(let beat), let request, let now) = event {
        hub.send(
          .beat(Beat(nonce: beat.nonce, term: 7, received: now, sent: now)), request: request, to: peer)
      }
    }
    let loop = try LoopHandle.start(name: "links")
    defer {
      loop.stop(within: .zero)
      loop.join()
    }
    let answered = Monitor<Set<UInt64>>([])
    let links = Monitor<[LinkLoop]>([])
    for number in 0..<many {
      let settings = LinkProbe.settings(probe.address.port, .right("w\(number)", process: UInt64(number)))
      let back = Monitor<LinkLoop?>(nil)
      let link = LinkLoop(settings, tls: nil) { event in
        switch event {
        case .welcomed:
          let beat = Message.heartbeat(Heartbeat(nonce: UInt64(number), state: .idle))
          let link = back.read { $0 }
          loop.inbox.post { _ in link?.send(beat.encoded(request: 1)) }
        case .message(.beat(let beat), _, _): answered.change { _ = $0.insert(beat.nonce) }
        case .message, .refused, .lost: break
        }
      }
      back.read { $0 = link }
      links.read { $0.append(link) }
      loop.inbox.post { link.start(on: $0) }
    }
    #expect(answered.wait(within: .seconds(120)) { $0.count == many ? true : nil } == true)
    let joined = probe.events.filter { if case .joined = $0 { true } else { false } }
    #expect(joined.count >= many)
    for link in links.read({ $0 }) { loop.inbox.post { _ in link.stop(saying: nil) } }
  }
}
