import EventLoop
import Model
import Testing

@testable import HTTPServer

/// What all connections of a server together hold in memory is bounded.
@Suite struct HeldBytesTests {
  static func site(held: Int) -> Site {
    var settings = Server.Settings(addresses: [])
    settings.limits.heldBytes = held
    var router = Sample.router()
    router.on(.post, "/away", discardsBody: true) { .now(.text("\($0.body.count)")) }
    return Site(settings, router: router, tls: nil, admissions: Admissions(settings.limits))
  }

  private static func put(_ path: String = "/echo", announced: Int, _ bytes: Int, method: String = "PUT") -> String {
    "\(method) \(path) HTTP/1.1\r\nHost: a\r\nContent-Length: \(announced)\r\n\r\n"
      + String(repeating: "x", count: bytes)
  }

  @Test func bodiesBeyondTheRoomAreRefusedUntilOthersEnd() throws {
    let site = Self.site(held: 1_000)
    let first = try MemoryConnection(on: site)
    first.send(Self.put(announced: 900, 800))
    #expect(site.admissions.held.count == 800)
    let second = try MemoryConnection(on: site)
    second.send(Self.put(announced: 300, 150))
    second.send(String(repeating: "x", count: 150))
    #expect(RawRequest.statuses(of: second.wire.text) == [503] && second.wire.isClosed)
    #expect(site.admissions.held.count == 800)
    first.send(String(repeating: "x", count: 100))
    #expect(RawRequest.statuses(of: first.wire.text) == [201])
    #expect(site.admissions.held.count == 0)
    let third = try MemoryConnection(on: site)
    third.send(Self.put(announced: 1_000, 999))
    #expect(site.admissions.held.count == 999)
    third.connection.closed()
    #expect(site.admissions.held.count == 0)
  }

  @Test func bodiesThatAreThrownAwayTakeNoRoom() throws {
    let site = Self.site(held: 10)
    let memory = try MemoryConnection(on: site)
    memory.send(Self.put("/away", announced: 50_000, 49_999, method: "POST"), byPieces: 1_000)
    #expect(site.admissions.held.count == 0)
    memory.send("x")
    #expect(RawRequest.statuses(of: memory.wire.text) == [200] && memory.wire.text.hasSuffix("\r\n\r\n0"))
  }

  /// The reply that is under way is still sent, and says that it is the last.
  @Test func whatIsReadAheadWithoutRoomIsDropped() throws {
    let site = Self.site(held: 100)
    let memory = try MemoryConnection(on: site)
    memory.send("GET /hang HTTP/1.1\r\nHost: a\r\n\r\n")
    for _ in 0..<2 { memory.send(ConnectionTests.get) }
    #expect(site.admissions.held.count == 2 * ConnectionTests.get.utf8.count)
    for _ in 0..<8 { memory.send(ConnectionTests.get) }
    #expect(site.admissions.held.count == 0 && !memory.wire.isClosed)
    memory.connection.respond(.text("first"), to: 1)
    #expect(RawRequest.statuses(of: memory.wire.text) == [200] && memory.wire.isClosed)
    #expect(memory.wire.text.contains("Connection: close\r\n"))
  }

  @Test func whatIsReadAheadAndAnsweredGivesItsRoomBack() throws {
    let site = Self.site(held: 10_000)
    let memory = try MemoryConnection(on: site)
    memory.send("GET /hang HTTP/1.1\r\nHost: a\r\n\r\n")
    for _ in 0..<4 { memory.send(ConnectionTests.get) }
    #expect(site.admissions.held.count == 4 * ConnectionTests.get.utf8.count)
    memory.connection.respond(.text("first"), to: 1)
    #expect(RawRequest.statuses(of: memory.wire.text).count == 5 && site.admissions.held.count == 0)
  }
}
