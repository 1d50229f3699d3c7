import Testing

@testable import HTTPServer

@Suite struct MutationTests {
  /// Splitmix64, so that a failure can be repeated from its seed.
  struct Random: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  /// What a connection answers to the bytes, cut into pieces of random sizes up to `most`, and then the end.
  static func statuses(_ bytes: [UInt8], most: Int, _ random: inout Random) throws -> [Int] {
    let memory = try MemoryConnection()
    var rest = bytes[...]
    while !rest.isEmpty, !memory.wire.isClosed, !memory.wire.isAborted {
      let size = most == .max ? rest.count : Int.random(in: 1...most, using: &random)
      Array(rest.prefix(size)).withUnsafeBytes { memory.connection.received($0) }
      rest = rest.dropFirst(size)
      memory.takeReplies()
    }
    if !memory.wire.isClosed { memory.connection.ended() }
    memory.takeReplies()
    return RawRequest.statuses(of: memory.wire.text)
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func whateverComesIsAnsweredTheSameHoweverItIsCut(seed: UInt64) throws {
    var random = Random(state: seed)
    let seeds = RawRequest.all.filter { $0.bytes.utf8.count < 2000 }.map { Array($0.bytes.utf8) }
    for round in 0..<500 {
      var bytes = (seeds.randomElement(using: &random) ?? []) + (seeds.randomElement(using: &random) ?? [])
      for _ in 0..<Int.random(in: 0...3, using: &random) where !bytes.isEmpty {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: place)
        default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
        }
      }
      let whole = try MutationTests.statuses(bytes, most: .max, &random)
      let cut = try MutationTests.statuses(bytes, most: 5, &random)
      #expect(whole == cut, "seed \(seed), round \(round): \(String(decoding: bytes, as: UTF8.self).debugDescription)")
    }
  }
}
