/// Takes bytes into memory of the caller and says how many there were, fitting or not.
///
/// From the first run that does not fit nothing more is written, but all is counted: the caller makes room for
/// `needed` bytes and renders once more. Nothing is allocated.
@safe
public struct ByteSink {
  @usableFromInline let start: UnsafeMutableRawPointer
  public let capacity: Int
  /// Bytes given so far; the memory holds them all where `fits`.
  public internal(set) var needed = 0

  @inlinable
  public init(_ start: UnsafeMutableRawPointer, capacity: Int) {
    unsafe self.start = start
    self.capacity = max(0, capacity)
  }

  /// Counts and keeps nothing.
  @inlinable
  public static var counting: ByteSink {
    unsafe ByteSink(UnsafeMutableRawPointer(bitPattern: 16).unsafelyUnwrapped, capacity: 0)
  }

  @inlinable public var fits: Bool { needed <= capacity }

  /// What has been written; nothing where it did not fit.
  @inlinable
  public var bytes: ByteView { unsafe fits ? ByteView(start, count: needed) : .empty }

  mutating func append(_ view: ByteView) {
    let end = needed &+ view.count
    if end <= capacity { unsafe (start + needed).copyMemory(from: view.start, byteCount: view.count) }
    needed = end
  }

  mutating func append(_ byte: UInt8) {
    if needed < capacity { unsafe start.storeBytes(of: byte, toByteOffset: needed, as: UInt8.self) }
    needed &+= 1
  }

  mutating func append(_ text: StaticString) {
    unsafe append(ByteView(UnsafeRawPointer(text.utf8Start), count: text.utf8CodeUnitCount))
  }

  /// A whole number in decimal digits.
  mutating func append(decimal value: Int64) {
    if value < 0 { append(0x2D) }
    append(decimal: value.magnitude)
  }

  mutating func append(decimal value: UInt64) {
    // At most 20 digits, laid into three words from the last digit on.
    var digits: (UInt64, UInt64, UInt64) = (0, 0, 0)
    unsafe withUnsafeMutableBytes(of: &digits) { room in
      var place = room.count
      var rest = value
      repeat {
        place &-= 1
        let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
        unsafe room[place] = 0x30 &+ UInt8(truncatingIfNeeded: digit)
        rest = quotient
      } while rest > 0
      unsafe append(ByteView(UnsafeRawBufferPointer(rebasing: room[place...])))
    }
  }

  /// Takes back what was given beyond a length.
  mutating func cut(to length: Int) { needed = min(needed, length) }
}
