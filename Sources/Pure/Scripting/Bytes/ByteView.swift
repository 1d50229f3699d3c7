/// A run of bytes in memory of somebody else: a pointer and a count, nothing to count references of.
///
/// Valid only as long as that memory; whoever makes one sees to it. Places are checked in debug builds.
@safe
public struct ByteView {
  @usableFromInline let start: UnsafeRawPointer
  public let count: Int

  @inlinable
  public init(_ start: UnsafeRawPointer, count: Int) {
    unsafe self.start = start
    self.count = max(0, count)
  }

  @inlinable
  public init(_ bytes: UnsafeRawBufferPointer) {
    if let base = bytes.baseAddress {
      unsafe start = base
      count = bytes.count
    } else {
      self = ByteView.empty
    }
  }

  /// Of no bytes; its pointer is never read.
  @inlinable
  public static var empty: ByteView {
    unsafe ByteView(UnsafeRawPointer(bitPattern: 16).unsafelyUnwrapped, count: 0)
  }

  @inlinable public var isEmpty: Bool { count == 0 }

  /// The same bytes as the standard library has them.
  @inlinable
  public var buffer: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(start: start, count: count) }

  @inlinable
  public subscript(place: Int) -> UInt8 {
    assert(place >= 0 && place < count)
    return unsafe start.load(fromByteOffset: place, as: UInt8.self)
  }

  /// The part between two places; what of it lies outside is left out.
  @inlinable
  public subscript(range: Range<Int>) -> ByteView {
    let low = min(max(range.lowerBound, 0), count)
    let high = min(max(range.upperBound, low), count)
    return unsafe ByteView(start + low, count: high - low)
  }

  @inlinable public func dropFirst(_ n: Int) -> ByteView { self[min(max(n, 0), count)..<count] }
  @inlinable public func prefix(_ n: Int) -> ByteView { self[0..<max(0, n)] }

  /// Eight bytes at once, the first one lowest.
  ///
  /// - Precondition: there are eight from that place on.
  func word(_ place: Int) -> UInt64 {
    assert(place >= 0 && place + 8 <= count)
    return unsafe UInt64(littleEndian: start.loadUnaligned(fromByteOffset: place, as: UInt64.self))
  }
}

extension ByteView {
  /// Whether both hold the same bytes.
  func equals(_ other: ByteView) -> Bool {
    if count != other.count { return false }
    var place = 0
    while place &+ 8 <= count {
      if word(place) != other.word(place) { return false }
      place &+= 8
    }
    while place < count {
      if self[place] != other[place] { return false }
      place &+= 1
    }
    return true
  }

  /// Whether both hold the same text, ASCII letters in any case.
  func equalsIgnoringCase(_ other: ByteView) -> Bool {
    if count != other.count { return false }
    for place in 0..<count where ByteView.small(self[place]) != ByteView.small(other[place]) { return false }
    return true
  }

  /// Whether it is this word of ASCII, given in small letters, in any case of letters.
  func isWord(_ word: StaticString) -> Bool {
    guard count == word.utf8CodeUnitCount else { return false }
    let expected = unsafe word.utf8Start
    for place in 0..<count {
      if unsafe ByteView.small(self[place]) != expected[place] { return false }
    }
    return true
  }

  /// Whether it ends in those bytes.
  func hasSuffix(_ other: ByteView) -> Bool { count >= other.count && dropFirst(count - other.count).equals(other) }

  func hasPrefix(_ other: ByteView) -> Bool { count >= other.count && prefix(other.count).equals(other) }

  /// Where the byte stands first from a place on; nil where it does not.
  func first(_ byte: UInt8, from start: Int = 0) -> Int? {
    var place = start
    let pattern = 0x0101_0101_0101_0101 &* UInt64(byte)
    while place &+ 8 <= count {
      // A byte of the difference is zero exactly where they are the same (Mycroft's test).
      let difference = word(place) ^ pattern
      let zeros = (difference &- 0x0101_0101_0101_0101) & ~difference & 0x8080_8080_8080_8080
      if zeros != 0 { return place &+ zeros.trailingZeroBitCount &>> 3 }
      place &+= 8
    }
    while place < count {
      if self[place] == byte { return place }
      place &+= 1
    }
    return nil
  }

  /// Whether the other's bytes stand in it somewhere. Time is at worst the product of both lengths.
  func contains(_ other: ByteView) -> Bool {
    if other.isEmpty { return true }
    var place = 0
    while let next = first(other[0], from: place), next &+ other.count <= count {
      if dropFirst(next).hasPrefix(other) { return true }
      place = next &+ 1
    }
    return false
  }

  /// Without the blanks and tabs around it.
  var trimmed: ByteView {
    var low = 0
    var high = count
    while low < high, ByteView.isBlank(self[low]) { low &+= 1 }
    while low < high, ByteView.isBlank(self[high &- 1]) { high &-= 1 }
    return self[low..<high]
  }

  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  static func small(_ byte: UInt8) -> UInt8 { 0x41...0x5A ~= byte ? byte | 0x20 : byte }

  /// The number below 2⁶³ that its decimal digits stand for; nil for anything else.
  var decimal: Int? {
    var value = 0
    for place in 0..<count {
      let digit = Int(self[place]) &- 0x30
      guard 0...9 ~= digit, value <= (Int.max &- digit) / 10 else { return nil }
      value = value &* 10 &+ digit
    }
    return count > 0 ? value : nil
  }
}
