import EventLoop
import Glibc
import HTTP1
import Model

// From a request and a ready connection to its bytes on the wire.
extension AttackLoop {
  /// Writes the connection's request, if that is allowed still; `now` was just read, and is its *sent*.
  mutating func send(_ slot: Int) {
    if now >= allowedUntil, mustNotSend(slot) { return }
    if isForeign { return sendForeign(slot) }
    let connection = connections + slot
    let target = targets + Int(connection.pointee.request.target)
    connection.pointee.decoder.begin(isHEAD: target.pointee.isHEAD)
    connection.pointee.sent = now
    connection.pointee.firstByte = 0
    connection.pointee.bytesIn = 0
    connection.pointee.written = 0
    connection.pointee.keeps = target.pointee.keeps
    connection.pointee.state = .receiving
    inFlight += 1
    if connection.pointee.request.resent {
      bank(of: connection.pointee.request).count(Int(target.pointee.name), .resent)
    }
    let timeoutClass = target.pointee.timeoutClass
    connection.pointee.timeoutClass = timeoutClass
    connection.pointee.deadline = now &+ timeouts[Int(timeoutClass)].length
    timeouts[Int(timeoutClass)].append(slot, connections)
    if target.pointee.isRendered, connection.pointee.request.chain < 0 { return sendRendered(slot) }
    let (bytes, count) = bytes(of: connection.pointee.request)
    let sent =
      connection.pointee.session == nil
      ? Socket.send(connection.pointee.descriptor, bytes, count) : sendSealed(slot, bytes, count)
    note(slot, sent: sent, of: count, name: Int(target.pointee.name))
  }

  /// Goes on with a request that the kernel's buffer did not take whole.
  mutating func continueSending(_ slot: Int) {
    now = MonotonicClock.now().nanoseconds
    let connection = connections + slot
    let target = targets + Int(connection.pointee.request.target)
    let written = connection.pointee.written
    let (bytes, count) = bytes(of: connection.pointee.request)
    var (from, left) = (bytes + written, count - written)
    if let rest = connection.pointee.rest {
      (from, left) = (UnsafePointer(rest) + written, connection.pointee.restCount - written)
    }
    let sent =
      connection.pointee.session == nil
      ? Socket.send(connection.pointee.descriptor, from, left) : sendSealed(slot, from, left)
    note(slot, sent: sent, of: left, name: Int(target.pointee.name))
  }

  mutating func note(_ slot: Int, sent: Int, of count: Int, name: Int) {
    let connection = connections + slot
    if sent < 0 && sent != -Int(EAGAIN) {
      // A peer may have replied before it reset or stopped reading: what it said counts first.
      if connection.pointee.written > 0 { return receive(slot) }
      return fail(slot, .reset)
    }
    let sent = max(sent, 0)
    let bank = bank(of: connection.pointee.request)
    if connection.pointee.written == 0 && sent > 0 { bank.count(name, .written) }
    bank.count(name, .bytesOut, UInt64(sent))
    connection.pointee.written &+= sent
    if sent == count {
      if let rest = connection.pointee.rest {
        rest.deallocate()
        connection.pointee.rest = nil
      }
      if connection.pointee.state == .sending {
        connection.pointee.state = .receiving
        watch(slot, connection.pointee.isPressed ? [.readable, .writable] : .readable)
      }
    } else if connection.pointee.state == .receiving {
      connection.pointee.state = .sending
      watch(slot, [.readable, .writable])
    }
  }

  mutating func sendSealed(_ slot: Int, _ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int {
    guard let session = connections[slot].session else { return -Int(EPIPE) }
    var sent = 0
    while sent < count {
      switch session.write(UnsafeRawBufferPointer(start: bytes + sent, count: count - sent)) {
      case .bytes(let more): sent += more
      case .wantsRead, .wantsWrite: return sent == 0 ? -Int(EAGAIN) : sent
      // What went out before counts first; the next try meets the fault again.
      case .closed, .truncated, .failed: return sent == 0 ? -Int(EPIPE) : sent
      }
    }
    return sent
  }

  // Idle connections: the last one used is the next one taken.

  mutating func pushIdle(_ slot: Int) {
    let origin = Int(connections[slot].origin)
    connections[slot].state = .idle
    connections[slot].previous = -1
    connections[slot].next = origins[origin].idle
    if origins[origin].idle >= 0 { connections[Int(origins[origin].idle)].previous = Int32(slot) }
    origins[origin].idle = Int32(slot)
  }

  mutating func popIdle(_ origin: Int) -> Int? {
    let slot = Int(origins[origin].idle)
    if slot < 0 { return nil }
    removeIdle(slot)
    return slot
  }

  mutating func removeIdle(_ slot: Int) {
    let origin = Int(connections[slot].origin)
    let (next, previous) = (connections[slot].next, connections[slot].previous)
    if previous >= 0 { connections[Int(previous)].next = next } else { origins[origin].idle = next }
    if next >= 0 { connections[Int(next)].previous = previous }
    connections[slot].next = -1
    connections[slot].previous = -1
  }

  mutating func untime(_ slot: Int) {
    if connections[slot].isTimed {
      timeouts[Int(connections[slot].timeoutClass)].remove(slot, connections)
    }
  }

  /// What is written: the target's own bytes, or those made for where a redirect leads.
  @inline(__always)
  func bytes(of request: Request) -> (UnsafePointer<UInt8>, Int) {
    if request.chain >= 0 { return chains[request.chain].request }
    let target = targets + Int(request.target)
    return (target.pointee.bytes, target.pointee.count)
  }

  /// Where it is sent.
  @inline(__always)
  func origin(of request: Request) -> Int {
    request.chain >= 0 ? Int(request.origin) : Int(targets[Int(request.target)].origin)
  }

  @inline(__always)
  func name(of request: Request) -> Int { Int(targets[Int(request.target)].name) }
}
