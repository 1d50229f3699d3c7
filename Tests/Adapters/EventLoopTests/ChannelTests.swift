import CLinux
import EventLoop
import Glibc
import Model
import Synchronization
import TestSupport
import Testing

@Suite struct ChannelTests {
  /// What a channel said, seen from the test's thread.
  final class Journal: Sendable {
    private let lines = Mutex<[String]>([])
    private let signal = UnsafeSemaphore()

    func note(_ line: String) {
      lines.withLock { $0.append(line) }
      signal.post()
    }

    /// Waits until a line begins so; all lines up to now.
    @discardableResult
    func wait(for start: String) -> [String] {
      for _ in 0..<100_000 {
        let sofar = lines.withLock { $0 }
        if sofar.contains(where: { $0.hasPrefix(start) }) { return sofar }
        signal.wait()
      }
      return lines.withLock { $0 }
    }
  }

  /// Sends back what it gets; `pause`, `nap`, `flood` and `close` are commands.
  final class Echo: ChannelDelegate {
    let journal: Journal
    init(_ journal: Journal) { self.journal = journal }

    func channelOpened(_ channel: Channel) {
      channel.closingTime = .milliseconds(200)
      journal.note("opened")
    }
    func channel(_ channel: Channel, received bytes: UnsafeRawBufferPointer) {
      switch String(decoding: bytes, as: UTF8.self) {
      case "pause":
        channel.pauseReading()
        journal.note("paused")
      case "close":
        channel.write(Array("bye".utf8))
        channel.close()
      case "nap":
        channel.pauseReading()
        channel.setDeadline(channel.loop.now + .milliseconds(50))
        journal.note("paused")
      case "flood":
        while channel.hasRoom { channel.write([UInt8](repeating: 120, count: 10_000)) }
        journal.note("full")
      default: channel.write(bytes)
      }
    }
    func channelPeerLeft(_ channel: Channel) { journal.note("left") }
    func channelEnded(_ channel: Channel) {
      journal.note("ended")
      channel.write(Array("end".utf8))
      channel.close()
    }
    func channelDrained(_ channel: Channel) { journal.note("drained") }
    func channelTimedOut(_ channel: Channel) {
      journal.note("timed out")
      channel.resumeReading()
    }
    func channelShouldClose(_ channel: Channel) { channel.close() }
    func channelClosed(_ channel: Channel, _ end: Channel.End) { journal.note("closed: \(end)") }
  }

  /// A loop with one listener that gives every connection an `Echo`.
  final class Server {
    let handle: LoopHandle
    let port: UInt16
    let journal = Journal()

    init(tls: TLSContext? = nil) throws {
      handle = try LoopHandle.start(name: "test-loop")
      let descriptor = try Socket.listen(on: SocketAddress(.v4(0x7F00_0001), port: 0))
      port = try #require(Socket.localAddress(descriptor)).port
      let journal = journal
      handle.inbox.post { loop in
        _ = try? Listener(loop: loop, descriptor: descriptor) { descriptor, peer in
          let session = tls.flatMap { try? TLSSession(serverOf: $0, descriptor: descriptor) }
          _ = try? Channel(loop: loop, descriptor: descriptor, peer: peer, session: session, delegate: Echo(journal))
        }
      }
    }

    deinit {
      handle.stop(within: .zero)
      handle.join()
    }
  }

  @Test func whatIsWrittenComesBack() throws {
    let server = try Server()
    let client = try RawClient(port: server.port)
    client.send("hello")
    #expect(client.receive(until: "hello") == "hello")
    client.send("close")
    #expect(client.receiveAll() == ("bye", .closed))
    client.close()
    #expect(server.journal.wait(for: "closed") == ["opened", "closed: closed"])
  }

  @Test func aHalfCloseIsAnsweredBeforeTheEnd() throws {
    let server = try Server()
    let client = try RawClient(port: server.port)
    client.send("hello")
    client.finishSending()
    #expect(client.receiveAll() == ("helloend", .closed))
    #expect(server.journal.wait(for: "closed") == ["opened", "left", "ended", "closed: closed"])
  }

