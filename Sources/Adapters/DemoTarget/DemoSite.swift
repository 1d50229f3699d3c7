import EventLoop
import HTTPServer
import Model
import Synchronization

/// What all connections of a demo target share. Any thread.
final class DemoSite: Sendable {
  let counts = DemoCounts()
  let script: BehaviourScript?
  let log: DemoLog?
  let sessions = DemoSessions()
  private let seed: UInt64
  private let number = Atomic<UInt64>(0)
  /// When the first request came, in nanoseconds; 0 before.
  private let origin = Atomic<Int64>(0)

  init(script: BehaviourScript?, log: DemoLog?, seed: UInt64) {
    self.script = script
    self.log = log
    self.seed = seed
  }

  /// How long after the first request this one comes.
  func elapsed(_ now: Instant) -> TimeSpan {
    let first = origin.load(ordering: .relaxed)
    if first != 0 { return max(.zero, now - Instant(nanoseconds: first)) }
    let (won, original) = origin.compareExchange(expected: 0, desired: now.nanoseconds, ordering: .relaxed)
    return won ? .zero : max(.zero, now - Instant(nanoseconds: original))
  }

  /// The next request's draw: the same sequence for the same seed.
  func draw() -> UInt64 { Behaviour.mix(seed &+ number.add(1, ordering: .relaxed).newValue) }
}

/// Tokens of the demo's login: known again by what they are, so that none is kept.
struct DemoSessions: Sendable {
  private let secret = UInt64.random(in: .min ... .max)
  private let next = NextNumber()

  private final class NextNumber: Sendable {
    let value = Atomic<UInt64>(0)
  }

  func issue() -> String {
    let number = next.value.add(1, ordering: .relaxed).newValue
    return DemoSessions.hex(number) + DemoSessions.hex(Behaviour.mix(number ^ secret))
  }

  func isValid(_ token: some StringProtocol) -> Bool {
    guard token.utf8.count == 32, let number = UInt64(token.prefix(16), radix: 16) else { return false }
    return token.suffix(16) == DemoSessions.hex(Behaviour.mix(number ^ secret))
  }

  private static func hex(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
