import EventLoop
import Glibc
import HTTP1
import Measuring
import Model
import Scripting

// Exchanges that a transport carries. A slot then stands for an exchange, not for a connection: it is ready at once,
// and what a connection costs shows between *woke* and *sent*.
extension AttackLoop {
  static let transportToken = UInt64.max - 2
  /// Events taken before the loop looks at everything else.
  private static let eventsAtOnce = 256

  var isTransportDue: Bool { (transport?.wakeAt ?? .max) <= now }

  /// A new slot is ready as it is.
  mutating func becomeForeign(_ slot: Int) {
    untime(slot)
    let origin = Int(connections[slot].origin)
    connections[slot].state = .idle
    connections[slot].served = 0
    origins[origin].connecting -= 1
    let user = Int(connections[slot].user)
    if user >= 0 {
      guard users[user].isBusy else { return }
      connections[slot].request = users[user].request
      send(slot)
    } else if let request = popWaiting(origin) {
      connections[slot].request = request
      send(slot)
    } else {
      pushIdle(slot)
    }
  }

  /// Gives the slot's request to the transport.
  mutating func sendForeign(_ slot: Int) {
    guard let transport else { return }
    let connection = connections + slot
    let request = connection.pointee.request
    let target = targets[Int(request.target)]
    connection.pointee.state = .foreign
    connection.pointee.sent = 0
    connection.pointee.firstByte = 0
    connection.pointee.bytesIn = 0
    connection.pointee.written = 0
    connection.pointee.keeps = target.keeps
    foreignWaiting += 1
    let place = Int(connection.pointee.origin)
    tellAddresses(of: place, transport)
    let isWritten = target.isRendered || request.chain >= 0
    let bytes = isWritten ? ownBytes(slot, isRendered: request.chain < 0) : self.bytes(of: request)
    transport.sendsUntil = allowedUntil
    transport.begin(
      slot,
      TransportCall(
        origin: place, request: UnsafeRawBufferPointer(start: bytes.0, count: bytes.1),
        target: isWritten ? -1 : Int(request.target), isIdempotent: isIdempotent(request),
        keptHead: target.keeps || followsRedirects || notes.keeps ? ReplyDecoder.maxHead : 0,
        keptBody: target.keeps ? SpareBuffers.most : 0,
        keptOnFailure: notes.keeps ? FailedExchange.longest + 1 : 0,
        expected: target.expectedLow...target.expectedHigh))
  }

  /// A request that was written for this exchange only, in memory that stays until it has ended.
  private mutating func ownBytes(_ slot: Int, isRendered: Bool) -> (UnsafePointer<UInt8>, Int) {
    freeRest(slot)
    let (bytes, count) = isRendered ? render(slot) : self.bytes(of: connections[slot].request)
    let own = UnsafeMutablePointer<UInt8>.allocate(capacity: max(count, 1))
    own.update(from: bytes, count: count)
    connections[slot].rest = own
    connections[slot].restCount = count
    return (UnsafePointer(own), count)
  }

  private func freeRest(_ slot: Int) {
    connections[slot].rest?.deallocate()
    connections[slot].rest = nil
  }

  /// Says where an origin is, at first and once a second.
  private mutating func tellAddresses(of place: Int, _ transport: any Transport) {
    if origins[place].lookedUpAt != 0, now - origins[place].lookedUpAt < 1_000_000_000 { return }
    origins[place].lookedUpAt = max(now, 1)
    switch book[place] {
    case .addresses(let list):
      let (allowed, fault) = plan.transport.proxy == nil ? (list, nil) : allowed(of: list)
      transport.know(place, as: origin(place), at: allowed, fault: fault)
    case .fault(let cause):
      let fault = plan.resolvesElsewhere ? nil : TransportFault(.dns, cause)
      transport.know(place, as: origin(place), at: [], fault: fault)
    case .pending:
      origins[place].lookedUpAt = 0
      let fault = TransportFault(.dns, "its name is still being looked up")
      transport.know(place, as: origin(place), at: [], fault: fault)
    }
  }

  /// A proxy connects for us, so the policy is asked here: what is left of addresses, and a fault where nothing is.
  private func allowed(of list: [SocketAddress]) -> ([SocketAddress], TransportFault?) {
    let allowed = list.filter { plan.policy.denial(of: $0.address, port: $0.port) == nil }
    guard allowed.isEmpty, let first = list.first,
      let denial = plan.policy.denial(of: first.address, port: first.port)
    else { return (allowed, nil) }
    let cause = "\(first) is not allowed: \(denial.reason); --allow-target \(first) allows it"
    return ([], TransportFault(.denied, cause))
  }

  /// Lets the transport do what can be done, and records what happened.
  mutating func turnTransport() {
    guard let transport else { return }
    readAllowance()
    transport.sendsUntil = allowedUntil
    transport.turn()
    var most = AttackLoop.eventsAtOnce
    while most > 0, let event = transport.nextEvent() {
      take(event)
      most -= 1
      if nextLook <= now { takeUpDue() }
    }
  }

