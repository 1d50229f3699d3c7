public import Model

/// How long a failed request waits before it is tried again.
///
/// ```
/// the n-th further try: min(pause · 2ⁿ⁻¹, longest), less a drawn share of up to half
/// ```
/// The share keeps users that failed together from coming back together. Plain data.
public struct RetryPause: Sendable, Hashable {
  private let first: Int64
  private let longest: Int64

  public init(_ policy: RetryPolicy) {
    first = max(0, policy.pause.nanoseconds)
    longest = max(first, policy.longest.nanoseconds)
  }

  /// Nanoseconds.
  ///
  /// - Parameters:
  ///   - tries: further tries made before, 0 or more.
  ///   - word: 64 random bits.
  public func length(after tries: Int, _ word: UInt64) -> Int64 {
    let doublings = min(max(tries, 0), 62)
    let whole = first > longest >> Int64(doublings) ? longest : first << Int64(doublings)
    return whole - Int64(truncatingIfNeeded: word.multipliedFullWidth(by: UInt64(whole / 2 + 1)).high)
  }
}
