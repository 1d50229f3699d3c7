import HTTP1
import Measuring
import Model
import Scripting

// Why requests failed: counted by reason. Nothing of this is called for a request that succeeds.
extension AttackLoop {
  /// Says why the failure that comes next does; the first of its kind is kept word for word.
  @inline(never)
  mutating func blame(_ kind: ErrorKind, _ cause: String) {
    control.note(kind, cause)
    notes.kind = kind
    notes.cause = cause
  }

  /// A whole reply was refused: counts why, and keeps the exchange while there is room for one.
  @inline(never)
  mutating func explain(_ answer: Answer, _ kind: ErrorKind) {
    let name = name(of: answer.request)
    switch kind {
    case .status:
      control.note(.status, "\(plan.names[name]): status \(answer.status)")
      count(name, status: answer.status, answer.request)
    case .check:
      let place = notes.place
      let cause =
        place < 0 ? "a body of more than \(SpareBuffers.most) bytes" : plan.checks.rows[place].check
      count(name, kind, UInt64(truncatingIfNeeded: place), cause, answer.request)
    case .capture:
      let cause = plan.capture(Int(answer.request.target), notes.place)
      count(name, kind, UInt64(answer.request.target) << 8 | UInt64(max(0, notes.place)), cause, answer.request)
    case _:
      let cause = AttackLoop.without(plan.names[name] + ": ", notes.takeCause(kind))
      notes.cause = cause
      let text = CauseText.folded(cause)
      count(name, kind, CauseTable.detail(text), text, answer.request)
    }
    if notes.hasRoom(name, kind) { keep(answer, kind) }
    notes.forget()
  }

  /// No usable reply came: the same.
  @inline(never)
  mutating func explain(_ request: Request, _ kind: ErrorKind, sent: Int64) {
    let name = name(of: request)
    var cause = notes.takeCause(kind)
    switch kind {
    case .cutOff, .neverSent: break
    case .timeout:
      let target = targets[Int(request.target)]
      let length = plan.timeouts[Int(target.timeoutClass)]
      cause = "\(origin(origin(of: request))): no full reply within \(length)"
      count(name, kind, UInt64(origin(of: request)) << 16 | UInt64(target.timeoutClass), cause, request)
    case .connect, .dns, .denied, .ports, .descriptors, .connectTimeout, .resting:
      let text = CauseText.folded(cause, keepsAddresses: true)
      count(name, kind, CauseTable.detail(text), text, request)
    case .tls, .reset, .malformed, .status, .check, .capture, .redirect:
      let place = "\(origin(origin(of: request))): "
      let rest = AttackLoop.without(place, cause)
      let text = rest == cause ? CauseText.folded(cause) : place + CauseText.folded(rest)
      count(name, kind, CauseTable.detail(text), text, request)
    }
    if kind != .neverSent, notes.hasRoom(name, kind) { keep(request, kind, cause, sent: sent) }
    notes.forget()
  }

  private mutating func count(
    _ name: Int, _ kind: ErrorKind, _ detail: UInt64, _ text: String, _ request: Request
  ) {
    let key = CauseTable.key(name, kind, detail)
    var place = notes.causes.place(of: key) ?? -1
    if place < 0 {
      place = notes.causes.add(key, name, kind, control.journal.tellsApart(text) ? text : "")
    }
    notes.causes.count(place, isWarmUp: request.intended < measuredFrom)
  }

  /// The commonest failure of all: its text is made only where it is new.
  private mutating func count(_ name: Int, status: UInt16, _ request: Request) {
    if let place = notes.causes.place(of: CauseTable.key(name, .status, UInt64(status))) {
      notes.causes.count(place, isWarmUp: request.intended < measuredFrom)
    } else {
      count(name, .status, UInt64(status), "status \(status)", request)
    }
  }

  /// What a check found, in words.
  mutating func noteFound(_ target: Int, _ check: Int, _ reply: ReplyView) {
    let row = Int(checkRows[Int(targets[target].firstCheck) + check])
    let found =
      switch table.found(target, check: check, reply) {
      case .nothing: "nothing"
      case .status(let status): "\(status)"
      case .size(let bytes): "\(bytes) bytes"
      case .time(let nanoseconds): "\(TimeSpan(nanoseconds: nanoseconds))"
      case .text(let bytes, let isWhole): String(decoding: bytes, as: UTF8.self) + (isWhole ? "" : "…")
      }
    notes.verdict = FailedExchange.Verdict(expected: plan.checks.rows[row].check, found: found)
  }

  private static func without(_ prefix: String, _ text: String) -> String {
    text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text
  }
}
