/// Checks of bytes that are to be UTF-8.
public enum UTF8Text {
  /// The index of the first byte that is not part of well-formed UTF-8 (Unicode 15, table 3-7); nil if there is none.
  ///
  /// Overlong forms, surrogates and values beyond U+10FFFF are not well-formed. O(n).
  public static func firstInvalid(in bytes: ArraySlice<UInt8>) -> Int? {
    var index = bytes.startIndex
    let end = bytes.endIndex
    while index < end {
      let lead = bytes[index]
      if lead < 0x80 {
        index += 1
        continue
      }
      guard let (count, second) = sequence(of: lead), index + count <= end, second.contains(bytes[index + 1]) else {
        return index
      }
      for next in index + 2..<max(index + 2, index + count) where bytes[next] & 0xC0 != 0x80 { return index }
      index += count
    }
    return nil
  }

  /// Length of the sequence a byte leads, and what its second byte may be.
  private static func sequence(of lead: UInt8) -> (Int, ClosedRange<UInt8>)? {
    switch lead {
    case 0xC2...0xDF: (2, 0x80...0xBF)
    case 0xE0: (3, 0xA0...0xBF)
    case 0xE1...0xEC, 0xEE, 0xEF: (3, 0x80...0xBF)
    case 0xED: (3, 0x80...0x9F)
    case 0xF0: (4, 0x90...0xBF)
    case 0xF1...0xF3: (4, 0x80...0xBF)
    case 0xF4: (4, 0x80...0x8F)
    default: nil
    }
  }
}
