import Glibc

/// A small seeded generator (SplitMix64), so that a test that failed can be run again.
struct Dice: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// True in `share` of a hundred throws.
  mutating func says(_ share: Int) -> Bool { Int.random(in: 0..<100, using: &self) < share }

  mutating func pick<T>(_ list: [T]) -> T { list[Int.random(in: 0..<list.count, using: &self)] }

  /// `STAMPEDE_FUZZ_SEED`, else a new one.
  static let seed = environment("STAMPEDE_FUZZ_SEED") ?? UInt64.random(in: 0...UInt64.max)
  /// `STAMPEDE_FUZZ_COUNT`, of which a million is one minute; else two seconds.
  static let seconds = environment("STAMPEDE_FUZZ_COUNT").map { Double(min($0, 10_000_000)) * 60e-6 } ?? 2

  private static func environment(_ name: String) -> UInt64? {
    guard let value = getenv(name) else { return nil }
    return UInt64(String(cString: value))
  }
}
