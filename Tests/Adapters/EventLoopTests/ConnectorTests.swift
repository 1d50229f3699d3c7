import CLinux
import EventLoop
import Glibc
import Model
import TestSupport
import Testing

@Suite struct ConnectorTests {
  typealias Journal = ChannelTests.Journal

  /// Says hello as soon as it is open, and tells what it gets.
  final class Greeter: ChannelDelegate {
    let journal: Journal
    init(_ journal: Journal) { self.journal = journal }

    func channelOpened(_ channel: Channel) {
      channel.closingTime = .milliseconds(200)
      channel.write(Array("hello".utf8))
    }
    func channel(_ channel: Channel, received bytes: UnsafeRawBufferPointer) {
      journal.note("got \(String(decoding: bytes, as: UTF8.self))")
    }
    func channelPeerLeft(_ channel: Channel) {}
    func channelEnded(_ channel: Channel) { channel.close() }
    func channelDrained(_ channel: Channel) {}
    func channelTimedOut(_ channel: Channel) {}
    func channelShouldClose(_ channel: Channel) { channel.close() }
    func channelClosed(_ channel: Channel, _ end: Channel.End) { journal.note("closed: \(end)") }
  }

  /// A loop with one connector, and a greeter on what it opens.
  final class Client {
    let handle: LoopHandle
    let journal = Journal()

    init(
      to host: String, port: UInt16, tls: TLSContext? = nil, name: String? = nil, within span: TimeSpan = .seconds(30)
    ) throws {
      handle = try LoopHandle.start(name: "client")
      let journal = journal
      handle.inbox.post { loop in
        var connector: Connector?
        connector = Connector(loop: loop, host: host, port: port, within: span) { outcome in
          withExtendedLifetime(connector) {}
          connector = nil
          switch outcome {
          case .failure(let fault): journal.note("failed: \(fault)")
          case .success(let connection):
            journal.note("connected to \(connection.peer)")
            let session = tls.flatMap {
              try? TLSSession(clientOf: $0, descriptor: connection.descriptor, host: name ?? host)
            }
            _ = try? Channel(
              loop: loop, descriptor: connection.descriptor, peer: connection.peer, session: session,
              delegate: Greeter(journal))
          }
        }
      }
    }

    deinit {
      handle.stop(within: .zero)
      handle.join()
    }
  }

  @Test func itConnectsToAnAddress() throws {
    let server = try ChannelTests.Server()
    let client = try Client(to: "127.0.0.1", port: server.port)
    #expect(client.journal.wait(for: "got") == ["connected to 127.0.0.1:\(server.port)", "got hello"])
  }

  /// Where the name also has an IPv6 address, nobody listens on that.
  @Test func itTriesANamesAddressesInTurn() throws {
    let server = try ChannelTests.Server()
    let client = try Client(to: "localhost", port: server.port)
    #expect(client.journal.wait(for: "got").last == "got hello")
  }

  @Test(arguments: ["localhost", "127.0.0.1"]) func tlsBeginsByItself(_ host: String) throws {
    let files = try TLSTests.certificates.get()
    let server = try ChannelTests.Server(
      tls: TLSContext(serverCertificates: files.certificate, key: files.key, oldest: .tls13))
    let client = try Client(
      to: host, port: server.port, tls: TLSContext(clientTrusting: files.authority, oldest: .tls13))
    #expect(client.journal.wait(for: "got").last == "got hello")
  }

  @Test func aCertificateForAnotherNameIsRefused() throws {
    let files = try TLSTests.certificates.get()
    let server = try ChannelTests.Server(tls: TLSContext(serverCertificates: files.certificate, key: files.key))
    let client = try Client(
      to: "127.0.0.1", port: server.port, tls: TLSContext(clientTrusting: files.authority), name: "example.org")
    #expect(client.journal.wait(for: "closed").last?.contains("hostname mismatch") == true)
    server.journal.wait(for: "closed")
  }

  @Test func nobodyThereIsSaidWithTheReason() throws {
    let port = try LocalPort.free()
    let client = try Client(to: "127.0.0.1", port: port)
    #expect(
      client.journal.wait(for: "failed") == ["failed: connect to 127.0.0.1:\(port): Connection refused"])
  }

  @Test func aNameThatNobodyKnowsIsSaid() throws {
    let client = try Client(to: "no-such-host.invalid", port: 1)
    #expect(client.journal.wait(for: "failed").last?.hasPrefix("failed: cannot resolve 'no-such-host.invalid'") == true)
  }

  /// A listener whose backlog is full answers nothing at all.
  @Test func silenceEndsWithTheTime() throws {
    let silent = try Socket.listen(on: SocketAddress(.v4(0x7F00_0001), port: 0), backlog: 0)
    defer { Socket.close(silent) }
    let port = try #require(Socket.localAddress(silent)).port
    let address = SocketAddress(.v4(0x7F00_0001), port: port)
    let fillers = (0..<4).map { _ in Socket.open(family: AF_INET) }
    for filler in fillers { _ = Socket.connect(filler, to: address) }
    defer { for filler in fillers { Socket.close(filler) } }
    let client = try Client(to: "127.0.0.1", port: port, within: .milliseconds(300))
    #expect(
      client.journal.wait(for: "failed") == ["failed: connect to 127.0.0.1:\(port): no answer within 300ms"])
  }

  /// The loop ends while a connection is on its way: nothing is left and nobody is called.
  @Test func theLoopsEndCancelsIt() throws {
    let silent = try Socket.listen(on: SocketAddress(.v4(0x7F00_0001), port: 0), backlog: 0)
    defer { Socket.close(silent) }
    let port = try #require(Socket.localAddress(silent)).port
    let fillers = (0..<4).map { _ in Socket.open(family: AF_INET) }
    for filler in fillers { _ = Socket.connect(filler, to: SocketAddress(.v4(0x7F00_0001), port: port)) }
    defer { for filler in fillers { Socket.close(filler) } }
    var client: Client? = try Client(to: "127.0.0.1", port: port)
    let journal = try #require(client?.journal)
    client = nil
    journal.note("over")
    #expect(journal.wait(for: "over") == ["over"])
  }
}
