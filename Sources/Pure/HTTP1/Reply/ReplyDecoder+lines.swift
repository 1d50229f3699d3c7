import Bytes

// Lines: the first, headers, of the trailer, of chunks.
extension ReplyDecoder {
  /// Takes a line that is no header from the front: its length with its end, 0 where it isn't whole or is refused.
  mutating func takeLine(_ start: UnsafeRawPointer, _ count: Int) -> Int {
    let limit = phase == .chunkSize ? ReplyDecoder.maxChunkLine : ReplyDecoder.maxLine
    let window = min(count, limit)
    // What an earlier call has searched is in front again; a caller that gives less loses nothing but this.
    let known = min(Int(scanned), window)
    let feed = unsafe known &+ firstLineFeed(start + known, window &- known)
    if feed == window {
      // Told first, so that rubbish is rubbish after its first byte and not after a whole line.
      if phase == .statusLine, unsafe !beginsReply(start, count) {
        fail(.statusLine)
      } else if window == limit {
        fail(.lineTooLong)
      } else {
        scanned = UInt16(truncatingIfNeeded: window)
      }
      return 0
    }
    scanned = 0
    let isBare = unsafe feed == 0 || start.load(fromByteOffset: feed &- 1, as: UInt8.self) != 0x0D
    let length = isBare ? feed : feed &- 1
    switch phase {
    case .statusLine: unsafe readStatus(start, length)
    case .trailer:
      framing &+= UInt32(truncatingIfNeeded: feed &+ 1)
      readTrailer(length, feed &+ 1)
    case .chunkSize:
      framing &+= UInt32(truncatingIfNeeded: feed &+ 1)
      unsafe readChunkSize(start, length)
    case .headers, .sized, .untilClose, .chunkBytes, .chunkEnd, .chunkLineFeed, .complete, .failed: break
    }
    if phase == .failed { return 0 }
    if isBare { note(.bareLineFeed) }
    return feed &+ 1
  }

  /// Whether the first bytes, fewer than a line, can be the beginning of `HTTP/1.1`.
  private func beginsReply(_ start: UnsafeRawPointer, _ count: Int) -> Bool {
    for place in 0..<min(count, 8) {
      let byte = unsafe start.load(fromByteOffset: place, as: UInt8.self)
      let expected = UInt8(truncatingIfNeeded: Word.http11 &>> (UInt64(place) &* 8))
      if byte != expected, place < 7 || byte != 0x30 { return false }
    }
    return true
  }

  /// `HTTP/1.1 200 OK`, the line's end left out.
  private mutating func readStatus(_ start: UnsafeRawPointer, _ length: Int) {
    guard length >= 12 else { return fail(.statusLine) }
    switch unsafe Word.load(start) {
    case Word.http11: marks.remove(.isOld)
    case Word.http10: marks.insert(.isOld)
    default: return fail(.statusLine)
    }
    let hundreds = unsafe digit(start, 9)
    let tens = unsafe digit(start, 10)
    let ones = unsafe digit(start, 11)
    guard unsafe start.load(fromByteOffset: 8, as: UInt8.self) == 0x20, 1...9 ~= hundreds, tens <= 9, ones <= 9 else {
      return fail(.statusLine)
    }
    if length == 12 {
      note(.noReason)
    } else if unsafe start.load(fromByteOffset: 12, as: UInt8.self) != 0x20 {
      return fail(.statusLine)
    }
    status = hundreds &* 100 &+ tens &* 10 &+ ones
    headBytes = UInt32(truncatingIfNeeded: length &+ 2)
    lines = 0
    last = .none
    phase = .headers
  }

  /// The number that a decimal digit stands for; more than 9 for another byte.
  private func digit(_ start: UnsafeRawPointer, _ place: Int) -> UInt16 {
    unsafe UInt16(start.load(fromByteOffset: place, as: UInt8.self)) &- 0x30
  }

  /// Takes header lines from the front, as many as are whole: their bytes, up to the head's end or a refused line.
  ///
  /// This is where most of a reply's time goes: what a line needs is kept in locals, and only lines that begin with the
  /// letters of the three names are looked at.
  mutating func takeHeaders(_ start: UnsafeRawPointer, _ count: Int) -> Int {
    var place = 0
    var known = min(Int(scanned), count)
    var total = headBytes
    var number = lines
    scanned = 0
    while place < count {
      let line = unsafe start + place
      let window = min(count &- place, ReplyDecoder.maxLine)
      let feed = unsafe known &+ firstLineFeed(line + known, window &- known)
      known = 0
      if feed == window {
        if window == ReplyDecoder.maxLine { fail(.lineTooLong) } else { scanned = UInt16(truncatingIfNeeded: window) }
        break
      }
      let isBare = unsafe feed == 0 || line.load(fromByteOffset: feed &- 1, as: UInt8.self) != 0x0D
      let length = isBare ? feed : feed &- 1
      total &+= UInt32(truncatingIfNeeded: feed &+ 1)
      if length > 0 { number &+= 1 }
      if total > UInt32(ReplyDecoder.maxHead) || number > UInt16(ReplyDecoder.maxLines) {
        fail(.headTooLarge)
      } else if length == 0 {
        endHead()
      } else {
        // Both letters of a case differ in this bit alone; the names are compared in full.
        switch unsafe line.load(as: UInt8.self) | 0x20 {
        case 0x63: unsafe readCLine(line, length)
        case 0x74: unsafe readTLine(line, length)
        case 0x20, 0x29: unsafe readFold(line, length)
        default: last = .other
        }
      }
      if phase == .failed { break }
      if isBare { note(.bareLineFeed) }
      place &+= feed &+ 1
      if length == 0 { break }
    }
    headBytes = total
    lines = number
    return place
  }

  /// A line of the trailer, which nobody reads: of `length` bytes, `whole` with its end.
  private mutating func readTrailer(_ length: Int, _ whole: Int) {
    headBytes &+= UInt32(truncatingIfNeeded: whole)
    if length > 0 { lines &+= 1 }
    if headBytes > UInt32(ReplyDecoder.maxHead) || lines > UInt16(ReplyDecoder.maxLines) {
      fail(.headTooLarge)
    } else if length == 0 {
      phase = .complete
    }
  }

  /// The head is over: how the body ends, if there is one.
  private mutating func endHead() {
    if status < 200 { return endInterim() }
    if marks.contains(.isChunked) {
      if marks.contains(.hasLength) { note(.lengthBesideChunks) }
      if marks.contains(.isOld) { note(.chunksInOldVersion) }
      if !marks.isDisjoint(with: [.hasLength, .isOld]) { marks.insert(.mustClose) }
    }
    if marks.contains(.isHEAD) || status == 204 || status == 304 {
      phase = .complete
    } else if marks.contains(.isChunked) {
      phase = .chunkSize
    } else if marks.contains(.hasLength) {
      phase = left == 0 ? .complete : .sized
    } else {
      marks.insert(.mustClose)
      phase = .untilClose
    }
  }

  private mutating func endInterim() {
    if status == 101 { return fail(.switchingProtocols) }
    interim &+= 1
    if interim > UInt8(ReplyDecoder.maxInterim) { return fail(.tooManyInterim) }
    marks.formIntersection(.ofRequest)
    left = 0
    phase = .statusLine
  }
}
