/// One minus the cosine of a part of a turn, in whole numbers: the same on every machine, right to 2^-120.
///
/// The series of Taylor in fixed point, on the eighth of a turn next to a zero:
/// ```
/// 1 − cos a = z(1/2! − z(1/4! − z(1/6! − …)))      sin a = a − a·z(1/3! − z(1/5! − …)),   z = a²
/// ```
enum Wave {
  /// 2π · `phase` / 2^128 is the angle; the result counts in 2^-126.
  static func versine(phase: UInt128) -> UInt128 {
    let one: UInt128 = 1 << 126
    let quarter = phase << 2
    let isFar = quarter > 1 << 127
    // The angle to the next zero of the quarter, at most π/4, in 2^-128.
    let angle = highProduct(isFar ? 0 &- quarter : quarter, halfPi) << 1
    let isSine = (phase >> 126) & 1 == 1
    let near = isSine != isFar ? sine(angle) >> 2 : one &- versine(small: angle) >> 2
    return switch UInt8(truncatingIfNeeded: phase >> 126) {
    case 1, 2: one &+ near
    case 0, 3: one &- near
    case _: one
    }
  }

  /// 1 − cos a for a ≤ π/4, both in 2^-128.
  private static func versine(small angle: UInt128) -> UInt128 {
    let square = highProduct(angle, angle)
    var sum: UInt128 = 0x050D
    sum = 0x0013_932C &- highProduct(square, sum)
    sum = 0x4286_2898 &- highProduct(square, sum)
    sum = 0x00C4_742F_E352 &- highProduct(square, sum)
    sum = 0x0001_F2CF_0197_2F57 &- highProduct(square, sum)
    sum = 0x0433_8E5B_6DFE_14A5 &- highProduct(square, sum)
    sum = 0x0007_950A_E900_8089_41EA &- highProduct(square, sum)
    sum = 0x0B41_3C31_DCBE_CBBD_D802 &- highProduct(square, sum)
    sum = 0x000D_73F9_F399_DC0F_88EC_32B5 &- highProduct(square, sum)
    sum = 0x0C9C_BA54_603E_4E90_5D6F_8A2E &- highProduct(square, sum)
    sum = 0x0008_F76C_77FC_6C4B_DAA2_6D4C_3D67 &- highProduct(square, sum)
    sum = 0x049F_93ED_DE27_D71C_BBC0_5B4F_A999 &- highProduct(square, sum)
    sum = 0x0001_A01A_01A0_1A01_A01A_01A0_1A01_A01A &- highProduct(square, sum)
    sum = 0x005B_05B0_5B05_B05B_05B0_5B05_B05B_05B0 &- highProduct(square, sum)
    sum = 0x0AAA_AAAA_AAAA_AAAA_AAAA_AAAA_AAAA_AAAA &- highProduct(square, sum)
    sum = 0x8000_0000_0000_0000_0000_0000_0000_0000 &- highProduct(square, sum)
    return highProduct(square, sum)
  }

  /// sin a for a ≤ π/4, both in 2^-128.
  private static func sine(_ angle: UInt128) -> UInt128 {
    let square = highProduct(angle, angle)
    var sum: UInt128 = 0x0027
    sum = 0xA1A6 &- highProduct(square, sum)
    sum = 0x024B_3F31 &- highProduct(square, sum)
    sum = 0x0007_46AC_70B7 &- highProduct(square, sum)
    sum = 0x13F3_CCDD_165F &- highProduct(square, sum)
    sum = 0x002E_C368_262C_7033 &- highProduct(square, sum)
    sum = 0x5C6E_3BDB_73D5_C62F &- highProduct(square, sum)
    sum = 0x0097_A4DA_340A_0AB9_2650 &- highProduct(square, sum)
    sum = 0xCA96_3B81_856A_5359_3028 &- highProduct(square, sum)
    sum = 0x00D7_3F9F_399D_C0F8_8EC3_2B58 &- highProduct(square, sum)
    sum = 0xB092_309D_4368_4BE5_1C19_8E91 &- highProduct(square, sum)
    sum = 0x006B_9915_9FD5_138E_3F9D_1F92_E0DF &- highProduct(square, sum)
    sum = 0x2E3B_C74A_AD8E_671F_5583_911C_A002 &- highProduct(square, sum)
    sum = 0x000D_00D0_0D00_D00D_00D0_0D00_D00D_00D0 &- highProduct(square, sum)
    sum = 0x0222_2222_2222_2222_2222_2222_2222_2222 &- highProduct(square, sum)
    sum = 0x2AAA_AAAA_AAAA_AAAA_AAAA_AAAA_AAAA_AAAA &- highProduct(square, sum)
    return angle &- highProduct(angle, highProduct(square, sum))
  }

  /// π/2 in 2^-127.
  private static let halfPi: UInt128 = 0xC90F_DAA2_2168_C234_C4C6_628B_80DC_1CD1
  /// 1/π in 2^-128.
  static let perPi: UInt128 = 0x517C_C1B7_2722_0A94_FE13_ABE8_FA9A_6EE0
}
