/// Chooses what is sent, from counters alone: the same (seed, index) gives the same choice on any machine.
///
/// Indices are taken in blocks as long as the sum of the weights. In each block every target occurs exactly as
/// often as its weight says, in an order that is a permutation drawn for that block, so that a target never
/// falls in step with the slots of one loop or worker.
public struct Draw: Sendable, Hashable {
  /// The sum of the weights: the length of a block.
  public let total: UInt64
  private let seed: UInt64
  /// Bits of each half of the permutation's domain.
  private let halfBits: UInt64

  /// - Precondition: total ≥ 1 and at most 2^32.
  public init(total: UInt64, seed: UInt64) {
    precondition(total >= 1 && total <= 1 << 32)
    self.total = total
    self.seed = seed
    let bits = UInt64(64 - (total - 1).leadingZeroBitCount)
    halfBits = max(1, (bits + 1) / 2)
  }

  /// The place, 0 ..< total, that the index falls on within the weights laid end to end.
  public func place(of index: UInt64, stream: UInt64 = 0) -> UInt64 {
    if total == 1 { return 0 }
    let (block, position) = index.quotientAndRemainder(dividingBy: total)
    let key = Draw.mix(seed ^ Draw.mix(stream &+ 0x9E37_79B9_7F4A_7C15) ^ Draw.mix(block))
    var place = position
    repeat { place = permute(place, key: key) } while place >= total
    return place
  }

  /// A Feistel network of four rounds over the next even power of two; values outside the block are walked
  /// on (cycle walking), which keeps it a permutation of the block.
  private func permute(_ value: UInt64, key: UInt64) -> UInt64 {
    let mask = (1 << halfBits) - 1 as UInt64
    var left = value >> halfBits
    var right = value & mask
    for round in 0..<4 as Range<UInt64> {
      (left, right) = (right, left ^ (Draw.mix(key &+ round &* 0xD1B5_4A32_D192_ED03 &+ right) & mask))
    }
    return left << halfBits | right
  }

  /// The finalizer of SplitMix64 (Steele, Lea, Flood 2014): every input bit changes every output bit.
  @inlinable
  public static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
