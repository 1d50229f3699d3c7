import EventLoop
import Model
import Testing

@testable import HTTPServer

@Suite struct ConnectionTests {
  static let get = RawRequest.get

  @Test func aByteASecondDoesNotKeepAHeadAlive() throws {
    let memory = try MemoryConnection()
    for byte in "GET / HTTP/1.1\r\nHost:" {
      memory.send(String(byte))
      memory.advance(.seconds(1))
      if memory.wire.isClosed { break }
    }
    #expect(RawRequest.statuses(of: memory.wire.text) == [408])
    #expect(memory.wire.isClosed)
  }

  @Test func aByteASecondDoesNotKeepABodyAlive() throws {
    let memory = try MemoryConnection()
    memory.send("PUT /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _ in 0..<40 where !memory.wire.isClosed {
      memory.send("1\r\nx\r\n")
      memory.advance(.seconds(1))
    }
    #expect(RawRequest.statuses(of: memory.wire.text) == [408])
  }

  @Test func aByteASecondDoesNotKeepAReplyAlive() throws {
    let memory = try MemoryConnection()
    memory.send("GET /big HTTP/1.1\r\nHost: a\r\n\r\n", takesReplies: false)
    for _ in 0..<1000 where !memory.wire.isAborted {
      memory.wire.taken += 1
      memory.advance(.seconds(1))
    }
    #expect(memory.wire.isAborted)
    // 30 s, and 16 KiB a second for five million bytes.
    let limit = Limits()
    #expect(memory.wire.now.nanoseconds / 1_000_000_000 - 1 == 30 + 5_000_000 / Int64(limit.slowest))
  }

  /// The last reply of a connection has as much time as any other.
  @Test func aClosingConnectionKeepsItsReplysDeadline() throws {
    let memory = try MemoryConnection()
    let start = memory.wire.now
    memory.send("GET /big HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", takesReplies: false)
    memory.advance(.seconds(8))
    memory.wire.taken = memory.wire.written.count
    while !memory.wire.isClosed {
      memory.wire.taken = memory.wire.written.count - 1
      memory.connection.roomAgain()
    }
    #expect(memory.wire.unsent > 0)
    #expect(memory.wire.closesBy == start + .seconds(30 + 5_000_000 / Int64(Limits().slowest)))
  }

  /// A short reply behind a long one that is still being taken has time of its own.
  @Test func aReplyQueuedBehindAnotherGetsItsTimeWhenClosing() throws {
    let memory = try MemoryConnection()
    memory.send(ConnectionTests.get, takesReplies: false)
    memory.advance(.seconds(29))
    memory.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", takesReplies: false)
    #expect(memory.wire.isClosed && memory.wire.closesBy == memory.wire.now + .seconds(30))
  }

  @Test func nothingIsAwaitedWhereAllIsTaken() throws {
    let memory = try MemoryConnection()
    memory.send(ConnectionTests.get)
    memory.advance(.seconds(75))
    #expect(memory.wire.isClosed && memory.wire.closesBy == nil)
  }

  @Test func anIdleConnectionIsClosedWithoutAWord() throws {
    let memory = try MemoryConnection()
    memory.send(ConnectionTests.get)
    let before = memory.wire.text
    memory.advance(.seconds(74))
    #expect(!memory.wire.isClosed)
    memory.advance(.seconds(1))
    #expect(memory.wire.isClosed && memory.wire.text == before)
  }

  @Test func requestsSentAheadWaitTheirTurnAndAreBounded() throws {
    var limits = Limits()
    limits.aheadBytes = 100
    let memory = try MemoryConnection(limits: limits)
    memory.send("GET /hang HTTP/1.1\r\nHost: a\r\n\r\n")
    memory.send(ConnectionTests.get)
    #expect(memory.wire.isReading && memory.wire.text.isEmpty)
    for _ in 0..<4 { memory.send(ConnectionTests.get) }
    #expect(!memory.wire.isReading)
    memory.connection.respond(.text("first"), to: 1)
    memory.connection.respond(.text("again"), to: 1)
    memory.takeReplies()
    #expect(RawRequest.statuses(of: memory.wire.text) == [200, 200, 200, 200, 200, 200])
    #expect(memory.wire.text.contains("first") && !memory.wire.text.contains("again"))
    #expect(memory.wire.isReading)
  }

