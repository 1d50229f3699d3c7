import HTTP1
import Measuring
import Model
import Scripting

// Failing exchanges that are kept whole, as far as their bytes are still there. Nothing of this is called for a request
// that succeeds, but that replies in pieces are kept for a second after one was missed.
extension AttackLoop {
  /// The most memory of a loop that replies take which are kept only because they fail.
  private static let mostWatched = 8 << 20

  /// Whether a reply that comes in pieces is to be kept because it fails, or may.
  mutating func isWatched(_ slot: Int) -> Bool {
    let connection = connections + slot
    if !notes.keeps || connection.pointee.firstByte != now || spare.inUse >= AttackLoop.mostWatched { return false }
    if now < notes.watchesUntil { return true }
    let status = connection.pointee.decoder.status
    let target = targets[Int(connection.pointee.request.target)]
    return status >= 200 && (status < target.expectedLow || status > target.expectedHigh)
      && notes.hasRoom(Int(target.name), .status)
  }

  /// A whole reply that fails is put aside as it was judged, before its buffer is used for something else.
  @inline(never)
  mutating func putAside(_ kept: Kept, of request: Request, _ kind: ErrorKind) {
    if kept.head.isEmpty || !notes.hasRoom(name(of: request), kind) { return }
    notes.reply = AttackLoop.piece(kept)
  }

  static func piece(_ kept: Kept) -> FailedExchange.Piece {
    var piece = FailedExchange.Piece()
    piece.head = Array(kept.head.buffer.prefix(FailedExchange.longest))
    piece.body = Array(kept.body.buffer.prefix(FailedExchange.longest))
    piece.isHeadCut = kept.head.count > FailedExchange.longest
    piece.isBodyCut = kept.body.count > FailedExchange.longest || !kept.isWhole
    return piece
  }

  /// Keeps an exchange whose whole reply was refused.
  mutating func keep(_ answer: Answer, _ kind: ErrorKind) {
    let request = answer.request
    let target = targets[Int(request.target)]
    var exchange = begin(request, kind, sent: answer.sent)
    switch kind {
    case .status: exchange.cause = "status \(answer.status)"
    case .check: exchange.cause = notes.verdict?.expected ?? ""
    case .capture: exchange.cause = plan.capture(Int(request.target), notes.place)
    case _: exchange.cause = notes.cause
    }
    exchange.status = answer.status
    exchange.firstByte = since(answer.firstByte)
    exchange.bytesIn = answer.bytesIn
    exchange.verdict = notes.verdict
    if kind == .capture {
      exchange.verdict = FailedExchange.Verdict(
        expected: exchange.cause, found: notes.isTooLong ? "a value beyond 64 KiB" : "nothing")
    }
    if kind == .status {
      exchange.verdict = FailedExchange.Verdict(
        expected: "a status from \(target.expectedLow) to \(target.expectedHigh)", found: "\(answer.status)")
    }
    if let reply = notes.reply {
      exchange.reply = reply
    } else if answer.slot >= 0, isForeign || isBuffered(answer.slot, answer.bytesIn) {
      exchange.reply = AttackLoop.piece(keptReply(answer.slot))
    }
    write(request, answer.slot, into: &exchange)
    file(exchange, request, kind)
  }

  /// Keeps one without a usable reply.
  mutating func keep(_ request: Request, _ kind: ErrorKind, _ cause: String, sent: Int64) {
    var exchange = begin(request, kind, sent: sent)
    exchange.cause = cause
    let slot = notes.slot
    if slot >= 0 {
      let connection = connections + slot
      exchange.bytesIn = connection.pointee.bytesIn
      exchange.firstByte = since(connection.pointee.firstByte)
      if isForeign {
        exchange.reply = AttackLoop.piece(keptForeign(slot))
        exchange.bytesIn = max(exchange.bytesIn, UInt64(exchange.reply.head.count + exchange.reply.body.count))
      } else if connection.pointee.bytesIn > 0 {
        exchange.status = connection.pointee.decoder.status
        exchange.reply = unfinished(slot, kind)
      }
      exchange.reply.isBodyCut = true
    }
    write(request, slot, into: &exchange)
    file(exchange, request, kind)
  }

  /// What came of a reply that never was whole: what was kept of it, or the bytes that no reply may have.
  private mutating func unfinished(_ slot: Int, _ kind: ErrorKind) -> FailedExchange.Piece {
    let connection = connections + slot
    var bytes: [UInt8] = []
    let stashed = max(0, Int(connection.pointee.stashed))
    if let start = connection.pointee.kept.start {
      bytes = Array(UnsafeBufferPointer(start: start, count: connection.pointee.kept.count))
      if stashed > 0, let stash = connection.pointee.stash {
        bytes += UnsafeBufferPointer(start: stash, count: stashed)
      }
    } else if kind == .malformed, connection.pointee.bytesIn == UInt64(lastPiece + stashed) {
      // The last read is still in the buffer, and it was the first one.
      bytes = Array(UnsafeBufferPointer(start: buffer, count: min(lastPiece + stashed, AttackLoop.bufferSize)))
    } else if stashed > 0, UInt64(stashed) == connection.pointee.bytesIn, let stash = connection.pointee.stash {
      bytes = Array(UnsafeBufferPointer(start: stash, count: stashed))
    } else {
      // It was passed on as it came. The next ones are watched.
      notes.watchesUntil = now + 1_000_000_000
    }
    var piece = FailedExchange.Piece()
    let end = bytes.withUnsafeBufferPointer { bytes in
      bytes.baseAddress.map { HeadFields.end(of: ByteView($0, count: bytes.count)) } ?? 0
    }
    piece.head = Array(bytes.prefix(min(end, FailedExchange.longest)))
    piece.body = Array(bytes.dropFirst(end).prefix(FailedExchange.longest))
    piece.isHeadCut = end > FailedExchange.longest || end == bytes.count
    return piece
  }

