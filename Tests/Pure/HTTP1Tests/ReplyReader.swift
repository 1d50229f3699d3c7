import HTTP1

/// What a decoder made of a run of bytes.
struct ReplyReading: Equatable, CustomStringConvertible {
  var event = Feed.Event.needMore
  var status: UInt16 = 0
  var consumed = 0
  var keepsAlive = false
  var leniencies: UInt16 = 0
  var framing: UInt32 = 0

  var description: String {
    "\(event) status \(status) consumed \(consumed) keepsAlive \(keepsAlive) leniencies \(leniencies)"
  }
}

/// Feeds a decoder as a connection would: what isn't consumed is kept and comes again in front of the next bytes.
enum ReplyReader {
  /// Reads the reply at the front, cut after each of `cuts` (ascending offsets); `closes` ends the connection then.
  static func read(
    _ bytes: [UInt8], isHEAD: Bool = false, closes: Bool = true, cuts: some Sequence<Int> = EmptyCollection<Int>()
  ) -> ReplyReading {
    var decoder = ReplyDecoder()
    decoder.begin(isHEAD: isHEAD)
    var reading = ReplyReading()
    bytes.withUnsafeBytes { all in
      for end in cuts where reading.event == .needMore {
        feed(&decoder, UnsafeRawBufferPointer(rebasing: all[reading.consumed..<end]), &reading)
      }
      if reading.event == .needMore {
        feed(&decoder, UnsafeRawBufferPointer(rebasing: all[reading.consumed...]), &reading)
      }
    }
    if reading.event == .needMore, closes { reading.event = decoder.end().event }
    reading.status = decoder.status
    reading.keepsAlive = decoder.keepsAlive
    reading.leniencies = decoder.leniencies
    reading.framing = decoder.framing
    return reading
  }

  /// The same by way of a memo of the head.
  static func read(
    _ bytes: [UInt8], _ memo: inout ReplyMemo, isHEAD: Bool = false, closes: Bool = true,
    cuts: some Sequence<Int> = EmptyCollection<Int>()
  ) -> ReplyReading {
    var decoder = ReplyDecoder()
    decoder.begin(isHEAD: isHEAD)
    var reading = ReplyReading()
    bytes.withUnsafeBytes { all in
      for end in Array(cuts) + [bytes.count] where reading.event == .needMore {
        let feed = decoder.feed(UnsafeRawBufferPointer(rebasing: all[reading.consumed..<end]), &memo)
        reading.consumed += feed.consumed
        reading.event = feed.event
      }
    }
    if reading.event == .needMore, closes { reading.event = decoder.end().event }
    reading.status = decoder.status
    reading.keepsAlive = decoder.keepsAlive
    reading.leniencies = decoder.leniencies
    reading.framing = decoder.framing
    return reading
  }

  /// The same, a byte at a time.
  static func readBytewise(_ bytes: [UInt8], isHEAD: Bool = false, closes: Bool = true) -> ReplyReading {
    read(bytes, isHEAD: isHEAD, closes: closes, cuts: 0..<bytes.count)
  }

  /// The bytes of the body, as far as the decoder calls them so. Nothing is skipped: each is fed by itself.
  static func body(of bytes: [UInt8], isHEAD: Bool) -> [UInt8] {
    var decoder = ReplyDecoder()
    decoder.begin(isHEAD: isHEAD)
    var body: [UInt8] = []
    bytes.withUnsafeBytes { all in
      var start = 0
      for end in 1..<all.count + 1 {
        if decoder.skippable > 0 { body.append(all[end - 1]) }
        let feed = decoder.feed(UnsafeRawBufferPointer(rebasing: all[start..<end]))
        start += feed.consumed
        if feed.event != .needMore { return }
      }
    }
    return body
  }

  private static func feed(
    _ decoder: inout ReplyDecoder, _ window: UnsafeRawBufferPointer, _ reading: inout ReplyReading
  ) {
    let feed = decoder.feed(window)
    reading.consumed += feed.consumed
    reading.event = feed.event
    if feed.event == .needMore {
      precondition(window.count - feed.consumed < ReplyDecoder.maxLine, "more kept than promised")
    }
  }
}
