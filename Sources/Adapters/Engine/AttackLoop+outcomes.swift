import EventLoop
import HTTP1
import Measuring
import Model
import Scripting

// What became of a request, and what is recorded of it.
extension AttackLoop {
  /// What is known of a full reply, whoever read it; `now` is its end.
  struct Answer {
    var request: Request
    var status: UInt16
    /// When this very request was written, and when its first byte came; the response's is `firstSent`.
    var sent: Int64
    var firstByte: Int64
    var bytesIn: UInt64
    /// Whether it was read although it broke a rule.
    var isLenient = false
    /// Whose exchange it is; −1 where that is not known.
    var slot = -1
    /// Why it fails although its status is as expected; and whether a capture found nothing.
    var failure: ErrorKind?
    var isBroken = false
  }

  /// When the first request of the response was written: a redirect and a further try are requests of the same one.
  ///
  /// - Parameter sent: when this request was; 0 where it was not.
  @inline(__always)
  mutating func firstSent(_ request: Request, _ sent: Int64) -> Int64 {
    if request.chain >= 0 { return chains[request.chain].firstSent }
    return request.isRetry ? request.firstSent : sent
  }

  /// A full reply: accepted, or failed by its status.
  @inline(__always)
  mutating func completeAnswered(_ answer: Answer) -> Course.Outcome {
    var outcome = Course.Outcome.accepted
    var failure: ErrorKind?
    let request = answer.request
    let target = targets + Int(request.target)
    let name = Int(target.pointee.name)
    let status = answer.status
    let bank = bank(of: request)
    // Where instants are the same, so are the times; most often all of them are.
    let response = BucketedTime(nanoseconds: now &- request.intended)
    let sent = firstSent(request, answer.sent)
    let service = sent == request.intended ? response : BucketedTime(nanoseconds: now &- sent)
    let firstByte =
      answer.firstByte == now && sent == answer.sent
      ? service : BucketedTime(nanoseconds: answer.firstByte &- answer.sent)
    let fromWoke =
      request.woke == request.intended
      ? response : request.woke == sent ? service : BucketedTime(nanoseconds: now &- request.woke)
    bank.count(name, .answered)
    bank.count(name, status: status)
    bank.count(name, .bytesIn, answer.bytesIn)
    bank.record(name, .firstByte, firstByte)
    let isExpected = status >= target.pointee.expectedLow && status <= target.pointee.expectedHigh
    if isExpected && answer.failure == nil {
      bank.count(name, .accepted)
      bank.record(name, .response, response)
      bank.record(name, .service, service)
    } else {
      outcome = .failed
      bank.record(name, .failed, response)
      let kind = isExpected || answer.failure == .redirect ? answer.failure ?? .status : .status
      bank.count(name, error: kind.rawValue)
      explain(answer, kind)
      failure = kind
    }
    if answer.isBroken { outcome = .broken }
    if answer.isLenient { facts.leniencies += 1 }
    bank.record(.fromWoke, fromWoke)
    bank.record(.response, response)
    bank.count(name, .completed)
    completed &+= 1
    facts.lastEnd.nanoseconds = now &- start
    if keepsSamples { sample(answer, failure) }
    if request.chain >= 0 { chains.end(request.chain) }
    if request.user >= 0 { users[Int(request.user)].status = status }
    return outcome
  }

  /// A full reply that is not the outcome of its response: a redirect that is followed, a try that another follows.
  mutating func countReply(_ answer: Answer) {
    let name = name(of: answer.request)
    let bank = bank(of: answer.request)
    bank.count(name, .answered)
    bank.count(name, status: answer.status)
    bank.count(name, .bytesIn, answer.bytesIn)
    bank.record(name, .firstByte, BucketedTime(nanoseconds: answer.firstByte &- answer.sent))
    if answer.isLenient { facts.leniencies += 1 }
  }

