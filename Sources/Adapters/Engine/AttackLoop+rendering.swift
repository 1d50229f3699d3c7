import EventLoop
import Glibc
import Model
import Scripting

// Requests that are written anew each time.
extension AttackLoop {
  /// Writes the connection's request into the loop's memory, which grows to what the longest one needs.
  ///
  /// The same request is the same bytes each time: what is drawn depends on its user, iteration and step alone.
  mutating func render(_ slot: Int) -> (bytes: UnsafePointer<UInt8>, count: Int) {
    let request = connections[slot].request
    let context = context(of: request)
    while true {
      var sink = ByteSink(UnsafeMutableRawPointer(scratch), capacity: scratchSize)
      table.render(Int(request.target), .planned, context, into: &sink)
      if sink.fits { return (UnsafePointer(scratch), sink.needed) }
      enlargeScratch(to: sink.needed)
    }
  }

  /// For whom a request is written.
  mutating func context(of request: Request) -> RenderContext {
    let user = Int(request.user)
    if user < 0 {
      return RenderContext(table, user: 0, iteration: 0, stepRun: 0, epochms: AttackLoop.epochms())
    }
    if users[user].epochms == 0 { users[user].epochms = AttackLoop.epochms() }
    return RenderContext(
      table, user: users[user].number, iteration: users[user].drawIteration, stepRun: users[user].run,
      epochms: users[user].epochms, memory: memory(ofUser: user), jar: users[user].jar.map { CookieJar($0) })
  }

  mutating func enlargeScratch(to bytes: Int) {
    scratch.deallocate()
    scratchSize = max(bytes, 2 * scratchSize)
    scratch = .allocate(capacity: scratchSize)
  }

  static func epochms() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
  }

  /// Writes a request that was rendered for this; what the kernel does not take stays with the connection.
  mutating func sendRendered(_ slot: Int) {
    let (bytes, count) = render(slot)
    let connection = connections + slot
    let sent =
      connection.pointee.session == nil
      ? Socket.send(connection.pointee.descriptor, bytes, count) : sendSealed(slot, bytes, count)
    if sent < count, sent >= 0 || sent == -Int(EAGAIN) {
      let rest = UnsafeMutablePointer<UInt8>.allocate(capacity: count)
      rest.update(from: bytes, count: count)
      connection.pointee.rest = rest
      connection.pointee.restCount = count
    }
    note(slot, sent: sent, of: count, name: name(of: connection.pointee.request))
  }
}
