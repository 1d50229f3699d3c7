import Wire

/// Cuts what comes over one connection into messages. Confined to its loop's thread.
struct MessageStream {
  private var decoder: FrameDecoder

  /// - Parameter longest: the greatest frame length taken; a longer one is refused by its first four bytes.
  init(longest: Int) {
    decoder = FrameDecoder(longest: longest)
  }

  mutating func append(_ bytes: UnsafeRawBufferPointer) { decoder.append(bytes) }

  /// The next whole message with its request and its size on the wire; nil where more bytes are needed.
  mutating func next() throws(WireError) -> (message: Message, request: UInt64, size: Int)? {
    guard let frame = try decoder.next() else { return nil }
    return (try Message(frame: frame), frame.request, frame.fields.count + 16)
  }

  /// Takes longer frames from now on.
  mutating func grow(longest: Int) {
    var wider = FrameDecoder(longest: longest)
    wider.append(decoder.rest)
    decoder = wider
  }
}
