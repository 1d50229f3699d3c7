import EventLoop
import Glibc
import Model
import RPC
import TestSupport
import Testing
import Wire

/// A hub and whoever comes along: clients that send exactly the bytes they are told to.
@Suite struct HubTests {
  /// Sends bytes, and gives the messages that came back up to the connection's end, and whether it was closed properly.
  private func answers(to bytes: [UInt8], at address: SocketAddress) throws -> (messages: [Message], end: RawClient.End)
  {
    let client = try RawClient(port: address.port, patience: 60)
    client.send(bytes)
    return try rest(of: client)
  }

  private func rest(of client: RawClient) throws -> (messages: [Message], end: RawClient.End) {
    var decoder = FrameDecoder()
    var messages: [Message] = []
    while true {
      let (bytes, end) = client.receive()
      decoder.append(bytes)
      while let frame = try decoder.next() { messages.append(try Message(frame: frame)) }
      if let end { return (messages, end) }
    }
  }

  private func refusal(of bytes: [UInt8], by probe: HubProbe) throws -> Refused {
    let (messages, end) = try answers(to: bytes, at: probe.address)
    #expect(end == .closed)
    guard messages.count == 1, case .refused(let refused) = messages[0] else {
      throw TestError("found \(messages), expected Refused alone")
    }
    return refused
  }

  @Test func aWrongTokenIsRefusedWithWhatToDo() throws {
    let probe = try HubProbe()
    let refused = try refusal(of: Message.hello(.right(token: "another token of enough bytes")).encoded(), by: probe)
    #expect(refused.why == .token)
    #expect(refused.text.contains("the join token is wrong"))
    #expect(try probe.turnedAway().hasPrefix("token: "))
    #expect(!probe.events.contains { if case .joined = $0 { true } else { false } })
  }

  /// The version is no secret, but is told to those only who know the token.
  @Test(arguments: [true, false]) func aVersionThatIsNotSpokenIsRefused(_ knowsToken: Bool) throws {
    let probe = try HubProbe()
    var hello = Hello.right(token: knowsToken ? HubProbe.token : "another token of enough bytes")
    hello.protocol = 9
    hello.oldest = 5
    let refused = try refusal(of: Message.hello(hello).encoded(), by: probe)
    #expect(refused.why == (knowsToken ? .version : .token))
    #expect(refused.text.contains("RPC versions 5 to 9, the master 1 to 1") == knowsToken)
  }

  @Test func theNewestVersionOfBothIsTaken() throws {
    let probe = try HubProbe()
    let client = try RawClient(port: probe.address.port, patience: 60)
    var hello = Hello.right()
    hello.protocol = 9
    client.send(Message.hello(hello).encoded())
    _ = try probe.joined()
    probe.hub.stop()
    let (messages, _) = try rest(of: client)
    guard case .welcome(let welcome) = messages.first else {
      Issue.record("\(messages)")
      return
    }
    #expect(welcome.protocol == 1)
    #expect(welcome.term == 7)
    #expect(welcome.lease == .seconds(120))
    #expect(messages.last == .refused(Refused(why: .stopping, text: "the master stops")))
  }

