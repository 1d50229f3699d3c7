public import Model

/// A limit of so many tokens a second that is dealt out evenly: each share has a bucket of its own, which holds one token.
///
/// ```
/// a share of 1 in n has a token every n · per / count, the i-th share i · per / count later than the first
/// ```
/// All shares together are never above the limit by more than a token each. Tokens that wait are numbered, not timed:
/// who comes late delays nobody else, and nothing is rounded away. Plain data.
public struct TokenBucket: Sendable, Hashable {
  /// A token's distance: whole nanoseconds, and the rest in parts of `count`.
  private let whole: Int64
  private let rest: UInt64
  private let count: UInt64
  /// When the next token is there.
  private var next: Int64
  private var part: UInt64 = 0

  /// - Parameter start: when the first share has its first token, in the nanoseconds of any clock.
  public init(_ limit: Rate, share: SlotRange, start: Int64) {
    let per = UInt64(max(limit.per.nanoseconds, 1))
    count = UInt64(max(limit.count, 1))
    let (high, low) = per.multipliedFullWidth(by: UInt64(share.stride))
    // A distance of centuries is never waited for.
    let distance = high < count ? count.dividingFullWidth((high, low)) : (quotient: UInt64(Int64.max / 4), remainder: 0)
    whole = min(Int64(clamping: distance.quotient), .max / 4)
    rest = distance.remainder
    let offset = Int64(clamping: UInt128(per) * UInt128(share.offset) / UInt128(count))
    next = start.addingReportingOverflow(offset).overflow ? .max / 2 : start + offset
  }

  /// Takes the next token.
  ///
  /// - Returns: when that may be used: `now`, or later.
  public mutating func take(at now: Int64) -> Int64 {
    if next < now {
      next = now
      part = 0
    }
    let turn = next
    part += rest
    let carry: Int64 = part >= count ? 1 : 0
    if carry == 1 { part -= count }
    next = next > .max / 2 ? .max / 2 : next + whole + carry
    return turn
  }
}