  /// No usable reply. `sent` is 0 where nothing was written.
  mutating func completeFailed(_ request: Request, _ kind: ErrorKind, sent: Int64) {
    let name = name(of: request)
    let slot = notes.slot
    explain(request, kind, sent: sent)
    if keepsSamples { sample(request, kind, slot, sent: sent) }
    let sent = firstSent(request, sent)
    let response = BucketedTime(nanoseconds: now - request.intended)
    let bank = bank(of: request)
    if kind.isCensored {
      bank.record(name, .censored, response)
      if sent > 0 { bank.record(name, .censoredService, BucketedTime(nanoseconds: now - sent)) }
    } else {
      bank.record(name, .failed, response)
    }
    bank.count(name, error: kind.rawValue)
    bank.record(.fromWoke, BucketedTime(nanoseconds: now &- request.woke))
    bank.record(.response, response)
    bank.count(name, .completed)
    completed &+= 1
    facts.lastEnd.nanoseconds = now &- start
    if request.chain >= 0 { chains.end(request.chain) }
    if request.user >= 0 { users[Int(request.user)].status = 0 }
  }

  /// The request on a connection failed, and the connection with it.
  ///
  /// A kept-alive connection that fails before the first byte of a reply says nothing about the request: an idempotent
  /// one is sent once more, with the same *intended*.
  mutating func fail(_ slot: Int, _ kind: ErrorKind) {
    let connection = connections[slot]
    let target = targets[Int(connection.request.target)]
    let again =
      kind == .reset && connection.served > 0 && !connection.request.resent && connection.firstByte == 0
      && isIdempotent(connection.request) && reason == .planEnded && cutAt > now
      && (connection.user >= 0 || !parked.isFull)
    var isRetried = false
    inFlight -= 1
    if !again {
      if kind == .reset {
        blame(.reset, "\(origin(Int(connection.origin))): the connection ended before the reply did")
      }
      bank(of: connection.request).count(Int(target.name), .bytesIn, connection.bytesIn)
      isRetried = failOrRetry(connection.request, kind, Int(connection.origin), slot, sent: connection.sent)
    }
    // What the peer ended leaves no port behind; what we end would.
    release(slot, byReset: kind != .reset)
    if again, connection.user >= 0 { return resend(ofUser: Int(connection.user), sent: connection.sent) }
    if !again, !isRetried, connection.request.user >= 0 { endRequest(ofUser: Int(connection.request.user), .failed) }
    if connection.user >= 0 { return }
    let origin = Int(connection.origin)
    if again {
      var request = connection.request
      request.resent = true
      if request.firstSent == 0 { request.firstSent = connection.sent }
      parked.append(request)
      origins[origin].parked += 1
    }
    useRoom(for: origin)
  }

  /// Closes a connection and gives its slot back.
  mutating func release(_ slot: Int, byReset: Bool = false) {
    untime(slot)
    let connection = connections + slot
    let origin = Int(connection.pointee.origin)
    switch connection.pointee.state {
    case .connecting, .handshaking: origins[origin].connecting -= 1
    case .foreign: transport?.cancel(slot)
    case .idle, .sending, .receiving, .free: break
    }
    origins[origin].open -= 1
    openCount -= 1
    if let session = connection.pointee.session {
      session.free()
      connection.pointee.session = nil
    }
    if connection.pointee.descriptor >= 0 {
      // A connection that we end ourselves would keep its local port for a minute.
      if byReset {
        Socket.closeByReset(connection.pointee.descriptor)
      } else {
        Socket.close(connection.pointee.descriptor)
      }
      connection.pointee.descriptor = -1
    }
    if let stash = connection.pointee.stash {
      stash.deallocate()
      connection.pointee.stash = nil
    }
    connection.pointee.stashed = 0
    if let rest = connection.pointee.rest {
      rest.deallocate()
      connection.pointee.rest = nil
    }
    if connection.pointee.kept.start != nil { spare.empty(&connection.pointee.kept) }
    connection.pointee.generation &+= 1
    connection.pointee.state = .free
    unlinkFromUser(slot)
    connection.pointee.next = freeSlots
    freeSlots = Int32(slot)
  }
}
