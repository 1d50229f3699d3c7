import EventLoop
import Model
import RPC
import TestSupport
import Testing
import Wire

/// A link and a hub.
@Suite struct LinkTests {
  @Test func messagesGoBothWays() throws {
    let probe = try HubProbe { event, hub in
      if case .message(let peer, .register, let request, _) = event {
        hub.send(.registered(Registered(worker: "w1")), request: request, to: peer)
      }
    }
    let link = try LinkProbe(LinkProbe.settings(probe.address.port))
    let welcome = try link.welcomed()
    #expect(welcome.term == 7 && welcome.master == Identifier(high: 1, low: 2) && welcome.version == "test")
    #expect(link.link.send(.register(Register(term: 7)), request: 42))
    let (answer, request) = try link.message("Registered")
    #expect(answer == .registered(Registered(worker: "w1")) && request == 42)
  }

  @Test(arguments: [
    (Hello.right(token: "another token of enough bytes"), Refusal.token),
    (Hello(protocol: 4, oldest: 2, token: HubProbe.token, worker: "w", process: Identifier(high: 0, low: 1)), .version),
  ])
  func aRefusalIsToldWithItsReason(_ hello: Hello, _ why: Refusal) throws {
    let probe = try HubProbe()
    let link = try LinkProbe(LinkProbe.settings(probe.address.port, hello))
    let refused = try link.refused()
    #expect(refused.why == why)
    #expect(!refused.text.isEmpty)
    #expect(!link.link.send(.goodbye(Goodbye(text: ""))))
  }

  /// Nobody there, then somebody, then nobody, then another.
  @Test func itComesBackWheneverThereIsAMaster() throws {
    let port = try LocalPort.free()
    let link = try LinkProbe(LinkProbe.settings(port))
    #expect(try link.lost().contains("Connection refused"))
    var probe: HubProbe? = try HubProbe(HubProbe.settings(port: port))
    try link.welcomed()
    let peer = try #require(try probe?.joined())
    probe?.hub.stop()
    probe?.hub.wait()
    #expect(try probe?.left(peer) == "stopping: the master stops")
    #expect(try link.refused().why == .stopping)
    probe = nil
    let next = try HubProbe(HubProbe.settings(port: port))
    try link.welcomed(2)
    _ = try next.joined()
  }

  @Test func goodbyeIsTheLastWord() throws {
    let probe = try HubProbe()
    let link = try LinkProbe(LinkProbe.settings(probe.address.port))
    try link.welcomed()
    let peer = try probe.joined()
    link.link.stop(saying: .goodbye(Goodbye(text: "done")))
    link.link.join()
    #expect(try probe.message("Goodbye").1 == .goodbye(Goodbye(text: "done")))
    #expect(try probe.left(peer) == "it closed the connection")
    #expect(link.events.count == 1)
  }

  @Test func aMasterThatFallsSilentIsLost() throws {
    var settings = HubProbe.settings()
    settings.lease = .milliseconds(400)
    settings.margin = .milliseconds(100)
    let probe = try HubProbe(settings)
    let link = try LinkProbe(LinkProbe.settings(probe.address.port))
    // The hub gives up at the same time: either sees it first.
    let reason = try link.lost()
    #expect(
      reason == "nothing came from the master for 500ms" || reason == "the connection was cut"
        || reason.contains("reset"))
    try link.welcomed(2)
  }

  /// Whatever answers on the port is no master: said, and tried again.
  @Test func rubbishFromTheMasterIsSurvived() throws {
    let server = try RubbishServer(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8))
    let link = try LinkProbe(LinkProbe.settings(server.port))
    #expect(try link.lost().hasPrefix("the master sent what is no message: frame: found a length of "))
  }

  @Test func aMasterOfAnEarlierTermIsNotFollowed() throws {
    let port = try LocalPort.free()
    var probe: HubProbe? = try HubProbe(HubProbe.settings(port: port))
    let link = try LinkProbe(LinkProbe.settings(port))
    try link.welcomed()
    probe?.hub.abort()
    probe?.hub.wait()
    probe = nil
    var settings = HubProbe.settings(port: port)
    settings.term = 6
    let old = try HubProbe(settings)
    let reason = try link.wait(for: "the old term") { events in
      events.lazy.compactMap {
        if case .lost(let reason, _) = $0, reason.contains("term") { reason } else { nil }
      }.first
    }
    #expect(reason == "the master's term 6 is over: there was one of term 7")
    _ = try old.joined()
  }

  @Test func aTokenIsNotSentInPlainToAnotherMachine() throws {
    // A port of this machine under an address that is not loopback: found by asking the kernel.
    guard let own = OwnAddress.find() else {
      // A machine without any such address can't leak a token to one.
      return
    }
    var settings = HubProbe.settings()
    settings.address = SocketAddress(own, port: 0)
    settings.allowsPlain = true
    let probe = try HubProbe(settings)
    var asking = LinkProbe.settings(probe.address.port)
    asking.host = "\(own)"
    let link = try LinkProbe(asking)
    #expect(try link.lost().contains("the join token is not sent to it in plain"))
    #expect(link.events.count == 1)
    asking.allowsPlain = true
    let allowed = try LinkProbe(asking)
    try allowed.welcomed()
  }
}
