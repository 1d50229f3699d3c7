// Bodies: by length, and in chunks.
extension RequestDecoder {
  mutating func readBody(_ bytes: UnsafeRawBufferPointer, _ place: inout Int) -> Event {
    let taken = min(left, bytes.count - place)
    if taken == 0 { return .needMore }
    let piece = place..<place + taken
    place += taken
    left -= taken
    if left == 0 {
      if case .sized = phase { phase = .over } else { phase = .chunkEnd }
    }
    return .body(piece)
  }

  /// A line of a chunk's size or of the trailer.
  mutating func readBodyLine(_ bytes: UnsafeRawBufferPointer, _ place: inout Int) -> Event? {
    let isTrailer = if case .trailer = phase { true } else { false }
    let room = isTrailer ? limits.trailer - trailerBytes : RequestLimits.chunkLine
    switch unsafe gather(bytes, &place, room: room - buffer.count) {
    case .part: return .needMore
    case .tooLong: return refuse(isTrailer ? .headTooLarge : .chunk)
    case .line: break
    }
    defer {
      buffer.removeAll(keepingCapacity: true)
      lineStart = 0
    }
    switch takeLine() {
    case .success(let line): return isTrailer ? readTrailer(line) : readChunkSize(line)
    case .failure(let fault): return refuse(fault)
    }
  }

  /// Lines of the trailer must be headers, and none that frames or routes a request; they are checked and dropped.
  private mutating func readTrailer(_ line: Range<Int>) -> Event? {
    trailerBytes += line.count + 2
    if line.isEmpty {
      phase = .over
      return nil
    }
    trailerLines += 1
    if trailerLines > limits.headers { return refuse(.tooManyHeaders) }
    do {
      let name = try readHeader(line).name
      let isForbidden =
        buffer.equals("content-length", in: name) || buffer.equals("transfer-encoding", in: name)
        || buffer.equals("host", in: name)
      if isForbidden { return refuse(.trailer) }
    } catch {
      return refuse(error)
    }
    return nil
  }

  /// At most 16 hexadecimal digits, and behind them nothing, or a semicolon and extensions that are not read.
  private mutating func readChunkSize(_ line: Range<Int>) -> Event? {
    var size = 0
    var place = line.lowerBound
    while place < line.upperBound, let digit = hexadecimal(buffer[place]) {
      if place - line.lowerBound == 16 || size > Int.max >> 4 { return refuse(.chunk) }
      size = size << 4 | digit
      place += 1
    }
    guard place > line.lowerBound, place == line.upperBound || buffer[place] == 0x3B else { return refuse(.chunk) }
    if size == 0 {
      phase = .trailer
      return nil
    }
    if size > bodyLimit - bodyBytes { return refuse(.bodyTooLarge) }
    bodyBytes += size
    left = size
    phase = .chunkBytes
    return nil
  }

  private func hexadecimal(_ byte: UInt8) -> Int? {
    switch byte {
    case 0x30...0x39: Int(byte) - 0x30
    case 0x41...0x46, 0x61...0x66: Int(byte | 0x20) - 0x57
    default: nil
    }
  }

  mutating func readChunkEnd(_ bytes: UnsafeRawBufferPointer, _ place: inout Int) -> Event? {
    guard place < bytes.count else { return .needMore }
    let byte = unsafe bytes[place]
    let awaitsReturn = if case .chunkEnd = phase { true } else { false }
    guard byte == (awaitsReturn ? 0x0D : 0x0A) else { return refuse(.chunk) }
    place += 1
    phase = awaitsReturn ? .chunkLineFeed : .chunkLine
    return nil
  }
}
