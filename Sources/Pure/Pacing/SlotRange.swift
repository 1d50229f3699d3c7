/// A share of all arrivals: every `stride`-th of the run's slots, beginning with `offset`.
///
/// Arrival n belongs to slot n mod 1,024. Shares are interleaved, never contiguous, so that no one alternates
/// between bursts and silence: of three loops, one takes slots 0 3 6 …, one 1 4 7 …, one 2 5 8 ….
public struct SlotRange: Sendable, Hashable {
  /// Slots of a run.
  public static let slots = 1_024

  public let offset: Int
  public let stride: Int

  /// The i-th of `shares` equal shares.
  ///
  /// - Precondition: 0 ≤ index < shares ≤ 1,024.
  public init(share index: Int, of shares: Int) {
    precondition(shares > 0 && shares <= SlotRange.slots && index >= 0 && index < shares)
    offset = index
    stride = shares
  }

  /// The slots s with s mod `stride` = `offset`.
  ///
  /// - Precondition: 0 ≤ offset < stride ≤ 1,024.
  public init(offset: Int, stride: Int) {
    self.init(share: offset, of: stride)
  }

  /// So many parts at most can be made of it, each with a slot of its own.
  public var parts: Int { SlotRange.slots / stride }

  /// The i-th of `count` equal parts of this share.
  ///
  /// - Precondition: 0 ≤ index < count ≤ `parts`.
  public func part(_ index: Int, of count: Int) -> SlotRange {
    precondition(count > 0 && count <= parts && index >= 0 && index < count)
    return SlotRange(share: offset + stride * index, of: stride * count)
  }

  /// How many arrivals below n are of this share.
  public func arrivals(below n: UInt64) -> UInt64 {
    func slots(below limit: Int) -> Int { limit <= offset ? 0 : (limit - offset + stride - 1) / stride }
    let whole = n / UInt64(SlotRange.slots)
    let rest = Int(n % UInt64(SlotRange.slots))
    return whole * UInt64(slots(below: SlotRange.slots)) + UInt64(slots(below: rest))
  }
}
