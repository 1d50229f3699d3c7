// Chunked bodies.
extension ReplyDecoder {
  /// `1a`, `1A;name=value`: the size in hexadecimal, and extensions that are skipped.
  mutating func readChunkSize(_ start: UnsafeRawPointer, _ length: Int) {
    var size = 0
    var place = 0
    while place < length {
      let digit = hexadecimal(unsafe start.load(fromByteOffset: place, as: UInt8.self))
      if digit > 15 { break }
      // The sixteenth digit is the last, and the number stays below 2^63.
      if place == 16 || size > Int.max &>> 4 { return fail(.chunk) }
      size = size &<< 4 | digit
      place &+= 1
    }
    if place == 0 { return fail(.chunk) }
    let digits = place
    while place < length {
      let byte = unsafe start.load(fromByteOffset: place, as: UInt8.self)
      if byte == 0x3B { break }
      guard byte == 0x20 || byte == 0x09 else { return fail(.chunk) }
      place &+= 1
    }
    if place > digits { note(.blanksInChunkLine) }
    if size > 0 {
      left = size
      phase = .chunkBytes
    } else {
      headBytes = 0
      lines = 0
      phase = .trailer
    }
  }

  /// A byte of the line end after a chunk's bytes; false where it is none.
  mutating func takeChunkEnd(_ byte: UInt8) -> Bool {
    framing &+= 1
    if byte == 0x0D, phase == .chunkEnd {
      phase = .chunkLineFeed
      return true
    }
    if byte != 0x0A {
      fail(.chunk)
      return false
    }
    if phase == .chunkEnd { note(.bareLineFeed) }
    phase = .chunkSize
    return true
  }

  /// The number that a hexadecimal digit stands for; more than 15 for another byte.
  private func hexadecimal(_ byte: UInt8) -> Int {
    switch byte {
    case 0x30...0x39: Int(byte) &- 0x30
    case 0x41...0x46, 0x61...0x66: Int(byte | 0x20) &- 0x57
    default: 16
    }
  }
}
