/// Waiting times between tries: doubling from the shortest to the longest, each shortened at random by up to a half, so
/// that many who wait for the same server don't come back at the same instant.
public struct BackOff: Sendable, Hashable {
  public let shortest: TimeSpan
  public let longest: TimeSpan
  /// How often `next` was asked since the start or the last `reset`.
  public private(set) var tries = 0

  public init(from shortest: TimeSpan, to longest: TimeSpan) {
    self.shortest = shortest
    self.longest = max(shortest, longest)
  }

  /// How long to wait now: half of the doubled time to all of it.
  public mutating func next(_ source: inout some RandomNumberGenerator) -> TimeSpan {
    let (doubled, overflow) = shortest.nanoseconds.multipliedReportingOverflow(by: 1 << Int64(min(tries, 40)))
    let whole = overflow ? longest.nanoseconds : min(doubled, longest.nanoseconds)
    tries = min(tries + 1, 1_000_000)
    return TimeSpan(nanoseconds: Int64.random(in: whole / 2...whole, using: &source))
  }

  /// A try succeeded: begins with the shortest again.
  public mutating func reset() { tries = 0 }
}
