import EventLoop
import Glibc
import HTTPServer
import Model
import TestSupport
import Testing

@Suite struct ServerTests {
  static let certificates = Result { try TestCertificates() }
  static let get = RawRequest.get

  @Test func aClientThatSendsAByteASecondIsEnded() throws {
    var limits = Limits()
    limits.headTime = .milliseconds(300)
    let live = try LiveServer(limits: limits)
    let client = try RawClient(port: live.port)
    let start = MonotonicClock.now()
    for byte in "GET / HTTP/1.1\r\nHost: aaaaaaaaaaaaaaaaaaaaaaaaa" {
      if !client.send(String(byte)) { break }
      usleep(50_000)
      if MonotonicClock.now() - start > .milliseconds(900) { break }
    }
    let (text, _) = client.receiveAll()
    #expect(RawRequest.statuses(of: text) == [408])
  }

  @Test func aClientThatTakesNoReplyIsEnded() throws {
    var limits = Limits()
    limits.replyTime = .milliseconds(200)
    limits.slowest = 100_000_000
    let live = try LiveServer(limits: limits)
    let client = try RawClient(port: live.port)
    for _ in 0..<10 { client.send("GET /big HTTP/1.1\r\nHost: a\r\n\r\n") }
    usleep(2_000_000)
    let (text, end) = client.receiveAll()
    #expect(end == .reset && text.utf8.count < 50_000_000)
  }

