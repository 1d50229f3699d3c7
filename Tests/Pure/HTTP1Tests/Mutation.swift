import Glibc

/// A small seeded generator (SplitMix64), so that a failing case can be repeated.
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

  /// A number below `bound`, which is not 0.
  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}

/// What a test run may be told from outside.
enum FuzzSetting {
  /// `STAMPEDE_FUZZ_SEED`, else a new one.
  static let seed = environment("STAMPEDE_FUZZ_SEED") ?? UInt64.random(in: 0...UInt64.max)
  /// `STAMPEDE_FUZZ_COUNT`, else 10^5.
  static let count = environment("STAMPEDE_FUZZ_COUNT").flatMap { Int(exactly: $0) } ?? 100_000

  private static func environment(_ name: String) -> UInt64? {
    getenv(name).flatMap { UInt64(String(cString: $0)) }
  }
}

/// Messages with something wrong, or merely different, in them.
enum Mutation {
  private static let pieces: [[UInt8]] = [
    "\r\n", "\n", "\r", "\r\n\r\n", "\n\n", "\0", " ", "\t", ":", ",", ";", "0", "1", "5", "a", "F", "+", "-", "0x",
    "\r\n ", "HTTP/1.1", "HTTP/1.0", " 200", " 204", " 304", " 100 C\r\n\r\n", "Content-Length: 5\r\n",
    "Content-Length: 6\r\n", "Content-Length : 5\r\n", "Transfer-Encoding: chunked\r\n", "chunked", "gzip", "identity",
    "Connection: close\r\n", "keep-alive", "Host: a\r\n", "Expect: 100-continue\r\n", "0\r\n\r\n", "5\r\nhello\r\n",
    "7fffffffffffffff", "9223372036854775807", "18446744073709551621", "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "http://", "*", "?", "#",
  ].map { Array($0.utf8) }

  /// One of the seeds with one to four changes.
  static func next(of seeds: [[UInt8]], _ random: inout SplitMix) -> [UInt8] {
    var bytes = seeds[random.below(seeds.count)]
    for _ in 0...random.below(4) { change(&bytes, seeds, &random) }
    return bytes
  }

  private static func change(_ bytes: inout [UInt8], _ seeds: [[UInt8]], _ random: inout SplitMix) {
    let place = random.below(bytes.count + 1)
    let end = min(bytes.count, place + 1 + random.below(8))
    switch random.below(9) {
    case 0: if place < bytes.count { bytes[place] ^= 1 << UInt8(random.below(8)) }
    case 1: if place < bytes.count { bytes[place] = UInt8(truncatingIfNeeded: random.next()) }
    case 2: bytes.removeSubrange(place..<end)
    case 3: bytes.insert(contentsOf: bytes[place..<end], at: place)
    case 4, 5: bytes.insert(contentsOf: pieces[random.below(pieces.count)], at: place)
    case 6: bytes.replaceSubrange(place..<end, with: pieces[random.below(pieces.count)])
    case 7:
      // The front of one and the rear of another.
      let other = seeds[random.below(seeds.count)]
      bytes = Array(bytes[..<place]) + other[random.below(other.count + 1)...]
    default: bytes.removeSubrange(place...)
    }
  }

  /// One to four places, ascending, at which bytes of this number are cut; equal ones give an empty piece.
  static func cuts(_ count: Int, _ random: inout SplitMix) -> [Int] {
    (0...random.below(4)).map { _ in random.below(count + 1) }.sorted()
  }
}
