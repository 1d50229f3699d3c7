import EventLoop
import Model

// What the poller and the clock say of connections.
extension AttackLoop {
  mutating func handle(_ token: UInt64, _ readiness: Poller.Readiness) {
    if token == AttackLoop.wakeToken {
      Control.silence(control.wakers[index])
      return
    }
    if token == AttackLoop.transportToken { return turnTransport() }
    if token == Poller.reservedToken { return }
    let slot = Int(UInt32(truncatingIfNeeded: token))
    let connection = connections + slot
    guard connection.pointee.generation == UInt32(truncatingIfNeeded: token >> 32) else { return }
    switch connection.pointee.state {
    case .receiving: receive(slot)
    case .idle: lookAtIdle(slot)
    case .sending: if readiness.contains(.writable) { continueSending(slot) } else { receive(slot) }
    case .connecting: endConnecting(slot)
    case .handshaking: shakeHands(slot)
    case .foreign, .free: break
    }
  }

  /// Gives up on what ran out of time.
  mutating func expire() {
    for place in 0..<timeoutCount {
      while timeouts[place].head >= 0 {
        let slot = Int(timeouts[place].head)
        if connections[slot].deadline > now { break }
        switch connections[slot].state {
        case .connecting where Socket.isWritable(connections[slot].descriptor): endConnecting(slot)
        case .connecting, .handshaking: failConnecting(slot, .connectTimeout, "connecting took too long")
        case .sending, .receiving: timeOut(slot)
        case .foreign: timeOutForeign(slot)
        case .idle, .free: timeouts[place].remove(slot, connections)
        }
      }
    }
  }

  /// Gives a request up, unless its reply is already here: that it was not read yet is our lateness, not the target's.
  private mutating func timeOut(_ slot: Int) {
    let generation = connections[slot].generation
    let limit = connections[slot].deadline
    receive(slot)
    let isSame = connections[slot].generation == generation && connections[slot].deadline == limit
    if isSame, connections[slot].isTimed { fail(slot, .timeout) }
  }
}