  private mutating func take(_ event: TransportEvent) {
    let slot = event.slot
    guard slot < usedSlots, connections[slot].state == .foreign else { return }
    switch event.kind {
    case .sent: noteSent(slot, event)
    case .answered:
      noteBytes(slot, event)
      if event.isHTTP2 { facts.http2 += 1 }
      now = event.end
      var answer = Answer(
        request: connections[slot].request, status: event.status, sent: connections[slot].sent,
        firstByte: event.firstByte, bytesIn: event.bytesIn, slot: slot)
      if isFollowed(event.status, target: answer.request.target) {
        if follow(slot, answer) { break }
        answer.failure = .redirect
      } else if !targets[Int(answer.request.target)].needs.isEmpty {
        lookInto(slot, &answer)
      }
      var outcome = Course.Outcome.failed
      if isGuarded, isTriedAgain(slot, &answer) {
        // The slot is free; its user waits.
        connections[slot].request.user = -1
      } else {
        outcome = completeAnswered(answer)
      }
      settle(slot)
      connections[slot].served &+= 1
      handBack(slot, outcome, usable: true)
    case .failed(let kind):
      noteBytes(slot, event)
      let request = connections[slot].request
      bank(of: request).count(name(of: request), .bytesIn, event.bytesIn)
      failForeign(slot, kind, at: event.end, transport?.cause(of: slot) ?? "")
    }
    now = MonotonicClock.now().nanoseconds
  }

  private mutating func noteSent(_ slot: Int, _ event: TransportEvent) {
    let connection = connections + slot
    let target = targets + Int(connection.pointee.request.target)
    let name = Int(target.pointee.name)
    let bank = bank(of: connection.pointee.request)
    if connection.pointee.sent == 0 {
      foreignWaiting -= 1
      inFlight += 1
    } else {
      connection.pointee.request.resent = true
      connection.pointee.request.firstSent = connection.pointee.sent
      bank.count(name, .resent)
      untime(slot)
    }
    connection.pointee.sent = event.sent
    bank.count(name, .written)
    if event.opened > 0 {
      facts.opened += 1
      bank.record(name, .connect, BucketedTime(nanoseconds: event.sent - event.opened))
      if !control.connected.load(ordering: .relaxed) { control.connected.store(true, ordering: .relaxed) }
    }
    let timeoutClass = target.pointee.timeoutClass
    connection.pointee.timeoutClass = timeoutClass
    connection.pointee.deadline = event.sent &+ timeouts[Int(timeoutClass)].length
    timeouts[Int(timeoutClass)].append(slot, connections)
  }

  private mutating func noteBytes(_ slot: Int, _ event: TransportEvent) {
    let request = connections[slot].request
    bank(of: request).count(name(of: request), .bytesOut, event.bytesOut)
    connections[slot].written = Int(clamping: event.bytesOut)
    connections[slot].bytesIn = event.bytesIn
  }

  /// The reply as the transport kept it.
  func keptForeign(_ slot: Int) -> Kept {
    let none = UnsafeRawBufferPointer(start: nil, count: 0)
    let body = transport?.body(of: slot) ?? none
    return Kept(
      head: ByteView(transport?.head(of: slot) ?? none), body: ByteView(body), isWhole: body.count < SpareBuffers.most)
  }

  /// The exchange has ended: it is neither in flight nor awaited.
  private mutating func settle(_ slot: Int) {
    untime(slot)
    freeRest(slot)
    if connections[slot].sent == 0 { foreignWaiting -= 1 } else { inFlight -= 1 }
  }

  /// An exchange came to nothing; the slot goes on to what waits.
  private mutating func failForeign(_ slot: Int, _ kind: ErrorKind, at end: Int64, _ cause: String) {
    let connection = connections[slot]
    let wasSent = connection.sent > 0
    now = max(end, connection.sent)
    settle(slot)
    if kind != .neverSent && kind != .timeout {
      blame(kind, "\(origin(Int(connection.origin))): \(cause)")
    }
    let isRetried = failOrRetry(
      connection.request, kind, Int(connection.origin), slot,
      sent: wasSent ? connection.sent : connection.request.firstSent)
    let pause = wasSent ? 0 : AttackLoop.pauseAfterRefusal
    let user = Int(connection.request.user)
    connections[slot].state = .idle
    if connection.user < 0 {
      if let request = popWaiting(Int(connection.origin)) {
        connections[slot].request = request
        send(slot)
      } else {
        pushIdle(slot)
      }
    }
    if user >= 0, !isRetried { endRequest(ofUser: user, .failed, after: pause) }
    if !wasSent { noteUnreachable(kind) }
  }

  /// Gives a request up, unless its reply is already here.
  mutating func timeOutForeign(_ slot: Int) {
    let limit = connections[slot].deadline
    turnTransport()
    guard connections[slot].state == .foreign, connections[slot].isTimed, connections[slot].deadline == limit else {
      return
    }
    transport?.cancel(slot)
    failForeign(slot, .timeout, at: now, "")
  }

  /// Exchanges whose first byte is not written yet send nothing any more.
  mutating func giveUpForeign() {
    if !isForeign { return }
    // Gathered first: what follows may begin others.
    for slot in (0..<usedSlots).filter({ connections[$0].state == .foreign && connections[$0].sent == 0 }) {
      let request = connections[slot].request
      foreignWaiting -= 1
      giveUp(request)
      release(slot)
      if request.user >= 0 { endRequest(ofUser: Int(request.user), .failed) }
    }
  }
}
