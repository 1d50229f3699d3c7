import Measuring
import Model
import Scripting

// Checks and captures: what a reply must hold, and what later requests take from it.
extension AttackLoop {
  /// A reply that somebody needs more of has come to its end: what is in it is held against what is wanted.
  mutating func lookInto(_ slot: Int, _ answer: inout Answer) {
    let kept = connections[slot].keeps ? keptReply(slot) : Kept(head: .empty, body: .empty, isWhole: true)
    if keepsCookies { keepCookies(of: answer.request, kept.head) }
    judge(kept, &answer)
    let target = targets + Int(answer.request.target)
    if answer.status < target.pointee.expectedLow || answer.status > target.pointee.expectedHigh {
      putAside(kept, of: answer.request, .status)
    } else if let kind = answer.failure {
      putAside(kept, of: answer.request, kind)
    }
    if connections[slot].kept.start != nil { spare.empty(&connections[slot].kept) }
  }

  /// Counts what each check says, takes what captures find, and notes why the reply fails, if it does.
  mutating func judge(_ kept: Kept, _ answer: inout Answer) {
    let target = Int(answer.request.target)
    let needs = targets[target].needs
    if !needs.contains(.evaluation) { return }
    let size = kept.isWhole ? kept.body.count : Int(clamping: answer.bytesIn) - kept.head.count - kept.framing
    let reply = ReplyView(
      status: Int(answer.status), head: kept.head, body: kept.body, size: Int64(size),
      time: now - firstSent(answer.request, answer.sent))
    if needs.contains(.body), !kept.isWhole {
      answer.failure = .check
      notes.place = FailureNotes.tooLong
      control.note(
        .check,
        "\(plan.names[name(of: answer.request)]): a body of more than \(SpareBuffers.most) bytes, of which no more is looked at"
      )
    }
    check(target, reply, &answer)
    capture(target, reply, &answer)
  }

  private mutating func check(_ target: Int, _ reply: ReplyView, _ answer: inout Answer) {
    if table.checkCount(target) == 0 { return }
    if scratchSize < reply.body.count { enlargeScratch(to: reply.body.count) }
    let searches = matcher.givenUp
    let outcome = table.check(
      target, reply, &matcher, scratch: ByteSink(UnsafeMutableRawPointer(scratch), capacity: scratchSize))
    let bank = bank(of: answer.request)
    let rows = checkRows + Int(targets[target].firstCheck)
    for number in 0..<outcome.count {
      bank.countCheck(Int(rows[number]), passed: outcome.failed >> UInt64(number) & 1 == 0)
    }
    guard let first = outcome.firstFailed else { return }
    answer.failure = .check
    let effort = AttackLoop.effort(matcher.givenUp > searches)
    notes.place = Int(rows[first])
    if notes.hasRoom(Int(targets[target].name), .check) { noteFound(target, first, reply) }
    control.note(
      .check, "\(plan.names[Int(targets[target].name)]): \(plan.checks.rows[Int(rows[first])].check)\(effort)")
  }

  private mutating func capture(_ target: Int, _ reply: ReplyView, _ answer: inout Answer) {
    let user = Int(answer.request.user)
    if user < 0 { return }
    guard var memory = memory(ofUser: user) else { return }
    let searches = matcher.givenUp
    while true {
      switch table.capture(target, reply, &matcher, into: memory) {
      case .done: return
      case .missing(let number):
        return breakOff(target, number, isTooLong: false, AttackLoop.effort(matcher.givenUp > searches), &answer)
      case .tooLong(let number):
        return breakOff(target, number, isTooLong: true, "", &answer)
      case .needs(let bytes):
        guard let larger = enlargeMemory(ofUser: user, to: bytes) else { return }
        memory = larger
      }
    }
  }

  /// A capture has no value: what comes after it in the iteration can't be sent.
  private mutating func breakOff(
    _ target: Int, _ number: Int, isTooLong: Bool, _ effort: StaticString, _ answer: inout Answer
  ) {
    answer.isBroken = true
    if answer.failure == nil {
      answer.failure = .capture
      notes.place = number
      notes.isTooLong = isTooLong
    }
    let found: StaticString = isTooLong ? "a value beyond 64 KiB of" : "no"
    control.note(
      .capture, "\(plan.names[Int(targets[target].name)]): \(found) \(plan.capture(target, number))\(effort)")
  }

  /// What stands behind a failure that a search beyond the bound on its effort may have led to.
  private static func effort(_ wasGivenUp: Bool) -> StaticString {
    wasGivenUp ? " (a search was given up: too many steps)" : ""
  }
}
