import Foundation

/// How many mutations a fuzz test tries, and from which seed; both can be given from outside, to try more or to repeat.
public enum Fuzz {
  /// STAMPEDE_FUZZ_COUNT, or what is usual for the test.
  public static func count(_ usual: Int) -> Int {
    ProcessInfo.processInfo.environment["STAMPEDE_FUZZ_COUNT"].flatMap { Int($0) } ?? usual
  }

  /// STAMPEDE_FUZZ_SEED, or a new one; printed, so that a failure can be repeated.
  public static func seed(for test: String) -> UInt64 {
    let given = ProcessInfo.processInfo.environment["STAMPEDE_FUZZ_SEED"].flatMap { UInt64($0) }
    let seed = given ?? UInt64.random(in: .min ... .max)
    print("\(test) seed \(seed)")
    return seed
  }

  /// The bytes with up to five places changed: a byte set, bytes cut out, a run doubled, a token put in.
  public static func mutated(_ text: [UInt8], tokens: [String], _ source: inout SplitMix) -> [UInt8] {
    var bytes = text
    for _ in 0..<Int.random(in: 0...5, using: &source) {
      let place = Int.random(in: 0...bytes.count, using: &source)
      switch Int.random(in: 0..<4, using: &source) {
      case 0 where place < bytes.count: bytes[place] = UInt8.random(in: 0...255, using: &source)
      case 1 where place < bytes.count: bytes.removeSubrange(place..<min(bytes.count, place + 3))
      case 2:
        let end = Int.random(in: place...bytes.count, using: &source)
        bytes.insert(contentsOf: bytes[place..<end], at: place)
      case _: bytes.insert(contentsOf: Array((tokens.randomElement(using: &source) ?? "").utf8), at: place)
      }
    }
    return bytes
  }
}