  /// Whether the reply that has come to its end is still there from its beginning.
  private func isBuffered(_ slot: Int, _ bytesIn: UInt64) -> Bool {
    connections[slot].kept.start != nil || UInt64(lastPiece) == bytesIn
  }

  private func since(_ instant: Int64) -> TimeSpan? {
    instant == 0 ? nil : TimeSpan(nanoseconds: max(0, instant - start))
  }

  private mutating func begin(_ request: Request, _ kind: ErrorKind, sent: Int64) -> FailedExchange {
    var exchange = FailedExchange(
      name: plan.names[name(of: request)], kind: kind,
      intended: TimeSpan(nanoseconds: max(0, request.intended - start)),
      woke: TimeSpan(nanoseconds: max(0, request.woke - start)), end: TimeSpan(nanoseconds: max(0, now - start)))
    exchange.origin = "\(origin(origin(of: request)))"
    exchange.target = Int(request.target)
    exchange.sent = since(sent)
    exchange.isWarmUp = request.intended < measuredFrom
    exchange.isResent = request.resent
    exchange.redirects = request.chain < 0 ? 0 : Int(chains[request.chain].hops)
    let user = Int(request.user)
    if user < 0 { return exchange }
    exchange.tries = users[user].tries
    exchange.user = users[user].number
    exchange.iteration = isPlain ? users[user].iteration : users[user].drawIteration
    exchange.secrets = secrets(ofUser: user)
    return exchange
  }

  /// Values that a user remembers and that are nobody's business.
  private mutating func secrets(ofUser user: Int) -> [[UInt8]] {
    guard users[user].memory != nil, let memory = memory(ofUser: user) else { return [] }
    var secrets = plan.secrets.variables.compactMap { memory.value($0).map { Array($0.buffer) } }
    for column in plan.secrets.columns {
      let row = memory[row: column.feed]
      if column.values.indices.contains(row) { secrets.append(Array(column.values[row].utf8)) }
    }
    return secrets
  }

  /// The request as it was sent: bytes that are there still, or rendered once more from the same draws.
  private mutating func write(_ request: Request, _ slot: Int, into exchange: inout FailedExchange) {
    let target = targets + Int(request.target)
    var bytes: [UInt8]
    if request.chain >= 0 || !target.pointee.isRendered {
      let (start, count) = self.bytes(of: request)
      bytes = Array(UnsafeBufferPointer(start: start, count: min(count, FailedExchange.longest * 2)))
      exchange.request.isBodyCut = count > bytes.count
    } else if slot >= 0, let rest = connections[slot].rest {
      bytes = Array(UnsafeBufferPointer(start: rest, count: connections[slot].restCount))
    } else {
      bytes = renderedAgain(request)
      exchange.isWrittenAgain = true
    }
    let isSent = exchange.sent != nil
    exchange.bytesOut = !isSent ? 0 : slot >= 0 && !isForeign ? UInt64(connections[slot].written) : UInt64(bytes.count)
    let end = bytes.withUnsafeBufferPointer { bytes in
      bytes.baseAddress.map { HeadFields.end(of: ByteView($0, count: bytes.count)) } ?? 0
    }
    exchange.request.head = Array(bytes.prefix(min(end, FailedExchange.longest)))
    exchange.request.body = Array(bytes.dropFirst(end).prefix(FailedExchange.longest))
    exchange.request.isHeadCut = end > FailedExchange.longest
    if bytes.count - end > FailedExchange.longest { exchange.request.isBodyCut = true }
  }

  private mutating func renderedAgain(_ request: Request) -> [UInt8] {
    let context = context(of: request)
    var size = 4_096
    while true {
      let room = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 8)
      defer { room.deallocate() }
      var sink = ByteSink(room, capacity: size)
      table.render(Int(request.target), .planned, context, into: &sink)
      if sink.fits { return Array(UnsafeRawBufferPointer(start: room, count: sink.needed)) }
      size = sink.needed
    }
  }

  private mutating func file(_ exchange: FailedExchange, _ request: Request, _ kind: ErrorKind) {
    let name = name(of: request)
    if !control.journal.offer(exchange, place: FailureNotes.place(name, kind)) { notes.close(name, kind) }
  }
}
