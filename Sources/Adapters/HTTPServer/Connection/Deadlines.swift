import Model

/// The moments by which a client must have sent, or taken, what is due. Pure.
///
/// Each is set once and not moved by bytes that trickle. For replies the bytes of the connection are numbered: what
/// is queued up to `mark` must have been sent by the moment set for it.
struct Deadlines: Equatable {
  enum Expired: Equatable {
    case nothing
    /// What was to be read did not come.
    case reading
    /// A reply was not taken.
    case replying
  }

  private struct Reply: Equatable {
    let mark: UInt64
    let at: Instant
  }

  private let limits: Limits
  private var read: Instant?
  private var reply: Reply?

  init(limits: Limits) {
    self.limits = limits
  }

  mutating func awaitRequest(now: Instant) { read = now + limits.idleTime }

  mutating func awaitHead(now: Instant) { read = now + limits.headTime }

  /// - Parameter announced: the body's Content-Length; nil for a chunked one.
  mutating func awaitBody(announced: Int?, now: Instant) {
    read = now + limits.bodyTime + limits.time(for: announced ?? 0)
  }

  mutating func awaitNothing() { read = nil }

  /// More of a reply was queued. While an earlier one is still being taken, that one's moment stands.
  ///
  /// - Parameters:
  ///   - sent, queued: bytes sent and queued on the connection since its start, these included.
  ///   - following: bytes that are still to be queued for the same reply, as far as they are known.
  mutating func awaitTaking(sent: UInt64, queued: UInt64, following: Int, now: Instant) {
    if let reply, reply.mark > sent { return }
    reply = Reply(mark: queued + UInt64(following), at: now + limits.replyTime + limits.time(for: following))
  }

  /// The next moment to look at; nil if nothing is awaited.
  func next(sent: UInt64) -> Instant? {
    guard let reply, reply.mark > sent else { return read }
    return read.map { min($0, reply.at) } ?? reply.at
  }

  /// By when all that is queued must be taken, nothing more being to come: the reply's own moment where that covers
  /// it, else a further `replyTime`. Nil where everything is sent.
  func last(sent: UInt64, queued: UInt64, now: Instant) -> Instant? {
    if queued <= sent { return nil }
    if let reply, reply.mark >= queued { return reply.at }
    return now + limits.replyTime + limits.time(for: Int(clamping: queued - sent))
  }

  /// What is overdue. A reply that was taken in time gives way to what was queued after it.
  mutating func expire(now: Instant, sent: UInt64, queued: UInt64) -> Expired {
    if let reply {
      if reply.mark <= sent {
        self.reply = nil
        if queued > sent { awaitTaking(sent: sent, queued: queued, following: 0, now: now) }
      } else if reply.at <= now {
        return .replying
      }
    }
    if let read, read <= now { return .reading }
    return .nothing
  }
}
