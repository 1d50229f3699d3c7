import Pacing

/// Where draws come from: nothing but numbers that say who draws what for, so that any worker, and any repetition,
/// draws the same.
public struct DrawKey: Sendable, Hashable {
  private var state: UInt64

  public init(seed: UInt64) { state = Draw.mix(seed &+ 0x9E37_79B9_7F4A_7C15) }

  /// The key of one of many under this one: a user, its iteration, the run of a step, a place in a template.
  public func of(_ number: UInt64) -> DrawKey {
    var key = self
    key.state = Draw.mix(state ^ Draw.mix(number &+ 0xD1B5_4A32_D192_ED03))
    return key
  }

  /// The n-th 64 random bits of this key.
  public func word(_ n: UInt64) -> UInt64 { Draw.mix(state &+ (n &+ 1) &* 0x9E37_79B9_7F4A_7C15) }

  /// A whole number from 0 to below the bound, each as likely (Lemire 2019: multiply, and draw again in the uneven rest).
  ///
  /// A bound of 0 stands for 2⁶⁴.
  public func below(_ bound: UInt64) -> UInt64 {
    if bound == 0 { return word(0) }
    var n: UInt64 = 0
    var (high, low) = word(n).multipliedFullWidth(by: bound)
    if low < bound {
      let uneven = (0 &- bound) % bound
      while low < uneven {
        n &+= 1
        (high, low) = word(n).multipliedFullWidth(by: bound)
      }
    }
    return high
  }

  /// A number between 0 and 1, neither of them: the middle of one of 2⁵³ steps.
  public var fraction: Double { (Double(word(0) &>> 11) + 0.5) * 0x1p-53 }
}
