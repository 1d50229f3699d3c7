import Measuring
import Model

@testable import Wire

extension Message {
  /// Any message that the format can hold, each kind as likely as the others.
  static func random(_ source: inout SplitMix) -> Message { random(Int(source.next() % 15), &source) }

  /// A random one of the kind, from 0 to 14.
  static func random(_ kind: Int, _ source: inout SplitMix) -> Message {
    let run = Identifier(random: &source)
    let life = Identifier(random: &source)
    switch kind {
    case 0: return .hello(.random(&source))
    case 1:
      return .welcome(
        Welcome(
          protocol: UInt16(max(1, source.number(bits: 16))), term: source.number(bits: 64),
          heartbeat: .some(&source), lease: .some(&source), margin: .some(&source), version: .random(&source),
          master: source.chance(2) ? life : nil))
    case 2:
      return .refused(Refused(why: Refusal.allCases.randomElement(using: &source) ?? .busy, text: .random(&source)))
    case 3:
      let isIdle = source.chance(2)
      return .register(
        Register(
          term: source.number(bits: 64), state: .random(&source), run: isIdle ? nil : run,
          incarnation: isIdle ? nil : life))
    case 4: return .registered(Registered(worker: .random(&source)))
    case 5:
      return .heartbeat(
        Heartbeat(
          nonce: source.next(), state: .random(&source), run: source.chance(2) ? run : nil,
          incarnation: source.chance(2) ? life : nil, records: source.number(bits: 64),
          published: source.number(bits: 64)))
    case 6:
      let received = Int64(source.number(bits: 62))
      let sent = Instant(nanoseconds: received + Int64(source.number(bits: 62)))
      return .beat(
        Beat(
          nonce: source.next(), term: source.number(bits: 64), received: Instant(nanoseconds: received), sent: sent,
          grant: source.chance(2) ? .random(&source) : nil))
    case 7: return .assign(.random(&source))
    case 8:
      return .ready(
        Ready(
          run: run, incarnation: life, epoch: UInt32(source.number(bits: 32)), problem: .random(&source),
          connections: UInt32(source.number(bits: 32))))
    case 9:
      return .start(Start(grant: .random(&source), start: Instant(nanoseconds: Int64(source.number(bits: 63)))))
    case 10:
      return .stop(Stop(run: run, incarnation: life, kind: source.chance(2) ? .drain : .abort, text: .random(&source)))
    case 11:
      let record = (0..<source.number(bits: 6)).map { _ in UInt8(truncatingIfNeeded: source.next()) }
      return .progress(Progress(run: run, incarnation: life, record: record))
    case 12:
      return .complete(
        Complete(
          run: run, incarnation: life, records: source.number(bits: 64), completed: source.number(bits: 64),
          reason: EndReason.allCases.randomElement(using: &source) ?? .failed, problem: .random(&source),
          published: source.number(bits: 64), kept: source.number(bits: 64)))
    case 13: return .completed(Completed(run: run, incarnation: life))
    default: return .goodbye(Goodbye(text: .random(&source)))
    }
  }
}

extension TimeSpan {
  /// 1 ns to 2^48 − 1.
  fileprivate static func some(_ source: inout SplitMix) -> TimeSpan {
    TimeSpan(nanoseconds: Int64(max(1, source.number(bits: 48))))
  }
}

extension WorkerState {
  fileprivate static func random(_ source: inout SplitMix) -> WorkerState {
    allCases.randomElement(using: &source) ?? .idle
  }
}

extension Hello {
  static func random(_ source: inout SplitMix) -> Hello {
    let newest = UInt16(max(1, source.number(bits: 16)))
    return Hello(
      protocol: newest, oldest: 1 + UInt16(source.next() % UInt64(newest)), token: .random(&source),
      worker: "worker-\(source.number(bits: 20)).a_b:c@D", process: Identifier(random: &source),
      version: .random(&source), host: .random(&source), cpus: UInt32(source.number(bits: 32)))
  }
}

extension Grant {
  static func random(_ source: inout SplitMix) -> Grant {
    Grant(
      run: Identifier(random: &source), incarnation: Identifier(random: &source), term: source.number(bits: 64),
      epoch: UInt32(source.number(bits: 32)), horizon: TimeSpan(nanoseconds: Int64(source.number(bits: 57))),
      lease: .some(&source))
  }
}

extension Assign {
  static func random(_ source: inout SplitMix) -> Assign {
    let shares = UInt32(max(1, source.number(bits: 32)))
    let slots = (0..<source.number(bits: 3)).map { _ in
      let stride = UInt16(1 + source.next() % 1_024)
      return SlotShare(offset: UInt16(source.next() % UInt64(stride)), stride: stride)
    }
    let users = UserShare(
      first: UInt32(source.number(bits: 30)), stride: UInt32(max(1, source.number(bits: 10))),
      count: UInt32(source.number(bits: 20)))
    func texts(_ source: inout SplitMix) -> [String] { (0..<source.number(bits: 3)).map { _ in .random(&source) } }
    return Assign(
      grant: .random(&source), plan: .random(&source), slots: slots, users: users,
      share: UInt32(source.next() % UInt64(shares)), of: shares, topic: .random(&source), allowed: texts(&source),
      denied: texts(&source), name: .random(&source))
  }
}