  /// `closingTime` is for closing, not for taking the reply.
  @Test func aClientThatIsSlowToTakeItsLastReplyGetsAllOfIt() throws {
    var limits = Limits()
    limits.closingTime = .milliseconds(100)
    let live = try LiveServer(limits: limits)
    let client = try RawClient(port: live.port)
    client.send("GET /big HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    usleep(2_000_000)
    let (text, end) = client.receiveAll()
    let head = try #require(text.firstRange(of: "\r\n\r\n"))
    #expect(end == .closed && text[head.upperBound...].utf8.count == 5_000_000)
  }

  @Test func aClientThatDoesNotCloseIsLetGo() throws {
    var limits = Limits()
    limits.closingTime = .milliseconds(100)
    let live = try LiveServer(limits: limits)
    let client = try RawClient(port: live.port)
    client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    #expect(client.receiveAll().end == .closed)
    let start = MonotonicClock.now()
    while live.server.connectionCount > 0, MonotonicClock.now() - start < .seconds(60) { usleep(10_000) }
    #expect(live.server.connectionCount == 0)
  }

  @Test func manyRequestsAheadAreAnsweredInOrder() throws {
    let live = try LiveServer()
    let client = try RawClient(port: live.port)
    let names = (0..<500).map { "n\($0)" }
    client.send(names.map { "GET /param/\($0)/x HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
    client.finishSending()
    let bodies = client.receiveAll().text.split(separator: "\r\n\r\n").dropFirst().map { $0.prefix { $0 != "H" } }
    #expect(bodies.map(String.init) == names)
  }

  @Test func slowAnswersKeepTheOrder() throws {
    let live = try LiveServer()
    let client = try RawClient(port: live.port)
    client.send("GET /later HTTP/1.1\r\nHost: a\r\n\r\nGET /remote HTTP/1.1\r\nHost: a\r\n\r\n" + ServerTests.get)
    client.finishSending()
    let (text, end) = client.receiveAll()
    let places = ["later", "remote", "hello"].map { text.firstRange(of: "\r\n\r\n\($0)")?.lowerBound }
    #expect(end == .closed && places.allSatisfy { $0 != nil })
    #expect(places.compactMap { $0 } == places.compactMap { $0 }.sorted())
  }

  @Test(arguments: [true, false])
  func aClientThatLeavesIsNoticedWhileItsAnswerIsPending(byReset: Bool) throws {
    let live = try LiveServer()
    let client = try RawClient(port: live.port)
    client.send("GET /hang HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(live.journal.wait(for: "hanging"))
    if byReset { client.reset() } else { client.close() }
    #expect(live.journal.wait(for: "left"))
  }

  @Test func aHalfCloseIsStillAnswered() throws {
    let live = try LiveServer()
    let client = try RawClient(port: live.port)
    client.send("GET /hang HTTP/1.1\r\nHost: a\r\n\r\n")
    client.finishSending()
    let (text, end) = client.receiveAll()
    #expect(text.hasSuffix("too late, or not") && end == .closed)
  }

  @Test func aStreamIsHeldBackAndEndsWithItsClient() throws {
    let live = try LiveServer()
    let client = try RawClient(port: live.port)
    client.send("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(live.journal.wait(for: "streaming"))
    var received = 0
    while received < 3_000_000 { received += client.receive().bytes.count }
    client.reset()
    #expect(live.journal.wait(for: "left"))
  }

  @Test func connectionsOverTheLimitAreToldSo() throws {
    var limits = Limits()
    limits.connections = 2
    let live = try LiveServer(limits: limits)
    let clients = try (0..<2).map { _ in try RawClient(port: live.port) }
    for client in clients {
      client.send(ServerTests.get)
      #expect(client.receive(until: "hello\n").contains("200 OK"))
    }
    let third = try RawClient(port: live.port)
    let (text, end) = third.receiveAll()
    #expect(RawRequest.statuses(of: text) == [503] && text.contains("Retry-After: 1\r\n") && end == .closed)
    clients[0].close()
    var status = 0
    for _ in 0..<1000 where status != 200 {
      let next = try RawClient(port: live.port)
      next.send(ServerTests.get)
      next.finishSending()
      status = RawRequest.statuses(of: next.receiveAll().text).first ?? 0
    }
    #expect(status == 200)
  }

  @Test func aGracefulStopLetsARequestFinishAndTakesNoOther() throws {
    let live = try LiveServer()
    let idle = try RawClient(port: live.port)
    idle.send(ServerTests.get)
    #expect(idle.receive(until: "hello\n").contains("200 OK"))
    let busy = try RawClient(port: live.port)
    busy.send("GET /hang HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(live.journal.wait(for: "hanging"))
    live.server.stop()
    #expect(idle.receiveAll() == ("", .closed))
    #expect(throws: RawClient.Failure.self) { try RawClient(port: live.port) }
    busy.finishSending()
    let (text, end) = busy.receiveAll()
    #expect(text.contains("Connection: close\r\n") && text.hasSuffix("too late, or not") && end == .closed)
    idle.close()
    busy.close()
    live.server.wait()
    #expect(live.server.connectionCount == 0)
  }

  @Test func aGracefulStopIsToldToStreamsThatHaveNoEnd() throws {
    let live = try LiveServer { $0.stoppingTime = .seconds(60) }
    let client = try RawClient(port: live.port, patience: 60)
    client.send("GET /news HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(live.journal.wait(for: "news"))
    live.server.stop()
    let (text, end) = client.receiveAll()
    #expect(text.hasSuffix("6\r\nfirst,\r\n4\r\nlast\r\n0\r\n\r\n") && end == .closed)
    client.close()
    live.server.wait()
  }

  @Test func aStopThatTakesTooLongBreaksOff() throws {
    let live = try LiveServer { $0.stoppingTime = .milliseconds(100) }
    let busy = try RawClient(port: live.port)
    busy.send("GET /hang HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(live.journal.wait(for: "hanging"))
    live.server.stop()
    live.server.wait()
    #expect(busy.receiveAll().end == .reset)
  }

  @Test func twoLoopsShareOnePort() throws {
    let live = try LiveServer(loops: 2)
    for _ in 0..<50 {
      let client = try RawClient(port: live.port)
      client.send("GET / HTTP/1.0\r\n\r\n")
      #expect(client.receiveAll().text.hasSuffix("hello\n"))
    }
  }

  @Test(arguments: [1, 2])
  func aTakenPortIsNamed(loops: Int) throws {
    let live = try LiveServer(loops: loops)
    var settings = Server.Settings(addresses: [SocketAddress(.v4(0x7F00_0001), port: live.port)])
    settings.loops = loops
    let second = Server(name: "second", settings, router: Router())
    let fault = #expect(throws: Server.Fault.self) { try second.start() }
    #expect(fault?.description == "listen on 127.0.0.1:\(live.port): Address already in use")
  }

  @Test func aMissingCertificateIsNamed() throws {
    var settings = Server.Settings(addresses: [SocketAddress(.v4(0x7F00_0001), port: 0)])
    settings.tls = Server.Certificate(chain: "/nonexistent.pem", key: "/nonexistent.key")
    let server = Server(name: "server", settings, router: Router())
    let fault = #expect(throws: Server.Fault.self) { try server.start() }
    #expect(
      fault?.description == "/nonexistent.pem: expected a certificate chain in PEM form: No such file or directory")
  }
}
