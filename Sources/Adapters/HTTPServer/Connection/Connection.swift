import EventLoop
import HTTP1
import Model

/// One client's connection: requests in, one at a time and in order, replies out. Confined to its loop's thread.
///
/// `Conversation` decides, this reads, calls handlers and writes.
final class Connection {
  let site: Site
  let peer: SocketAddress
  /// nil before it is open and once it is closed.
  var wire: (any Wire)?
  var conversation: Conversation
  var decoder: RequestDecoder

  /// Requests that were sent ahead of the replies to those before.
  private var stash: [UInt8] = []
  /// The bytes that the server's account holds for this connection.
  private var held = 0
  /// What was read ahead had no room: nothing of it is answered, and nothing that follows.
  private var isDeaf = false
  /// True while `consume` is at work, so that a reply given within it does not start another.
  private(set) var isConsuming = false

  var current = Current()
  var reply = Reply.none
  var peerLeaves: (() -> Void)?
  var drained: (() -> Void)?
  var stopping: (() -> Void)?

  /// The request being read or answered.
  struct Current {
    /// nil until it is read.
    var head: RequestHead?
    var routed = Routed.nothing
    var body: [UInt8] = []
    /// The body's bytes, also once it is handed over.
    var bodyBytes = 0
    /// The route throws bodies away.
    var discardsBody = false
  }

  /// What will answer the request.
  enum Routed {
    case nothing
    case handler(Router.Handler, parameters: [(name: String, value: String)])
    case reply(Response)
  }

  enum Reply {
    case none
    /// A long body of which the part from the offset on is still to be queued.
    case rest([UInt8], from: Int, status: Int)
    case stream(bytes: Int, status: Int)
  }

  init(site: Site, peer: SocketAddress, now: Instant) {
    self.site = site
    self.peer = peer
    decoder = RequestDecoder(limits: RequestLimits(head: site.limits.headBytes, body: site.limits.bodyBytes))
    conversation = Conversation(limits: site.limits, now: now)
  }

  // MARK: events

  func opened(_ wire: any Wire) {
    self.wire = wire
    settle()
  }

  func received(_ bytes: UnsafeRawBufferPointer) {
    if stash.isEmpty, canRead {
      let used = consume(bytes)
      if used < bytes.count { readAhead(UnsafeRawBufferPointer(rebasing: bytes[used...])) }
    } else {
      readAhead(bytes)
      pump()
    }
    settle()
  }

  func peerLeft() {
    conversation.peerLeft()
    tellPeerLeft()
  }

  func ended() {
    conversation.ended()
    settle()
  }

  func roomAgain() {
    queueRest()
    drained.take()?()
    pump()
    settle()
  }

  func timedOut() {
    guard let wire else { return }
    perform(conversation.timedOut(now: wire.now, sent: wire.sent, queued: wire.queued))
    settle()
  }

  func shouldClose() {
    perform(conversation.stop())
    stopping.take()?()
  }

  func closed() {
    if conversation.phase == .handling, let wire { noteUnfinished(on: wire) }
    wire = nil
    release()
    reply = .none
    _ = (drained.take(), stopping.take())
    conversation.peerLeft()
    tellPeerLeft()
    site.admissions.leave(peer.address)
  }

  // MARK: memory

  /// Keeps what came before its turn. Where the server holds too much already it is dropped, and the connection ends
  /// with the reply that is under way, so that the client knows what to send again.
  private func readAhead(_ bytes: UnsafeRawBufferPointer) {
    if isDeaf || conversation.phase == .closing { return }
    stash.append(contentsOf: bytes)
    if account() { return }
    isDeaf = true
    stash = []
    perform(conversation.stop())
  }

  /// Brings the server's account to what this connection holds; false where that is more than there is room for.
  func account() -> Bool {
    let holds = current.bodyBytes + stash.count
    if holds > held, !site.admissions.held.take(holds - held) { return false }
    if holds < held { site.admissions.held.give(held - holds) }
    held = holds
    return true
  }

  private func release() {
    stash = []
    current.body = []
    current.bodyBytes = 0
    _ = account()
  }

  // MARK: course

  private var canRead: Bool {
    guard let wire else { return false }
    return conversation.canRead(hasRoom: wire.hasRoom)
  }

  /// Reads requests from the bytes and answers them, until no more can be read; how many bytes are done with.
  private func consume(_ bytes: UnsafeRawBufferPointer) -> Int {
    isConsuming = true
    defer { isConsuming = false }
    var place = 0
    while canRead {
      let step = read(UnsafeRawBufferPointer(rebasing: bytes[place...]))
      place += step.bytes
      if step.needsMore { break }
    }
    return place
  }

  /// Goes on with what was stashed.
  func pump() {
    while canRead, !isConsuming, !stash.isEmpty {
      let taken = stash
      stash = []
      let used = taken.withUnsafeBytes { consume($0) }
      if conversation.phase == .closing { return }
      stash = Array(taken[used...])
    }
  }

  /// After each event: reads on or pauses, ends when the client has and nothing is owed, sets the next deadline.
  func settle() {
    // More than before only where room given back within this event went to another connection: then asked again.
    _ = account()
    guard let wire, conversation.phase != .closing else { return }
    if canRead {
      let action = conversation.nothingLeft()
      if action != .goOn { return perform(action) }
    }
    if conversation.takesMore(waiting: stash.count, hasRoom: wire.hasRoom) {
      wire.resumeReading()
    } else {
      wire.pauseReading()
    }
    wire.setDeadline(conversation.deadline(sent: wire.sent))
  }

  func perform(_ action: Conversation.Action) {
    switch action {
    case .goOn: break
    case .close: close()
    case .reset: wire?.abort()
    case .refuse(let status, let detail): refuse(status, detail)
    }
  }

  private func close() {
    release()
    guard let wire else { return }
    wire.close(by: conversation.lastDeadline(sent: wire.sent, queued: wire.queued, now: wire.now))
  }

  private func tellPeerLeft() {
    peerLeaves.take()?()
  }
}

extension Connection: ChannelDelegate {
  func channelOpened(_ channel: Channel) { opened(channel) }
  func channel(_ channel: Channel, received bytes: UnsafeRawBufferPointer) { received(bytes) }
  func channelPeerLeft(_ channel: Channel) { peerLeft() }
  func channelEnded(_ channel: Channel) { ended() }
  func channelDrained(_ channel: Channel) { roomAgain() }
  func channelTimedOut(_ channel: Channel) {
    // Before it is open it is the TLS handshake that takes too long.
    if wire == nil { channel.abort() } else { timedOut() }
  }
  func channelShouldClose(_ channel: Channel) { shouldClose() }
  func channelClosed(_ channel: Channel, _ end: Channel.End) { closed() }
}
