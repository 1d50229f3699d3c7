import EventLoop
import Glibc
import HTTP1
import Measuring
import Model

// Opening connections: addresses in turn, the policy asked at each, the next tried on refusal.
extension AttackLoop {
  /// TLS connections that keep their buffers, 34 KB each; more of them give theirs back while they wait.
  static let connectionsWithBuffers = 128

  /// Begins a connection; false where the cap on connections does not allow one now.
  ///
  /// A connection that can't even be begun fails the request at the head of the queue (or the user's).
  mutating func openConnection(to origin: Int, user: Int32) -> Bool {
    guard let slot = takeSlot() else { return false }
    connections[slot].origin = UInt16(origin)
    connections[slot].user = user
    connections[slot].opened = now
    connections[slot].attempts = 0
    connections[slot].wasRefused = false
    connections[slot].state = .connecting
    origins[origin].connecting += 1
    origins[origin].open += 1
    openCount += 1
    if user >= 0 {
      connections[slot].nextOfUser = users[Int(user)].connection
      users[Int(user)].connection = Int32(slot)
      users[Int(user)].open += 1
    }
    timeouts[0].append(slot, connections)
    connections[slot].deadline = now + timeouts[0].length
    connections[slot].timeoutClass = 0
    if isForeign { becomeForeign(slot) } else { beginConnecting(slot) }
    return true
  }

  private mutating func takeSlot() -> Int? {
    if freeSlots >= 0 {
      let slot = Int(freeSlots)
      freeSlots = connections[slot].next
      connections[slot].next = -1
      return slot
    }
    if usedSlots == capacity { return nil }
    (connections + usedSlots).initialize(to: Connection())
    usedSlots += 1
    return usedSlots - 1
  }

  /// Tries the next address; fails the connection where there is none left.
  private mutating func beginConnecting(_ slot: Int) {
    let origin = Int(connections[slot].origin)
    let addresses: [SocketAddress]
    switch book[origin] {
    case .fault(let cause): return failConnecting(slot, .dns, cause)
    case .pending: return failConnecting(slot, .dns, "its name is still being looked up")
    case .addresses(let list): addresses = list
    }
    let choice = origins[origin].choose(of: addresses.count)
    connections[slot].address = UInt8(truncatingIfNeeded: choice)
    connections[slot].attempts += 1
    let address = addresses[choice]
    if let denial = plan.policy.denial(of: address.address, port: address.port) {
      return passOver(
        slot, .denied, "\(address) is not allowed: \(denial.reason); --allow-target \(address) allows it")
    }
    let descriptor = Socket.open(family: address.family)
    if descriptor < 0 { return passOver(slot, -descriptor, address) }
    connections[slot].descriptor = descriptor
    let result = Socket.connect(descriptor, to: address)
    if result != 0 && result != -EINPROGRESS { return passOver(slot, -result, address) }
    do {
      let token = UInt64(connections[slot].generation) << 32 | UInt64(slot)
      try poller.add(descriptor, .writable, token: token)
    } catch {
      failConnecting(slot, .descriptors, "\(error)")
    }
  }

  /// The kernel's answer to an attempt is there.
  mutating func endConnecting(_ slot: Int) {
    now = MonotonicClock.now().nanoseconds
    let code = Socket.pendingError(connections[slot].descriptor)
    if code != 0 {
      guard case .addresses(let list) = book[Int(connections[slot].origin)],
        Int(connections[slot].address) < list.count
      else { return failConnecting(slot, .connect, SystemError.text(of: code)) }
      return passOver(slot, code, list[Int(connections[slot].address)])
    }
    if !control.connected.load(ordering: .relaxed) { control.connected.store(true, ordering: .relaxed) }
    let origin = origin(Int(connections[slot].origin))
    guard origin.isTLS, let trust else { return becomeReady(slot) }
    do {
      connections[slot].session = try TLSSession(
        clientOf: trust, descriptor: connections[slot].descriptor, host: origin.host,
        keepsBuffers: openCount <= AttackLoop.connectionsWithBuffers)
    } catch {
      return failConnecting(slot, .tls, "\(error)")
    }
    connections[slot].state = .handshaking
    shakeHands(slot)
  }

  /// Goes on with the TLS handshake.
  mutating func shakeHands(_ slot: Int) {
    guard let session = connections[slot].session else { return }
    switch session.handshake() {
    case .done:
      now = MonotonicClock.now().nanoseconds
      becomeReady(slot)
    case .wantsRead: watch(slot, .readable)
    case .wantsWrite: watch(slot, .writable)
    case .failed(let fault): failConnecting(slot, .tls, "\(fault)")
    }
  }

  mutating func watch(_ slot: Int, _ interest: Poller.Readiness) {
    let token = UInt64(connections[slot].generation) << 32 | UInt64(slot)
    // It can't fail for a descriptor that is watched already.
    try? poller.modify(connections[slot].descriptor, interest, token: token)
  }

