/// A value found in a JSON text: what it is and its bytes there.
@safe
public struct JSONSlice {
  public enum Kind: UInt8, Sendable {
    case null, bool, number, string, array, object
  }

  public let kind: Kind
  /// As it stands in the text; of a string what is between the quotes.
  public let text: ByteView
  /// Whether the string has escapes, so that `text` is not yet what it means.
  public let hasEscapes: Bool

  /// Writes what it means: a string without its escapes, anything else as it stands. Never more bytes than `text`.
  public func decode(into sink: inout ByteSink) {
    guard hasEscapes else { return sink.append(text) }
    var pieces = JSONUnescaping(text)
    while let piece = pieces.next() {
      for place in 0..<piece.count { sink.append(piece.bytes[place]) }
    }
  }

  /// Whether what it means are those bytes.
  func equals(_ other: ByteView) -> Bool {
    if !hasEscapes { return text.equals(other) }
    var pieces = JSONUnescaping(text)
    return JSONSlice.goesOn(&pieces, as: other) && pieces.isAtEnd
  }

  /// Whether those bytes stand somewhere in what it means.
  func contains(_ other: ByteView) -> Bool {
    if !hasEscapes { return text.contains(other) }
    var start = JSONUnescaping(text)
    while true {
      var pieces = start
      if JSONSlice.goesOn(&pieces, as: other) { return true }
      if start.next() == nil { return false }
    }
  }

  private static func goesOn(_ pieces: inout JSONUnescaping, as other: ByteView) -> Bool {
    var at = 0
    while at < other.count {
      guard let piece = pieces.next(), at + piece.count <= other.count else { return false }
      for place in 0..<piece.count where piece.bytes[place] != other[at + place] { return false }
      at += piece.count
    }
    return true
  }
}

/// The inside of a JSON string without its escapes, piece by piece.
///
/// Half a surrogate pair becomes U+FFFD; a backslash before anything that JSON does not know stands for itself.
struct JSONUnescaping {
  private let text: ByteView
  private var place = 0

  init(_ text: ByteView) { self.text = text }

  var isAtEnd: Bool { place >= text.count }

  /// One byte of the text, or a character of up to four bytes that an escape stands for.
  struct Piece {
    var bytes: SIMD4<UInt8>
    var count: Int

    init(_ byte: UInt8) { (bytes, count) = ([byte, 0, 0, 0], 1) }

    /// In UTF-8. Surrogates must have been replaced.
    init(scalar: UInt32) {
      func tail(_ shift: UInt32) -> UInt8 { UInt8(truncatingIfNeeded: scalar &>> shift) & 0x3F | 0x80 }
      if scalar < 0x80 {
        (bytes, count) = ([UInt8(truncatingIfNeeded: scalar), 0, 0, 0], 1)
      } else if scalar < 0x800 {
        (bytes, count) = ([UInt8(truncatingIfNeeded: scalar &>> 6) | 0xC0, tail(0), 0, 0], 2)
      } else if scalar < 0x10000 {
        (bytes, count) = ([UInt8(truncatingIfNeeded: scalar &>> 12) | 0xE0, tail(6), tail(0), 0], 3)
      } else {
        (bytes, count) = ([UInt8(truncatingIfNeeded: scalar &>> 18) | 0xF0, tail(12), tail(6), tail(0)], 4)
      }
    }
  }

  mutating func next() -> Piece? {
    guard place < text.count else { return nil }
    let byte = text[place]
    place &+= 1
    guard byte == 0x5C, place < text.count else { return Piece(byte) }
    let letter = text[place]
    switch letter {
    case 0x22, 0x5C, 0x2F: place &+= 1
    case 0x75:
      guard let unit = fourDigits(place &+ 1) else { return Piece(byte) }
      place &+= 5
      return Piece(scalar: scalar(unit))
    default:
      guard let meant = JSONUnescaping.control(letter) else { return Piece(byte) }
      place &+= 1
      return Piece(meant)
    }
    return Piece(letter)
  }

  private static func control(_ letter: UInt8) -> UInt8? {
    switch letter {
    case 0x62: 0x08
    case 0x66: 0x0C
    case 0x6E: 0x0A
    case 0x72: 0x0D
    case 0x74: 0x09
    default: nil
    }
  }

  /// The character that begins with this UTF-16 unit, whose second half may follow.
  private mutating func scalar(_ unit: UInt32) -> UInt32 {
    guard 0xD800...0xDFFF ~= unit else { return unit }
    if unit < 0xDC00, place &+ 6 <= text.count, text[place] == 0x5C, text[place &+ 1] == 0x75,
      let low = fourDigits(place &+ 2), 0xDC00...0xDFFF ~= low
    {
      place &+= 6
      return 0x10000 &+ (unit &- 0xD800) &<< 10 &+ (low &- 0xDC00)
    }
    return 0xFFFD
  }

  private func fourDigits(_ from: Int) -> UInt32? {
    guard from &+ 4 <= text.count else { return nil }
    var value: UInt32 = 0
    for at in from..<from &+ 4 {
      let byte = text[at]
      let digit: UInt8
      switch byte {
      case 0x30...0x39: digit = byte &- 0x30
      case 0x41...0x46, 0x61...0x66: digit = (byte | 0x20) &- 0x57
      default: return nil
      }
      value = value &<< 4 | UInt32(digit)
    }
    return value
  }
}
