import Model

@testable import EventLoop
@testable import HTTPServer

/// A connection without a socket: what is written is kept, time stands still unless it is moved.
final class MemoryWire: Wire {
  let loop: Loop
  var now = Instant(nanoseconds: 1_000_000_000)
  var sent: UInt64 { UInt64(taken) }
  var unsent: Int { written.count - taken }
  var hasRoom: Bool { unsent < Channel.highWater }
  private(set) var written: [UInt8] = []
  private(set) var isReading = true
  private(set) var isClosed = false
  private(set) var isAborted = false
  /// By when the rest must be taken.
  private(set) var closesBy: Instant?
  private(set) var deadline: Instant?
  /// Bytes that the client has taken; the rest waits.
  var taken = 0

  init() throws { loop = try Loop(inbox: Inbox()) }

  func write(_ bytes: UnsafeRawBufferPointer) {
    if !isClosed { written += bytes }
  }

  func write(atMost count: Int, _ body: (UnsafeMutableRawBufferPointer) -> Int) {
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { $1 = body(UnsafeMutableRawBufferPointer($0)) }
    bytes.withUnsafeBytes { write($0) }
  }

  func pauseReading() { isReading = false }
  func resumeReading() { isReading = true }
  func setDeadline(_ moment: Instant?) { deadline = moment }
  func close(by deadline: Instant?) {
    isClosed = true
    closesBy = deadline
  }
  func abort() { isAborted = true }

  var text: String { String(decoding: written, as: UTF8.self) }
}

/// A connection on a memory wire, with a client that takes all at once unless told not to.
struct MemoryConnection {
  let wire: MemoryWire
  let connection: Connection

  init(
    limits: Limits = Limits(), router: Router = Sample.router(), _ change: (inout Server.Settings) -> Void = { _ in }
  ) throws {
    var settings = Server.Settings(addresses: [])
    settings.limits = limits
    change(&settings)
    try self.init(on: Site(settings, router: router, tls: nil, admissions: Admissions(limits)))
  }

  init(on site: Site) throws {
    wire = try MemoryWire()
    connection = Connection(site: site, peer: SocketAddress(.v4(0x7F00_0001), port: 1), now: wire.now)
    connection.opened(wire)
  }

  func send(_ text: String, byPieces size: Int = .max, takesReplies: Bool = true) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty, !wire.isClosed {
      Array(rest.prefix(size)).withUnsafeBytes { connection.received($0) }
      rest = rest.dropFirst(size)
      if takesReplies { takeReplies() }
    }
  }

  func takeReplies() {
    repeat {
      wire.taken = wire.written.count
      connection.roomAgain()
    } while wire.unsent > 0
  }

  func advance(_ span: TimeSpan) {
    wire.now = wire.now + span
    if let deadline = wire.deadline, deadline <= wire.now { connection.timedOut() }
  }
}
