import HTTP1
import Testing

/// Mutated messages, whole, byte by byte and cut at random places: the outcome must be the same.
@Suite struct FuzzTests {
  @Test func mutatedReplies() {
    print("replies: STAMPEDE_FUZZ_SEED=\(FuzzSetting.seed) STAMPEDE_FUZZ_COUNT=\(FuzzSetting.count)")
    var random = SplitMix(seed: FuzzSetting.seed)
    let seeds = ReplySeed.all.map(\.bytes)
    var complete = 0
    var faults: Set<ReplyFault> = []
    for number in 0..<FuzzSetting.count {
      let bytes = Mutation.next(of: seeds, &random)
      let isHEAD = random.below(16) == 0
      let closes = random.below(2) == 0
      let whole = ReplyReader.read(bytes, isHEAD: isHEAD, closes: closes)
      let bytewise = ReplyReader.readBytewise(bytes, isHEAD: isHEAD, closes: closes)
      let cut = ReplyReader.read(bytes, isHEAD: isHEAD, closes: closes, cuts: Mutation.cuts(bytes.count, &random))
      if whole != bytewise || whole != cut {
        Issue.record("mutation \(number), HEAD \(isHEAD): \(text(bytes))\n\(whole)\n\(bytewise)\n\(cut)")
        return
      }
      switch whole.event {
      case .complete:
        complete += 1
        // What follows a reply is no part of it, unless only the connection's end tells where it ends.
        if closes, whole.keepsAlive {
          let longer = ReplyReader.read(bytes + [0x0A, 0x30], isHEAD: isHEAD)
          if longer != whole { Issue.record("mutation \(number): \(text(bytes))\n\(whole)\nlonger: \(longer)") }
        }
      case .failed(let fault): faults.insert(fault)
      case .needMore: break
      }
    }
    // Else it was not replies that were tried.
    if FuzzSetting.count >= 10_000 { #expect(complete > FuzzSetting.count / 50 && faults.count >= 7) }
  }

  @Test func mutatedRequests() {
    print("requests: STAMPEDE_FUZZ_SEED=\(FuzzSetting.seed) STAMPEDE_FUZZ_COUNT=\(FuzzSetting.count)")
    var random = SplitMix(seed: FuzzSetting.seed)
    let seeds = RequestSeed.all.map(\.bytes)
    var whole = 0
    var faults: Set<RequestFault> = []
    for number in 0..<FuzzSetting.count {
      let bytes = Mutation.next(of: seeds, &random)
      let limits = random.below(8) == 0 ? RequestLimits(head: 64, target: 8, headers: 2, trailer: 8) : RequestLimits()
      let reading = RequestReader.read(bytes, limits: limits)
      let bytewise = RequestReader.readBytewise(bytes, limits: limits)
      let cut = RequestReader.read(bytes, limits: limits, cuts: Mutation.cuts(bytes.count, &random))
      if reading != bytewise || reading != cut {
        Issue.record("mutation \(number): \(text(bytes))\n\(reading)\n\(bytewise)\n\(cut)")
        return
      }
      whole += reading.messages.count(where: \.isWhole)
      if let fault = reading.fault { faults.insert(fault) }
    }
    if FuzzSetting.count >= 10_000 {
      #expect(whole > FuzzSetting.count / 50 && faults.count >= RequestFault.allCases.count - 4)
    }
  }

  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self).debugDescription }
}