  @Test func rubbishIsRefusedByItsFirstBytes() throws {
    let probe = try HubProbe()
    let refused = try refusal(of: Array("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8), by: probe)
    #expect(refused.why == .malformed)
    #expect(refused.text.hasPrefix("frame: found a length of 542393671, expected 12 to 65536"))
  }

  /// Before Hello nothing long is taken, and no byte of it is waited for.
  @Test(arguments: [65_537, 4_194_304, UInt32.max]) func aLongFirstFrameIsRefusedByItsLength(_ length: UInt32) throws {
    let probe = try HubProbe()
    let head = (0..<4).map { UInt8(truncatingIfNeeded: length >> UInt32($0 * 8)) }
    #expect(try refusal(of: head, by: probe).why == .malformed)
  }

  @Test func aLongFrameOfAWorkerCostsItTheConnection() throws {
    let probe = try HubProbe()
    let client = try RawClient(port: probe.address.port, patience: 60)
    client.send(Message.hello(.right()).encoded())
    let peer = try probe.joined()
    // A frame of 1 MiB is taken as long as it comes, one of 2 MiB is not begun.
    client.send([0, 0, 0x20, 0])
    #expect(try probe.left(peer).hasPrefix("malformed: frame: found a length of 2097152"))
    let (messages, end) = try rest(of: client)
    #expect(messages.map(\.name) == ["Welcome", "Refused"])
    #expect(end == .closed)
  }

  @Test func theFirstMessageIsHello() throws {
    let probe = try HubProbe()
    let refused = try refusal(of: Message.goodbye(Goodbye(text: "")).encoded(), by: probe)
    #expect(refused == Refused(why: .malformed, text: "found Goodbye, expected Hello first"))
  }

  @Test func thereIsOneHello() throws {
    let probe = try HubProbe()
    let hello = Message.hello(.right()).encoded()
    let (messages, _) = try answers(to: hello + hello, at: probe.address)
    #expect(messages.last == .refused(Refused(why: .malformed, text: "found a second Hello")))
    #expect(try probe.left(probe.joined()) == "malformed: found a second Hello")
  }

  @Test func halfAHelloAndSilenceEnds() throws {
    var settings = HubProbe.settings()
    settings.helloTime = .milliseconds(300)
    let probe = try HubProbe(settings)
    let refused = try refusal(of: Array(Message.hello(.right()).encoded().dropLast(3)), by: probe)
    #expect(refused == Refused(why: .malformed, text: "no Hello within 300ms"))
  }

  @Test func aWorkerThatFallsSilentIsGone() throws {
    var settings = HubProbe.settings()
    settings.lease = .milliseconds(300)
    settings.margin = .milliseconds(100)
    let probe = try HubProbe(settings)
    let client = try RawClient(port: probe.address.port, patience: 60)
    let half = Message.goodbye(Goodbye(text: "never sent")).encoded().dropLast(3)
    client.send(Message.hello(.right()).encoded() + half)
    #expect(try probe.left(probe.joined()) == "nothing came from it for 400ms")
  }

  /// Fed byte by byte, all is understood as well.
  @Test func framesMayComeInAnyPieces() throws {
    let probe = try HubProbe()
    let client = try RawClient(port: probe.address.port, patience: 60)
    let all =
      Message.hello(.right()).encoded() + Message.register(Register(term: 3)).encoded(request: 5)
      + Message.goodbye(Goodbye(text: "bye")).encoded(request: 6)
    for byte in all { client.send([byte]) }
    #expect(try probe.message("Register").2 == 5)
    #expect(try probe.message("Goodbye").1 == .goodbye(Goodbye(text: "bye")))
  }

  /// Whatever one who knows the token sends, it costs him his connection at most.
  @Test func damagedMessagesHarmNobodyElse() throws {
    let probe = try HubProbe()
    var source = SplitMix(seed: Fuzz.seed(for: "damaged messages"))
    let nobody = Identifier(high: 0, low: 0)
    let whole: [Message] = [
      .register(Register(term: 1)), .heartbeat(Heartbeat(nonce: 1, state: .idle)), .goodbye(Goodbye(text: "bye")),
      .progress(Progress(run: nobody, incarnation: nobody, record: [1, 2, 3])), .hello(.right()),
      .ready(Ready(run: nobody, incarnation: nobody, epoch: 1, problem: "no")),
    ]
    for round in 0..<60 {
      let client = try RawClient(port: probe.address.port, patience: 60)
      client.send(Message.hello(.right("w\(round)", process: UInt64(round))).encoded())
      for _ in 0..<20 {
        let bytes = whole.randomElement(using: &source)?.encoded(request: 1) ?? []
        client.send(Fuzz.mutated(bytes, tokens: ["\u{0}\u{0}", "ä"], &source))
      }
      client.close()
    }
    let last = try RawClient(port: probe.address.port, patience: 60)
    last.send(Message.hello(.right("last", process: 1_000)).encoded())
    last.send(Message.goodbye(Goodbye(text: "bye")).encoded(request: 77))
    let peer = try probe.joined("last")
    try probe.wait(for: "the last word") { events in
      events.contains { event in
        guard case .message(peer, .goodbye(let word), 77, _) = event else { return false }
        return word.text == "bye"
      } ? () : nil
    }
  }

  @Test func aSlowReaderIsCut() throws {
    let probe = try HubProbe()
    let client = try RawClient(port: probe.address.port, patience: 60)
    client.send(Message.hello(.right()).encoded())
    let peer = try probe.joined()
    let record = [UInt8](repeating: 7, count: Progress.longestRecord)
    let nobody = Identifier(high: 0, low: 0)
    let message = Message.progress(Progress(run: nobody, incarnation: nobody, record: record))
    // The kernel takes some MB by itself.
    for _ in 0..<40 { probe.hub.send(message, to: peer) }
    #expect(try probe.left(peer).hasPrefix("it does not read: "))
    // Nothing more is taken for it, and nobody minds.
    probe.hub.send(message, to: peer)
    probe.hub.drop(peer, nil)
  }

  /// More than it may send is not read, so the bytes wait in the sender, and none is lost.
  @Test func aFastSenderIsHeldUp() throws {
    var settings = HubProbe.settings()
    settings.rate = (steady: 400_000, burst: 100_000)
    let probe = try HubProbe(settings)
    let client = try RawClient(port: probe.address.port, patience: 60)
    client.send(Message.hello(.right()).encoded())
    _ = try probe.joined()
    let before = MonotonicClock.now()
    let message = Message.goodbye(Goodbye(text: String(repeating: "x", count: 1_000)))
    for number in 1...400 { client.send(message.encoded(request: UInt64(number))) }
    let requests = try probe.wait(for: "400 messages") { events -> [UInt64]? in
      let all = events.compactMap { if case .message(_, _, let request, _) = $0 { request } else { nil } }
      return all.count == 400 ? all : nil
    }
    #expect(requests == Array(1...400))
    // 400 × (1,018 + 256) bytes less the burst of 100,000 at 400,000 a second, and less the last piece read: it is
    // delivered whole.
    #expect(MonotonicClock.now() - before >= .milliseconds(500))
  }

  @Test func asManyWorkersAsItTakes() throws {
    var settings = HubProbe.settings()
    settings.mostPeers = 1
    let probe = try HubProbe(settings)
    let client = try RawClient(port: probe.address.port, patience: 60)
    client.send(Message.hello(.right()).encoded())
    let first = try probe.joined()
    #expect(try refusal(of: Message.hello(.right("w2", process: 2)).encoded(), by: probe).why == .busy)
    client.close()
    _ = try probe.left(first)
    let next = try RawClient(port: probe.address.port, patience: 60)
    next.send(Message.hello(.right("w2", process: 2)).encoded())
    _ = try probe.joined("w2")
  }

  /// Those who never say Hello keep nobody out for long, and cost no more than so many connections.
  @Test func strangersAreBounded() throws {
    var settings = HubProbe.settings()
    settings.mostStrangers = 3
    let probe = try HubProbe(settings)
    let silent = try (0..<3).map { _ in try RawClient(port: probe.address.port, patience: 60) }
    let fourth = try RawClient(port: probe.address.port, patience: 60)
    #expect(try rest(of: fourth).messages == [])
    for client in silent { client.close() }
    // The hub hears of these ends in its own time.
    for _ in 0..<10_000 {
      let client = try RawClient(port: probe.address.port, patience: 60)
      client.send(Message.hello(.right()).encoded())
      let (bytes, end) = client.receive()
      if end == nil, !bytes.isEmpty { break }
      usleep(5_000)
    }
    _ = try probe.joined()
  }

  @Test func theSameIdOfAnotherProcessIsRefused() throws {
    let probe = try HubProbe()
    let client = try RawClient(port: probe.address.port, patience: 60)
    client.send(Message.hello(.right()).encoded())
    let peer = try probe.joined()
    let refused = try refusal(of: Message.hello(.right(process: 2)).encoded(), by: probe)
    #expect(refused.why == .duplicate)
    #expect(refused.text.hasPrefix("the worker id 'w1' is in use by another process, connected from 127.0.0.1:"))
    // The first is still heard.
    client.send(Message.goodbye(Goodbye(text: "")).encoded())
    #expect(try probe.message("Goodbye").0 == peer)
  }

  /// A process that lost its connection without the hub's having seen it comes back at once.
  @Test func theSameProcessReplacesItsConnection() throws {
    let probe = try HubProbe()
    let first = try RawClient(port: probe.address.port, patience: 60)
    first.send(Message.hello(.right()).encoded())
    let peer = try probe.joined()
    let second = try RawClient(port: probe.address.port, patience: 60)
    second.send(Message.hello(.right()).encoded())
    #expect(try probe.left(peer) == "its process has opened another connection")
    try probe.wait(for: "second join") { events in
      events.contains { if case .joined(let other, _, _) = $0 { other != peer } else { false } } ? () : nil
    }
    #expect(try rest(of: first).messages.map(\.name) == ["Welcome"])
  }

  @Test func aDropTellsWhy() throws {
    let probe = try HubProbe()
    let client = try RawClient(port: probe.address.port, patience: 60)
    client.send(Message.hello(.right()).encoded())
    let peer = try probe.joined()
    probe.hub.drop(peer, Refused(why: .duplicate, text: "its lease lasts"))
    #expect(try probe.left(peer) == "duplicate: its lease lasts")
    let (messages, end) = try rest(of: client)
    #expect(messages.last == .refused(Refused(why: .duplicate, text: "its lease lasts")))
    #expect(end == .closed)
  }

  @Test func settingsThatWouldLeakTheTokenAreRefused() {
    var settings = HubProbe.settings()
    settings.address = SocketAddress(.v4(0), port: 0)
    #expect(throws: HubFault.plain(settings.address)) { _ = try Hub(settings) { _ in }.start() }
    #expect("\(HubFault.plain(settings.address))".contains("--rpc-plain"))
    settings = HubProbe.settings()
    settings.token = "short"
    #expect(throws: HubFault.token(bytes: 5)) { _ = try Hub(settings) { _ in }.start() }
  }

  @Test func anAddressInUseIsNamed() throws {
    let probe = try HubProbe()
    let settings = HubProbe.settings(port: probe.address.port)
    #expect(throws: HubFault.system(SystemError("listen on \(probe.address)", code: EADDRINUSE))) {
      _ = try Hub(settings) { _ in }.start()
    }
  }
}
