/// What a reply did against the letter of RFC 9112 and was let pass. The raw value is a bit of `ReplyDecoder.leniencies`.
public enum ReplyLeniency: UInt16, Sendable, CaseIterable {
  /// A line that ends in LF without CR.
  case bareLineFeed = 0x1
  /// A status line that ends with its number.
  case noReason = 0x2
  /// A header's value that goes on in the next line.
  case folded = 0x4
  /// Content-Length more than once, each time with the same number.
  case repeatedLength = 0x8
  /// Content-Length beside Transfer-Encoding, which wins; the connection is not used again.
  case lengthBesideChunks = 0x10
  /// Transfer-Encoding in a reply of HTTP/1.0; the connection is not used again.
  case chunksInOldVersion = 0x20
  /// Transfer-Encoding names `identity`, or something beside `chunked`.
  case otherCoding = 0x40
  /// Blanks around a chunk's size.
  case blanksInChunkLine = 0x80
  /// A blank before the colon of a header that does not frame the body.
  case blankBeforeColon = 0x100
}