  @Test func aPeerThatNeverClosesIsNotWaitedForForEver() throws {
    let server = try Server()
    let client = try RawClient(port: server.port)
    client.send("close")
    #expect(client.receiveAll().text == "bye")
    #expect(server.journal.wait(for: "closed") == ["opened", "closed: closed"])
    client.close()
  }

  @Test func aResetIsSeenAtOnceWhileReadingIsPaused() throws {
    let server = try Server()
    let client = try RawClient(port: server.port)
    client.send("pause")
    server.journal.wait(for: "paused")
    client.reset()
    let lines = server.journal.wait(for: "closed")
    #expect(lines.last?.contains("Connection reset by peer") == true)
  }

  @Test func anEndIsSeenAtOnceWhileReadingIsPaused() throws {
    let server = try Server()
    let client = try RawClient(port: server.port)
    client.send("pause")
    server.journal.wait(for: "paused")
    client.send("more")
    client.close()
    #expect(server.journal.wait(for: "left") == ["opened", "paused", "left"])
  }

  @Test func bytesHeldBackByAPauseAreDeliveredBeforeTheEnd() throws {
    let server = try Server()
    let client = try RawClient(port: server.port)
    client.send("nap")
    server.journal.wait(for: "paused")
    client.send("more")
    client.finishSending()
    #expect(client.receiveAll() == ("moreend", .closed))
    let lines = server.journal.wait(for: "closed")
    #expect(Set(lines) == ["opened", "paused", "left", "timed out", "ended", "closed: closed"])
  }

  @Test func aFullOutputPausesTheWriterAndDrainingItResumes() throws {
    let server = try Server()
    let client = try RawClient(port: server.port)
    var total = 0
    for _ in 0..<40 {
      client.send("flood")
      var round = 0
      while round < 130_000 {
        let (bytes, end) = client.receive()
        try #require(end == nil)
        round += bytes.count
      }
      total += round
    }
    #expect(total > 40 * 130_000)
    #expect(server.journal.wait(for: "drained").contains("full"))
    client.reset()
    server.journal.wait(for: "closed")
  }

  @Test func anEndOfTheLoopClosesEveryChannel() throws {
    var server: Server? = try Server()
    let journal = try #require(server?.journal)
    let client = try RawClient(port: try #require(server?.port))
    journal.wait(for: "opened")
    server = nil
    #expect(journal.wait(for: "closed") == ["opened", "closed: aborted"])
    #expect(client.receiveAll().end == .reset)
  }

  @Test func anAddressInUseIsNamed() throws {
    let server = try Server()
    #expect(throws: SystemError("listen on 127.0.0.1:\(server.port)", code: EADDRINUSE)) {
      try Socket.listen(on: SocketAddress(.v4(0x7F00_0001), port: server.port))
    }
  }

  @Test func tlsChannelsCarryLargeMessagesBothWays() throws {
    let files = try TLSTests.certificates.get()
    let server = try Server(tls: TLSContext(serverCertificates: files.certificate, key: files.key))
    let client = try RawClient(port: server.port)
    let session = try TLSSession(
      clientOf: TLSContext(clientTrusting: files.authority), descriptor: client.descriptor, host: "localhost")
    defer { session.free() }
    #expect(session.handshake() == .done)
    let message = [UInt8](repeating: 65, count: 60_000)
    var received = 0
    for round in 1...20 {
      var sent = 0
      while sent < message.count {
        guard case .bytes(let count) = message[sent...].withUnsafeBytes({ session.write($0) }) else { break }
        sent += count
      }
      while received < round * message.count {
        let (outcome, text) = TLSTests.read(session)
        guard case .bytes = outcome else {
          Issue.record("ended with \(outcome) after \(received)")
          return
        }
        received += text.utf8.count
      }
    }
    #expect(received == 20 * message.count)
    #expect(session.shutdown())
    let lines = server.journal.wait(for: "ended")
    #expect(lines.prefix(3) == ["opened", "left", "ended"])
  }

  @Test func plaintextToATLSChannelIsRefusedWithItsCause() throws {
    let files = try TLSTests.certificates.get()
    let server = try Server(tls: TLSContext(serverCertificates: files.certificate, key: files.key))
    let client = try RawClient(port: server.port)
    client.send("GET / HTTP/1.1\r\n\r\n")
    #expect(server.journal.wait(for: "closed").last?.contains("http request") == true)
  }
}
