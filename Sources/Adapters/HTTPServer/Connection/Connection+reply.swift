import EventLoop
import Model

extension Connection {
  /// Sends the answer to a request, unless it was answered already or the client is gone.
  func respond(_ response: Response, to number: UInt64) {
    guard number == conversation.number, conversation.phase == .handling, case .none = reply, let wire else { return }
    let status = (200...599).contains(response.status) ? response.status : 500
    // Neither has a body, and 205 must say that it has none; a client that obeys would take one for the next reply.
    let hasBody = status != 204 && status != 304
    if status == 205 {
      writeHead(status, response.headers, .length(0), following: 0, on: wire)
      return finish(status, bytes: 0)
    }
    switch response.body {
    case .bytes(let bytes):
      let sendsBody = hasBody && !conversation.head.isHEAD
      writeHead(
        status, response.headers, hasBody ? .length(bytes.count) : .none, following: sendsBody ? bytes.count : 0,
        on: wire)
      if !sendsBody { return finish(status, bytes: 0) }
      queue(bytes, from: 0, status: status, on: wire)
    case .stream(let length, let write):
      let length = length.map { max(0, $0) }
      let framing: ReplyHead.Framing =
        !hasBody ? .none : length.map { .length($0) } ?? (conversation.head.isOld ? .close : .chunked)
      if framing == .close { conversation.endWithReply() }
      let sendsBody = hasBody && !conversation.head.isHEAD
      writeHead(status, response.headers, framing, following: sendsBody ? length ?? 0 : 0, on: wire)
      if !sendsBody { return finish(status, bytes: 0) }
      reply = .stream(bytes: 0, status: status)
      write(ReplyStream(self, number: number, length: length, isChunked: framing == .chunked, loop: wire.loop))
    }
  }

  /// Answers a request that can't be served, as a problem document, and closes.
  func refuse(_ status: Int, _ detail: String) {
    guard let wire else { return }
    let response = Response.problem(status, detail)
    guard case .bytes(let body) = response.body else { return }
    conversation.endWithReply()
    let sendsBody = !conversation.head.isHEAD
    writeHead(status, response.headers, .length(body.count), following: sendsBody ? body.count : 0, on: wire)
    if sendsBody { wire.write(body) }
    note(status, bytes: body.count, on: wire)
    perform(conversation.replied(now: wire.now))
  }

  /// - Parameter following: bytes of the body that will be queued after the head, as far as they are known.
  private func writeHead(
    _ status: Int, _ headers: HeaderLines, _ framing: ReplyHead.Framing, following: Int, on wire: any Wire
  ) {
    let isLast = conversation.endsWithReply
    ReplyHead.write(
      to: wire, status: status, date: site.date, headers: headers.bytes, framing: framing,
      persistence: isLast ? .close : conversation.head.isOld ? .keepAlive : .silent)
    if isLast { conversation.endWithReply() }
    conversation.queued(sent: wire.sent, queued: wire.queued, following: following, now: wire.now)
  }

  /// Queues a body as far as there is room; `roomAgain` goes on.
  private func queue(_ bytes: [UInt8], from start: Int, status: Int, on wire: any Wire) {
    let room = max(0, Channel.highWater - wire.unsent)
    let end = start + min(room, bytes.count - start)
    bytes.withUnsafeBytes { wire.write(UnsafeRawBufferPointer(rebasing: $0[start..<end])) }
    if end == bytes.count { return finish(status, bytes: end) }
    reply = .rest(bytes, from: end, status: status)
  }

  func queueRest() {
    guard case .rest(let bytes, let start, let status) = reply, let wire else { return }
    reply = .none
    queue(bytes, from: start, status: status, on: wire)
  }

  /// The reply is queued to its end: on to the next request, or to the connection's end.
  func finish(_ status: Int, bytes: Int) {
    guard let wire else { return }
    note(status, bytes: bytes, on: wire)
    perform(conversation.replied(now: wire.now))
    reply = .none
    // Letting go of these may end an exchange or a stream, which must find its request answered.
    let last = (current, peerLeaves.take(), drained.take(), stopping.take())
    current = Current()
    withExtendedLifetime(last) {}
    if isConsuming { return }
    pump()
    settle()
  }

  /// The connection is gone before the reply was queued to its end.
  func noteUnfinished(on wire: any Wire) {
    switch reply {
    case .none: note(0, bytes: 0, on: wire)
    case .rest(_, let bytes, _), .stream(let bytes, _): note(0, bytes: bytes, on: wire)
    }
  }

  private func note(_ status: Int, bytes: Int, on wire: any Wire) {
    guard let log = site.log else { return }
    let head = current.head
    log(
      Access(
        peer: peer, method: head?.method ?? "", target: head?.target ?? "", status: status, bytes: bytes,
        time: wire.now - conversation.began))
  }

  // MARK: waiting exchanges

  func whenPeerLeaves(_ number: UInt64, _ action: @escaping () -> Void) {
    if number != conversation.number || conversation.phase != .handling { return }
    if conversation.isPeerGone { return action() }
    let earlier = peerLeaves
    peerLeaves = {
      earlier?()
      action()
    }
  }
}
