import Glibc

/// A small seeded generator (SplitMix64), so that a failing run can be repeated.
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }

  /// A number below 2^bits, small ones as likely as great ones.
  mutating func number(bits: Int) -> UInt64 {
    let width = Int(next() % UInt64(bits + 1))
    return width == 0 ? 0 : next() >> UInt64(64 - width)
  }

  mutating func chance(_ one: UInt64) -> Bool { next() % one == 0 }
}

/// What a test run may be told from outside.
enum Setting {
  /// `STAMPEDE_FUZZ_SEED`, else a new one.
  static let seed = environment("STAMPEDE_FUZZ_SEED") ?? UInt64.random(in: 0...UInt64.max)
  /// `STAMPEDE_FUZZ_COUNT`, else 10^5.
  static let count = Int(environment("STAMPEDE_FUZZ_COUNT") ?? 100_000)

  private static func environment(_ name: String) -> UInt64? {
    getenv(name).flatMap { UInt64(String(cString: $0)) }
  }
}
