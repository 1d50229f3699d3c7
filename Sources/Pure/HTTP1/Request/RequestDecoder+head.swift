// The head: lines, and what they say together.
extension RequestDecoder {
  mutating func readHead(_ bytes: UnsafeRawBufferPointer, _ place: inout Int) -> Event? {
    if buffer.isEmpty, case .first = phase, place < bytes.count {
      // A method or an empty line; so another protocol is known by its first byte.
      let byte = unsafe bytes[place]
      guard Token.contains(byte) || byte == 0x0D || byte == 0x0A else { return refuse(.requestLine) }
    }
    switch unsafe gather(bytes, &place, room: limits.head - buffer.count) {
    case .part: return .needMore
    case .tooLong: return refuse(isFirstLine ? .targetTooLong : .headTooLarge)
    case .line: break
    }
    let line: Range<Int>
    switch takeLine() {
    case .success(let range): line = range
    case .failure(let fault): return refuse(fault)
    }
    if isFirstLine { return readFirst(line) }
    if line.isEmpty { return endHead() }
    if head.lines.count >= limits.headers { return refuse(.tooManyHeaders) }
    do {
      let header = try readHeader(line)
      try heed(header)
      head.lines.append(header)
    } catch {
      return refuse(error)
    }
    return nil
  }

  private var isFirstLine: Bool {
    if case .first = phase { true } else { false }
  }

  private mutating func readFirst(_ line: Range<Int>) -> Event? {
    if line.isEmpty {
      if facts.hadEmptyLine { return refuse(.requestLine) }
      facts.hadEmptyLine = true
      buffer.removeAll(keepingCapacity: true)
      lineStart = 0
      return nil
    }
    do {
      try readRequestLine(line)
    } catch {
      return refuse(error)
    }
    phase = .headers
    return nil
  }

  /// The line that has just been gathered, without its end; the next begins behind it.
  mutating func takeLine() -> Result<Range<Int>, RequestFault> {
    let end = buffer.count - 1
    guard end > lineStart, buffer[end - 1] == 0x0D else { return .failure(.bareLineFeed) }
    let line = lineStart..<end - 1
    for place in line where !Token.isValueByte(buffer[place]) { return .failure(.controlCharacter) }
    lineStart = end + 1
    return .success(line)
  }

  /// `Name: value`, the blanks around the value left out.
  func readHeader(_ line: Range<Int>) throws(RequestFault) -> RequestHead.Line {
    if isBlank(buffer[line.lowerBound]) { throw .folded }
    guard let colon = line.first(where: { !Token.contains(buffer[$0]) }), colon > line.lowerBound else {
      throw .headerName
    }
    guard buffer[colon] == 0x3A else {
      let next = (colon..<line.upperBound).first { !isBlank(buffer[$0]) }
      throw next.map { buffer[$0] == 0x3A } == true ? .blankBeforeColon : .headerName
    }
    var start = colon + 1
    var end = line.upperBound
    while start < end, isBlank(buffer[start]) { start += 1 }
    while start < end, isBlank(buffer[end - 1]) { end -= 1 }
    return RequestHead.Line(name: line.lowerBound..<colon, value: start..<end)
  }

  private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  /// What the header means for the request as a whole, if anything.
  private mutating func heed(_ header: RequestHead.Line) throws(RequestFault) {
    let name = header.name
    switch name.count {
    case 4 where buffer.equals("host", in: name):
      if facts.hasHost { throw .twoHosts }
      facts.hasHost = true
      guard isAuthority(header.value, mayBeEmpty: true) else { throw .host }
      if head.hostPlace == nil { head.hostPlace = header.value }
    case 6 where buffer.equals("expect", in: name):
      guard buffer.equals("100-continue", in: header.value) else { throw .expectation }
      facts.expectsContinue = true
    case 10 where buffer.equals("connection", in: name):
      for item in items(header.value) {
        if buffer.equals("close", in: item) { facts.saysClose = true }
        if buffer.equals("keep-alive", in: item) { facts.saysKeepAlive = true }
      }
    case 14 where buffer.equals("content-length", in: name):
      if facts.length != nil { throw .twoLengths }
      guard let length = decimal(header.value) else { throw .contentLength }
      facts.length = length
    case 17 where buffer.equals("transfer-encoding", in: name):
      if facts.isChunked || header.value.isEmpty { throw .transferEncoding }
      guard buffer.equals("chunked", in: header.value) else { throw .unknownCoding }
      facts.isChunked = true
    default: break
    }
  }

  /// The items of a list parted by commas, without the blanks around them.
  private func items(_ list: Range<Int>) -> [Range<Int>] {
    buffer[list].split(separator: 0x2C).map { item in
      var item = item
      while let first = item.first, isBlank(first) { item.removeFirst() }
      while let last = item.last, isBlank(last) { item.removeLast() }
      return item.indices
    }
  }

  private func decimal(_ digits: Range<Int>) -> Int? {
    if digits.isEmpty || digits.count > 19 { return nil }
    var value = 0
    for place in digits {
      let digit = Int(buffer[place]) - 0x30
      guard 0...9 ~= digit, value <= (Int.max - digit) / 10 else { return nil }
      value = value * 10 + digit
    }
    return value
  }

  private mutating func endHead() -> Event {
    let isOld = head.version == .http10
    if !isOld, !facts.hasHost { return refuse(.noHost) }
    if facts.isChunked {
      if facts.length != nil { return refuse(.lengthBesideChunks) }
      if isOld { return refuse(.transferEncoding) }
      head.body = .chunked
    } else if let length = facts.length, length > 0 {
      head.body = .length(length)
    }
    head.keepAlive = !facts.saysClose && (!isOld || facts.saysKeepAlive)
    head.expectsContinue = facts.expectsContinue && !isOld && head.body != .none
    swap(&head.bytes, &buffer)
    lineStart = 0
    phase = .headRead(head.body)
    var read = RequestHead()
    swap(&read, &head)
    return .head(read)
  }
}
