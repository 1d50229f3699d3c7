import Model

/// How much one peer may send: so many bytes a second, more for a while after it was quiet (a token bucket).
struct Allowance {
  /// Bytes a second that may go on for ever.
  let rate: Int64
  /// Bytes that may come at once.
  let burst: Int64
  private var left: Int64
  private var asOf: Instant

  init(rate: Int64, burst: Int64, now: Instant) {
    self.rate = max(1, rate)
    self.burst = burst
    left = burst
    asOf = now
  }

  /// Counts bytes that came; the moment until which nothing more should be read, nil where more may come now.
  mutating func take(_ bytes: Int, now: Instant) -> Instant? {
    // A second fills at most the burst, so the product stays small however long it was quiet.
    let elapsed = max(0, min((now - asOf).nanoseconds, 1_000_000_000 * (burst / rate + 1)))
    left = min(burst, left + elapsed / 1_000 * rate / 1_000_000) - Int64(bytes)
    asOf = now
    if left >= 0 { return nil }
    return now + TimeSpan(nanoseconds: -left * 1_000_000 / rate * 1_000 + 1_000_000)
  }
}
