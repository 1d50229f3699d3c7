/// Poisson arrivals over the axis of arrival indices: how many fall between n and n + 1, and where.
///
/// ```
/// cell n = [n, n + 1)      members ~ Poisson(1), each anywhere in it with the same probability
/// ```
/// Counts of cells are independent of each other, and given its count a cell's members are independent and uniform: that
/// is a Poisson process of one arrival per unit, exactly (Kingman, Poisson Processes, 2.4), and Λ⁻¹ makes it one
/// of the shape's rate. Each cell is drawn from (seed, n) alone, so whoever has its slot can tell it without having
/// seen another. Plain data.
@usableFromInline struct Scatter: Sendable, Hashable {
  private let counts: UInt64
  private let places: UInt64

  /// Bits for the number of a member; a cell has at most 21.
  private static let memberBits: UInt64 = 5

  init(seed: UInt64) {
    counts = Draw.mix(seed ^ 0x5363_6174_7465_7231)
    places = Draw.mix(counts ^ 0x5363_6174_7465_7232)
  }

  /// How many arrivals the cell has: 0…21, each number k with the probability e⁻¹/k! to within 2^-64.
  func members(of cell: UInt64) -> UInt8 {
    let word = Draw.mix(counts &+ cell &* 0x9E37_79B9_7F4A_7C15)
    // 2^64 · Σ e⁻¹/k! up to each k. The first ones without a branch: they are as good as tosses of a coin.
    let few: UInt8 =
      (word >= 0x5E2D_58D8_B3BC_DF1A ? 1 : 0) &+ (word >= 0xBC5A_B1B1_6779_BE35 ? 1 : 0)
      &+ (word >= 0xEB71_5E1D_C158_2DC2 ? 1 : 0) &+ (word >= 0xFB23_9797_34A2_52F1 ? 1 : 0)
    return few < 4 ? few : Scatter.many(word)
  }

  /// Of a word from Σ e⁻¹/k! up to k = 3 on.
  @inline(never)
  private static func many(_ word: UInt64) -> UInt8 {
    var count: UInt8 = 4
    for bound in bounds where word >= bound { count += 1 }
    return count
  }

  private static let bounds: [UInt64] = [
    0xFF10_25F5_9174_DC3D, 0xFFD9_0F3B_A405_5E19, 0xFFFA_8B71_FC72_C913, 0xFFFF_540C_0914_B3C9,
    0xFFFF_ED1F_4AA8_F120, 0xFFFF_FE21_6E64_1462, 0xFFFF_FFD4_D85D_3183, 0xFFFF_FFFC_6DA2_62B4,
    0xFFFF_FFFF_BA12_D178, 0xFFFF_FFFF_FB07_C64C, 0xFFFF_FFFF_FFAB_8EA5, 0xFFFF_FFFF_FFFA_BE22,
    0xFFFF_FFFF_FFFF_B11A, 0xFFFF_FFFF_FFFF_FBA1, 0xFFFF_FFFF_FFFF_FFC5, 0xFFFF_FFFF_FFFF_FFFD, .max,
  ]

  /// Where the member lies in its cell, in 2^-64; members are in order.
  ///
  /// - Precondition: member < count, and count is the cell's.
  func place(of member: UInt8, of count: UInt8, in cell: UInt64) -> UInt64 {
    if count == 1 { return draw(0, cell) }
    // The one that has so many before it; a cell has three or more in one of twelve cases.
    var candidate: UInt8 = 0
    while true {
      let word = draw(candidate, cell)
      var rank: UInt8 = 0
      for other in 0..<count where other != candidate {
        let its = draw(other, cell)
        if its < word || its == word && other < candidate { rank += 1 }
      }
      if rank == member { return word }
      candidate += 1
    }
  }

  private func draw(_ number: UInt8, _ cell: UInt64) -> UInt64 {
    Draw.mix(places &+ (cell << Scatter.memberBits | UInt64(number)) &* 0x9E37_79B9_7F4A_7C15)
  }
}
