import Measuring
import Model

// Requests that are kept one by one. Nothing of this is called unless the plan asks for samples.
extension AttackLoop {
  /// Keeps a request that got a whole reply.
  ///
  /// - Parameter goesOn: whether another request of the same response follows.
  @inline(never)
  mutating func sample(_ answer: Answer, _ error: ErrorKind?, goesOn: Bool = false) {
    if !isSampled(answer.request) { return }
    let intended = answer.request.intended
    var sample = begun(answer.request, sent: answer.sent, goesOn: goesOn)
    sample.firstByte = Sample.microseconds(answer.firstByte &- intended)
    sample.bytesIn = UInt32(clamping: answer.bytesIn)
    if answer.slot >= 0 { sample.bytesOut = UInt32(clamping: connections[answer.slot].written) }
    sample.status = answer.status
    sample.error = error?.rawValue ?? 0
    sampler.add(sample)
  }

  /// Keeps one that got none.
  ///
  /// - Parameters:
  ///   - slot: whose exchange it was; −1 where none was begun.
  ///   - sent: when it was written; 0 where it was not.
  @inline(never)
  mutating func sample(_ request: Request, _ error: ErrorKind, _ slot: Int, sent: Int64, goesOn: Bool = false) {
    if !isSampled(request) { return }
    // Without an exchange, `sent` is of an earlier try, unless this one lost its connection.
    let sent = slot >= 0 ? connections[slot].sent : request.resent && !request.isRetry ? sent : 0
    var sample = begun(request, sent: sent, goesOn: goesOn)
    if slot >= 0, sent > 0 {
      let connection = connections + slot
      if connection.pointee.firstByte > 0 {
        sample.firstByte = Sample.microseconds(connection.pointee.firstByte &- request.intended)
      }
      sample.bytesIn = UInt32(clamping: connection.pointee.bytesIn)
      sample.bytesOut = UInt32(clamping: connection.pointee.written)
    }
    sample.error = error.rawValue
    sampler.add(sample)
  }

  @inline(__always)
  private mutating func isSampled(_ request: Request) -> Bool {
    let user = Int(request.user)
    if user < 0 { return sampler.isDrawn(number(of: request), iteration: 0, run: 0) }
    return isPlain
      ? sampler.isDrawn(users[user].number, iteration: users[user].iteration, run: 0)
      : sampler.isDrawn(users[user].number, iteration: users[user].drawIteration, run: users[user].run)
  }

  /// The arrival's number, of which a request has the lower half, or its user's.
  @inline(__always)
  private mutating func number(of request: Request) -> UInt64 {
    if request.user >= 0 { return users[Int(request.user)].number }
    let newest = cursor.arrival
    return newest &- UInt64(UInt32(truncatingIfNeeded: newest) &- request.arrival)
  }

  @inline(__always)
  private mutating func begun(_ request: Request, sent: Int64, goesOn: Bool) -> Sample {
    var sample = Sample()
    sample.intended = request.intended &- start
    sample.number = number(of: request)
    sample.woke = Sample.microseconds(request.woke &- request.intended)
    if sent > 0 { sample.sent = Sample.microseconds(sent &- request.intended) }
    sample.end = Sample.microseconds(now &- request.intended)
    sample.name = UInt16(clamping: name(of: request))
    sample.phase = sampler.phase(at: request.intended)
    if goesOn { sample.flags.insert(.goesOn) }
    if request.resent { sample.flags.insert(.resent) }
    if request.isRetry { sample.flags.insert(.retry) }
    if request.chain >= 0, chains[request.chain].hops > 0 { sample.flags.insert(.redirected) }
    if request.intended < measuredFrom { sample.flags.insert(.warmUp) }
    return sample
  }
}
