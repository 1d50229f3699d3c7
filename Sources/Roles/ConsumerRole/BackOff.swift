/// Waiting times that double from 100 ms to 10 s, each shortened at random by up to a half, so that many who wait for
/// the same server don't come back at the same instant.
struct BackOff {
  private(set) var tries = 0

  mutating func next(_ source: inout some RandomNumberGenerator) -> Duration {
    let longest = min(10_000, 100 << min(tries, 7))
    tries += 1
    return .milliseconds(Int.random(in: longest / 2...longest, using: &source))
  }
}
