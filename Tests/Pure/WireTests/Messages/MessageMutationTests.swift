import Testing

@testable import Wire

@Suite struct MessageMutationTests {
  /// Damaged frames are refused, or are a message that has this one encoding (apart from unknown fields, left out).
  @Test func damagedBytesNeverCrash() throws {
    var source = SplitMix(seed: Setting.seed)
    let mutation = Mutation(
      frames: (0..<150).map { Message.random($0 % 15, &source).encoded(request: source.number(bits: 64)) })
    var decoded: Set<String> = []
    var count = 0
    for round in 0..<Setting.count {
      let bytes = mutation.damaged(&source)
      var decoder = FrameDecoder()
      decoder.append(bytes)
      guard let frame = try? decoder.next(), let message = try? Message(frame: frame) else { continue }
      decoded.insert(message.name)
      count += 1
      let used = bytes.count - decoder.rest.count
      let again = message.encoded(request: frame.request)
      try #require(
        again.elementsEqual(bytes[..<used]) || again.count < used, "seed \(Setting.seed), round \(round)")
      let second = FrameDecoder.only(again)
      try #require(
        second.flatMap { try? Message(frame: $0) } == message, "seed \(Setting.seed), round \(round)")
    }
    print("\(Setting.count) damaged messages, seed \(Setting.seed): \(count) decoded, the rest refused")
    #expect(decoded.count == 15 && count < Setting.count)
  }

  /// Cut anywhere: not whole, or refused.
  @Test func cutMessagesAreNoMessages() throws {
    var source = SplitMix(seed: Setting.seed)
    for kind in 0..<15 {
      let whole = Message.random(kind, &source).encoded()
      for length in 0..<whole.count { #expect(FrameDecoder.only(Array(whole[..<length])) == nil) }
    }
  }
}

extension FrameDecoder {
  /// The one frame that the bytes are; nil for anything else.
  static func only(_ bytes: [UInt8]) -> Frame? {
    var decoder = FrameDecoder()
    decoder.append(bytes)
    guard let frame = try? decoder.next(), decoder.rest.isEmpty else { return nil }
    return frame
  }
}