  @Test func aClientThatTakesNoRepliesIsReadNoFurther() throws {
    let memory = try MemoryConnection()
    let many = String(repeating: ConnectionTests.get, count: 5000)
    memory.send(many, takesReplies: false)
    #expect(memory.wire.unsent < Channel.highWater + 1000)
    #expect(!memory.wire.isReading)
    memory.takeReplies()
    #expect(RawRequest.statuses(of: memory.wire.text).count == 5000)
    #expect(memory.wire.isReading)
  }

  @Test func aStreamShortOfItsLengthIsBrokenOff() throws {
    let memory = try MemoryConnection()
    memory.send("GET /short HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(memory.wire.isAborted)
  }

  @Test func aReplyThatMustNotHaveABodyHasNone() throws {
    var router = Router()
    router.on(.get, "/bytes/:code") { .now(Response(status: Int($0.parameter("code")) ?? 0, body: [120, 121, 122])) }
    router.on(.get, "/stream/:code") {
      .now(
        Response(status: Int($0.parameter("code")) ?? 0, headers: HeaderLines(), stream: 3) { stream in
          stream.write("xyz".utf8)
          stream.finish()
        })
    }
    let memory = try MemoryConnection(router: router)
    for path in ["/bytes/205", "/stream/205", "/bytes/204", "/stream/304"] {
      memory.send("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
    }
    #expect(RawRequest.statuses(of: memory.wire.text) == [205, 205, 204, 304])
    #expect(!memory.wire.text.contains("xyz"))
    #expect(memory.wire.text.split(separator: "Content-Length: 0\r\n").count == 3)
  }

  @Test(arguments: [
    ("localhost", true), ("LOCALHOST:9100", true), ("a.localhost", true), ("127.0.0.1", true), ("127.9.8.7:80", true),
    ("[::1]:9100", true), ("[::1]", true), ("evil.example", false), ("evil.example:9100", false), ("10.0.0.1", false),
    ("localhost.evil.example", false), ("127.0.0.1.evil.example", false), ("[::2]:80", false), ("[fe80::1]", false),
    ("notlocalhost", false), ("0.0.0.0", false),
  ])
  func aListenerForLoopbackAnswersOnlyItsNames(_ host: String, _ isAnswered: Bool) throws {
    let request = "GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n"
    let guarded = try MemoryConnection { $0.isForLoopbackHosts = true }
    guarded.send(request)
    #expect(RawRequest.statuses(of: guarded.wire.text) == [isAnswered ? 200 : 421])
    #expect(isAnswered || !guarded.wire.text.contains("hello"))
    let open = try MemoryConnection()
    open.send(request)
    #expect(RawRequest.statuses(of: open.wire.text) == [200])
  }

  @Test func stoppingSaysClose() throws {
    let memory = try MemoryConnection()
    memory.send("GET / HTTP/1.1\r\n")
    memory.connection.shouldClose()
    #expect(!memory.wire.isClosed)
    memory.send("Host: a\r\n\r\n")
    #expect(memory.wire.text.contains("Connection: close\r\n") && memory.wire.isClosed)
  }

  @Test func theAccessLogTellsEveryReply() throws {
    let journal = Journal()
    var settings = Server.Settings(addresses: [])
    settings.log = { journal.note("\($0.method) \($0.target) \($0.status) \($0.bytes) \($0.time)") }
    let site = Site(settings, router: Sample.router(), tls: nil, admissions: Admissions(Limits()))
    let wire = try MemoryWire()
    let connection = Connection(site: site, peer: SocketAddress(.v4(1), port: 1), now: wire.now)
    connection.opened(wire)
    for part in [ConnectionTests.get, "GET /pieces?x HTTP/1.1\r\nHost: a\r\n\r\n", "rubbish\r\n"] {
      Array(part.utf8).withUnsafeBytes { connection.received($0) }
    }
    #expect(
      journal.all.map { $0.split(separator: " ").dropLast().joined(separator: " ") }.prefix(2) == [
        "GET / 200 6", "GET /pieces?x 200 8",
      ])
    #expect(journal.all.count == 3 && journal.all[2].contains(" 400 "))
    let other = Connection(site: site, peer: SocketAddress(.v4(1), port: 1), now: wire.now)
    other.opened(try MemoryWire())
    Array("GET /hang HTTP/1.1\r\nHost: a\r\n\r\n".utf8).withUnsafeBytes { other.received($0) }
    other.closed()
    #expect(journal.all.last?.hasPrefix("GET /hang 0 0 ") == true)
  }
}
