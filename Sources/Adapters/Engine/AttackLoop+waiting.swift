// Until when a loop sleeps.
extension AttackLoop {
  /// Widens the window at once when a sleep ended late, narrows it slowly otherwise: 60 to 250 µs.
  mutating func adaptSpin(overshoot: Int64) {
    if overshoot > spinWindow {
      spinWindow = min(spinWindow + spinWindow / 2, 250_000)
    } else {
      spinWindow = max(spinWindow - spinWindow / 1_024, 60_000)
    }
  }

  mutating func nextWake() -> Int64 {
    var wake = min(nextSeal, cutAt, pauses.nextDue)
    if endedAt == .max { wake = min(wake, planEnd) }
    if isForeign { wake = min(wake, transport?.wakeAt ?? .max) }
    for place in 0..<timeoutCount where timeouts[place].head >= 0 {
      wake = min(wake, connections[Int(timeouts[place].head)].deadline)
    }
    return wake
  }
}
