import EventLoop
import Glibc
import HTTP1
import Model
import Scripting

// From bytes on the wire to a reply's end.
extension AttackLoop {
  /// Reads what is there, up to a bound so that nobody else waits for an endless body, and feeds it to the reply's
  /// decoder.
  mutating func receive(_ slot: Int) {
    let connection = connections + slot
    if connection.pointee.isPressed {
      connection.pointee.isPressed = false
      if connection.pointee.state == .receiving { watch(slot, .readable) }
    }
    for _ in 0..<AttackLoop.readsAtOnce {
      let skippable = connection.pointee.session == nil ? connection.pointee.decoder.skippable : 0
      if skippable > AttackLoop.bufferSize, !connection.pointee.keeps {
        // A large body that nobody reads never leaves the kernel.
        let got = Socket.discard(connection.pointee.descriptor, min(skippable, 1 << 20))
        now = MonotonicClock.now().nanoseconds
        if got <= 0 { return endOfBytes(slot, got) }
        connection.pointee.bytesIn &+= UInt64(got)
        lastPiece = 0
        if conclude(slot, connection.pointee.decoder.skip(got)) { return }
        continue
      }
      let stashed = Int(connection.pointee.stashed)
      if stashed > 0, let stash = connection.pointee.stash { buffer.update(from: stash, count: stashed) }
      let room = AttackLoop.bufferSize - stashed
      let got =
        connection.pointee.session == nil
        ? Socket.receive(connection.pointee.descriptor, buffer + stashed, room)
        : receiveSealed(slot, buffer + stashed, room)
      now = MonotonicClock.now().nanoseconds
      if got <= 0 { return endOfBytes(slot, got) }
      if connection.pointee.firstByte == 0 { connection.pointee.firstByte = now }
      connection.pointee.bytesIn &+= UInt64(got)
      let count = stashed &+ got
      let feed = connection.pointee.decoder.feed(
        UnsafeRawBufferPointer(start: buffer, count: count),
        &memos[Int(connection.pointee.request.target) & AttackLoop.lastMemo])
      keep(slot, from: feed.consumed, to: count, complete: feed.event == .complete)
      lastPiece = feed.consumed
      if feed.event == .needMore { keepPiece(slot, feed.consumed) }
      if conclude(slot, feed.event) { return }
      if got < room, connection.pointee.session?.hasPending != true { return }
    }
    if connection.pointee.session?.hasPending == true { press(slot) }
  }

  /// Comes back to a connection in the next turn. What a TLS session holds makes no descriptor readable, but one that
  /// may be written is ready all the time.
  private mutating func press(_ slot: Int) {
    connections[slot].isPressed = true
    watch(slot, [.readable, .writable])
  }

  /// Acts on what the decoder said; true where the reply is over.
  private mutating func conclude(_ slot: Int, _ event: Feed.Event) -> Bool {
    switch event {
    case .needMore: return false
    case .complete:
      finishReply(slot)
      return true
    case .failed(let fault):
      blame(.malformed, "\(origin(Int(connections[slot].origin))): \(fault)")
      fail(slot, .malformed)
      return true
    }
  }

  /// Keeps the partial line that the decoder could not use yet. Bytes after a whole reply mean that the peer is out of
  /// step: the connection is not used again.
  private mutating func keep(_ slot: Int, from consumed: Int, to count: Int, complete: Bool) {
    let connection = connections + slot
    let left = count - consumed
    if left == 0 {
      if connection.pointee.stashed != 0 { connection.pointee.stashed = 0 }
      return
    }
    if complete {
      connection.pointee.stashed = -1
      return
    }
    // The decoder refuses lines longer than this, so what is left always fits.
    let stash = connection.pointee.stash ?? .allocate(capacity: ReplyDecoder.maxLine + 2)
    connection.pointee.stash = stash
    let kept = min(left, ReplyDecoder.maxLine + 2)
    stash.update(from: buffer + consumed, count: kept)
    connection.pointee.stashed = Int32(kept)
  }

