// The three headers that frame a reply.
extension ReplyDecoder {
  /// A line that begins with C: Content-Length, Connection, or nobody's concern.
  mutating func readCLine(_ start: UnsafeRawPointer, _ length: Int) {
    last = .other
    if length > 14, unsafe Word.isContentLength(start) {
      guard let value = unsafe valueStart(start, length, name: 14) else { return }
      last = .framing
      if unsafe !readPlainLength(start + value, length &- value) {
        unsafe readLength(ListReader(start, from: value, to: length))
      }
    } else if length > 10, unsafe Word.isConnection(start) {
      guard let value = unsafe valueStart(start, length, name: 10, framing: false) else { return }
      last = .connection
      if length &- value == 11, unsafe Word.isKeepAlive(start + value) {
        marks.insert(.saysKeepAlive)
      } else {
        unsafe readConnection(ListReader(start, from: value, to: length))
      }
    }
  }

  /// A line that begins with T: Transfer-Encoding, or nobody's concern.
  mutating func readTLine(_ start: UnsafeRawPointer, _ length: Int) {
    last = .other
    guard length > 17, unsafe Word.isTransferEncoding(start) else { return }
    guard let value = unsafe valueStart(start, length, name: 17) else { return }
    last = .framing
    unsafe readTransferEncoding(ListReader(start, from: value, to: length))
  }

  /// A line that may go on with the one before.
  mutating func readFold(_ start: UnsafeRawPointer, _ length: Int) {
    let first = unsafe start.load(as: UInt8.self)
    guard first == 0x20 || first == 0x09 else { return last = .other }
    switch last {
    case .none, .framing: fail(.headerLine)
    case .other: note(.folded)
    case .connection:
      note(.folded)
      unsafe readConnection(ListReader(start, from: 0, to: length))
    }
  }

  /// Where the value begins behind a name of so many bytes; nil where the name goes on, or the line is refused.
  private mutating func valueStart(
    _ start: UnsafeRawPointer, _ length: Int, name: Int, framing: Bool = true
  ) -> Int? {
    var place = name
    while place < length {
      let byte = unsafe start.load(fromByteOffset: place, as: UInt8.self)
      if byte == 0x3A {
        if place > name { framing ? fail(.headerLine) : note(.blankBeforeColon) }
        return phase == .failed ? nil : place &+ 1
      }
      if byte != 0x20, byte != 0x09 { return nil }
      place &+= 1
    }
    return nil
  }

  /// The only length, as a number behind one blank: the form that nearly every reply has. False for other forms.
  private mutating func readPlainLength(_ value: UnsafeRawPointer, _ count: Int) -> Bool {
    guard count > 1, unsafe value.load(as: UInt8.self) == 0x20, !marks.contains(.hasLength) else { return false }
    guard let number = unsafe ListReader.Item(start: value + 1, count: count &- 1).decimal else { return false }
    marks.insert(.hasLength)
    left = number
    return true
  }

  private mutating func readLength(_ list: ListReader) {
    var list = unsafe list
    var found = false
    while let item = unsafe list.next() {
      guard let value = unsafe item.decimal else { return fail(.contentLength) }
      if marks.contains(.hasLength) {
        if value != left { return fail(.contentLength) }
        note(.repeatedLength)
      }
      marks.insert(.hasLength)
      left = value
      found = true
    }
    if !found { fail(.contentLength) }
  }

  private mutating func readTransferEncoding(_ list: ListReader) {
    var list = unsafe list
    var allIdentity = true
    var found = false
    while let item = unsafe list.next() {
      if marks.contains(.isChunked) { return fail(.transferEncoding) }
      found = true
      if unsafe item.equals("chunked") {
        marks.insert(.isChunked)
      } else {
        note(.otherCoding)
        if unsafe !item.equals("identity") { allIdentity = false }
      }
    }
    if !found || !allIdentity && !marks.contains(.isChunked) { fail(.transferEncoding) }
  }

  private mutating func readConnection(_ list: ListReader) {
    var list = unsafe list
    while let item = unsafe list.next() {
      if unsafe item.equals("keep-alive") {
        marks.insert(.saysKeepAlive)
      } else if unsafe item.equals("close") {
        marks.insert(.saysClose)
      }
    }
  }
}
