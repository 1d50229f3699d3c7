import HTTP1
import Testing

/// Whatever is taken must be framed as h11 frames it, and a request that h11 refuses must be refused.
@Suite struct OracleTests {
  @Test func seedsAndMutationsOfRepliesAreFramedAsByH11() throws {
    print("replies: STAMPEDE_FUZZ_SEED=\(FuzzSetting.seed)")
    var random = SplitMix(seed: FuzzSetting.seed)
    let seeds = ReplySeed.all.map(\.bytes)
    var runs = ReplySeed.all.map { (kind: $0.isHEAD ? H11.Kind.replyToHEAD : .reply, bytes: $0.bytes) }
    while runs.count < FuzzSetting.count / 20 + seeds.count {
      let kind = random.below(16) == 0 ? H11.Kind.replyToHEAD : .reply
      let bytes = Mutation.next(of: seeds, &random)
      if ReplyReader.read(bytes, isHEAD: kind == .replyToHEAD).event == .complete { runs.append((kind, bytes)) }
    }
    var compared = 0
    for (run, theirs) in zip(runs, try H11.read(runs)) {
      let isHEAD = run.kind == .replyToHEAD
      let ours = ReplyReader.read(run.bytes, isHEAD: isHEAD)
      guard ours.event == .complete, let message = theirs.messages.first else { continue }
      compared += 1
      let body = ReplyReader.body(of: Array(run.bytes[..<ours.consumed]), isHEAD: isHEAD)
      let same =
        "\(ours.status)" == message.key && ours.consumed == message.end && body == message.body
        && (message.keepsAlive || !ours.keepsAlive || isOld(run.bytes))
      if !same { Issue.record("\(text(run.bytes)): \(ours)\nh11: \(message)") }
    }
    // The others are refused by h11 for a header that is not read here, or for what is let pass.
    #expect(compared > runs.count / 4)
  }

  @Test func seedsAndMutationsOfRequestsAreFramedAsByH11() throws {
    print("requests: STAMPEDE_FUZZ_SEED=\(FuzzSetting.seed)")
    var random = SplitMix(seed: FuzzSetting.seed)
    let seeds = RequestSeed.all.map(\.bytes)
    var runs = RequestSeed.all.map { (kind: H11.Kind.request, bytes: $0.bytes) }
    while runs.count < FuzzSetting.count / 20 + seeds.count {
      let bytes = Mutation.next(of: seeds, &random)
      if RequestReader.read(bytes).messages.contains(where: \.isWhole) { runs.append((.request, bytes)) }
    }
    var compared = 0
    for (run, theirs) in zip(runs, try H11.read(runs)) {
      let ours = RequestReader.read(run.bytes).messages.filter(\.isWhole)
      // An empty line in front is let pass here, as RFC 9112 wants, and not by h11.
      let stops = theirs.outcome.contains("no request line received")
      if ours.count > theirs.messages.count, !stops {
        Issue.record("\(text(run.bytes)): taken \(ours.count), by h11 \(theirs.messages.count): \(theirs.outcome)")
      }
      for (message, other) in zip(ours, theirs.messages) {
        compared += 1
        let words = message.head.split(separator: " ")
        let same =
          "\(words[0]),\(words[1])" == other.key && message.end == other.end && message.body == other.body
          && (message.keepAlive == other.keepsAlive || words[2] == "http10")
        if !same { Issue.record("\(text(run.bytes)): \(message)\nh11: \(other)") }
      }
    }
    #expect(compared > runs.count / 2)
  }

  /// h11 never keeps a connection of HTTP/1.0, even if both sides say so.
  private func isOld(_ bytes: [UInt8]) -> Bool { String(decoding: bytes, as: UTF8.self).contains("HTTP/1.0") }

  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self).debugDescription }
}
