import Bytes

/// Cuts a stream of bytes, however it comes in pieces, into frames.
///
/// Holds at most one frame and one piece. After an error it gives the same error again: there is no way back
/// into a stream that has lost its frames.
public struct FrameDecoder: Sendable {
  private var buffer: [UInt8] = []
  private var taken = 0
  private let longest: Int

  /// - Parameter longest: the greatest length accepted, in bytes.
  public init(longest: Int = Frame.longest) {
    self.longest = longest
  }

  /// The bytes given and not yet taken as a frame.
  public var rest: ArraySlice<UInt8> { buffer[taken...] }

  /// Gives the next bytes of the stream.
  public mutating func append(_ bytes: some Collection<UInt8>) {
    if taken > 0 {
      buffer.removeFirst(taken)
      taken = 0
    }
    buffer.append(contentsOf: bytes)
  }

  /// The next whole frame; nil where more bytes are needed.
  public mutating func next() throws(WireError) -> Frame? {
    var reader = ByteReader(rest)
    let frame = try Frame.next(in: &reader, longest: longest)
    taken += reader.offset
    return frame
  }
}