  /// Nothing more to read now, or never.
  private mutating func endOfBytes(_ slot: Int, _ result: Int) {
    if result == -Int(EAGAIN) { return }
    if result == 0, connections[slot].decoder.end().event == .complete {
      connections[slot].stashed = -1
      lastPiece = 0
      return finishReply(slot)
    }
    fail(slot, connections[slot].session != nil && result == -Int(EPROTO) ? .tls : .reset)
  }

  private mutating func receiveSealed(_ slot: Int, _ bytes: UnsafeMutablePointer<UInt8>, _ room: Int) -> Int {
    guard let session = connections[slot].session else { return -Int(EPIPE) }
    switch session.read(into: UnsafeMutableRawBufferPointer(start: bytes, count: room)) {
    case .bytes(let count): return count
    case .wantsRead, .wantsWrite: return -Int(EAGAIN)
    case .closed: return 0
    case .truncated: return -Int(ECONNRESET)
    case .failed(let fault):
      // A reset under the session is a reset, not a fault of TLS.
      if case .connection = fault.kind { return -Int(ECONNRESET) }
      if connections[slot].state != .idle {
        blame(.tls, "\(origin(Int(connections[slot].origin))): \(fault)")
      }
      return -Int(EPROTO)
    }
  }

  /// An idle connection became readable: TLS tickets are passed over, anything else ends it.
  mutating func lookAtIdle(_ slot: Int) {
    if connections[slot].session != nil, receiveSealed(slot, buffer, AttackLoop.bufferSize) == -Int(EAGAIN) { return }
    let user = connections[slot].user
    if user < 0 { removeIdle(slot) }
    release(slot)
  }

  /// A whole reply is there, `now` is its end: judged, recorded, and the connection goes on to what waits.
  private mutating func finishReply(_ slot: Int) {
    let connection = connections + slot
    let status = connection.pointee.decoder.status
    var answer = Answer(
      request: connection.pointee.request, status: status, sent: connection.pointee.sent,
      firstByte: connection.pointee.firstByte, bytesIn: connection.pointee.bytesIn,
      isLenient: connection.pointee.decoder.leniencies != 0, slot: slot)
    if isFollowed(status, target: answer.request.target) {
      if follow(slot, answer) { return }
      answer.failure = .redirect
    } else if !targets[Int(answer.request.target)].needs.isEmpty {
      lookInto(slot, &answer)
    }
    var outcome = Course.Outcome.failed
    if isGuarded, isTriedAgain(slot, &answer) {
      // The connection is free; its user waits.
      connection.pointee.request.user = -1
    } else {
      outcome = completeAnswered(answer)
    }
    // Kept for its failure only, or for that of others.
    if connection.pointee.kept.start != nil { spare.empty(&connection.pointee.kept) }
    inFlight -= 1
    untime(slot)
    connection.pointee.served &+= 1
    // A reply before the request was written whole leaves the rest of it unsent.
    handBack(
      slot, outcome,
      usable: keepAlive && connection.pointee.decoder.keepsAlive && connection.pointee.stashed == 0
        && connection.pointee.state == .receiving)
  }

  /// The connection's request has its outcome: its user goes on, or it serves who waits longest, or idles.
  mutating func handBack(_ slot: Int, _ outcome: Course.Outcome, usable isUsable: Bool) {
    let connection = connections + slot
    let owner = connection.pointee.user
    let user = connection.pointee.request.user
    let origin = Int(connection.pointee.origin)
    // At the cap on connections, an origin that has more than none gives way to one that has none.
    let usable = isUsable && (starved == 0 || owner >= 0)
    if usable { connection.pointee.state = .idle } else { release(slot, byReset: true) }
    if owner >= 0 {
      if user >= 0 { endRequest(ofUser: Int(user), outcome, isReply: true) }
      return
    }
    if usable {
      if let request = popWaiting(origin) {
        connection.pointee.request = request
        send(slot)
      } else {
        pushIdle(slot)
      }
    } else {
      useRoom(for: origin)
    }
    if user >= 0 { endRequest(ofUser: Int(user), outcome, isReply: true) }
  }
}