  private mutating func becomeReady(_ slot: Int) {
    watch(slot, .readable)
    let origin = Int(connections[slot].origin)
    untime(slot)
    connections[slot].state = .idle
    connections[slot].served = 0
    origins[origin].connecting -= 1
    origins[origin].reached |= 1 << UInt64(connections[slot].address & 63)
    origins[origin].refused &= ~(1 << UInt64(connections[slot].address & 63))
    facts.opened += 1
    let took = now - connections[slot].opened
    if connections[slot].user >= 0 {
      let user = Int(connections[slot].user)
      guard users[user].isBusy else { return }
      let request = users[user].request
      bank(of: request).record(name(of: request), .connect, BucketedTime(nanoseconds: took))
      connections[slot].request = users[user].request
      send(slot)
    } else if let request = popWaiting(origin) {
      bank(of: request).record(name(of: request), .connect, BucketedTime(nanoseconds: took))
      connections[slot].request = request
      send(slot)
    } else {
      // Nobody waits any more: another connection came free meanwhile.
      bank(at: now).record(firstName(of: origin), .connect, BucketedTime(nanoseconds: took))
      pushIdle(slot)
    }
  }

  private func firstName(of origin: Int) -> Int {
    for target in 0..<targetCount where Int(targets[target].origin) == origin { return Int(targets[target].name) }
    return 0
  }

  private mutating func passOver(_ slot: Int, _ code: Int32, _ address: SocketAddress) {
    var kind = systemKind(code)
    // The kernel says the same of an address that this machine can't use at all (::1 without IPv6).
    let bit = 1 << UInt64(connections[slot].address & 63) as UInt64
    if kind == .ports, origins[Int(connections[slot].origin)].reached & bit == 0 { kind = .connect }
    let cause = "\(address): \(SystemError.text(of: code))"
    // Without a descriptor, no other address would do better.
    if kind == .descriptors { return failConnecting(slot, kind, cause) }
    passOver(slot, kind, cause)
  }

  /// An address said no, or can't be used from here: the next one is tried, until each was.
  private mutating func passOver(_ slot: Int, _ kind: ErrorKind, _ cause: String) {
    let origin = Int(connections[slot].origin)
    origins[origin].refused |= 1 << UInt64(connections[slot].address & 63)
    if kind == .connect { connections[slot].wasRefused = true }
    if case .addresses(let list) = book[origin], Int(connections[slot].attempts) < list.count {
      if connections[slot].descriptor >= 0 { Socket.close(connections[slot].descriptor) }
      connections[slot].descriptor = -1
      connections[slot].generation &+= 1
      return beginConnecting(slot)
    }
    // An address of a family that this machine lacks looks as if ports had run out: what a target said counts more.
    if connections[slot].wasRefused, kind != .connect {
      return failConnecting(slot, .connect, "refused by each address that could be tried; \(cause)")
    }
    failConnecting(slot, kind, cause)
  }

  /// Ports and descriptors are ours; every other reason is the target's or the network's.
  private func systemKind(_ code: Int32) -> ErrorKind {
    switch code {
    case EADDRNOTAVAIL: .ports
    case EMFILE, ENFILE, ENOBUFS, ENOMEM: .descriptors
    case ETIMEDOUT: .connectTimeout
    default: .connect
    }
  }

  /// The connection could not be made: the request that has waited longest (or the user's) fails with it.
  mutating func failConnecting(_ slot: Int, _ kind: ErrorKind, _ cause: @autoclosure () -> String) {
    let origin = Int(connections[slot].origin)
    let user = Int(connections[slot].user)
    release(slot)
    var isRetried = false
    // A connection that nobody waits for any more fails without a word.
    if let request = user >= 0 ? (users[user].isBusy ? users[user].request : nil) : popWaiting(origin) {
      blame(kind, "\(self.origin(origin)): \(cause())")
      isRetried = failOrRetry(request, kind, origin, -1, sent: request.firstSent)
      if request.user >= 0, !isRetried {
        endRequest(ofUser: Int(request.user), .failed, after: AttackLoop.pauseAfterRefusal)
      }
    }
    if user < 0 { useRoom(for: origin) }
    noteUnreachable(kind)
  }

  /// When a second has passed and no target ever accepted a connection, the run ends.
  mutating func noteUnreachable(_ kind: ErrorKind) {
    if !control.connected.load(ordering: .relaxed), now - begun >= 1_000_000_000,
      kind == .connect || kind == .connectTimeout || kind == .dns || kind == .denied
    {
      control.give(.unreachable)
    }
  }
}

extension OriginState {
  /// The address to try: in turn, passing over those that refused while others did not.
  mutating func choose(of count: Int) -> Int {
    let choices = max(count, 1)
    for _ in 0..<choices {
      let choice = nextAddress % choices
      nextAddress = (choice + 1) % choices
      if refused >> UInt64(choice & 63) & 1 == 0 { return choice }
    }
    refused = 0
    let choice = nextAddress % choices
    nextAddress = (choice + 1) % choices
    return choice
  }
}
