/// The items of a header's value, parted by commas, without the blanks around them. Empty items are passed over.
///
/// Valid only as long as the bytes it was made on.
@unsafe
struct ListReader {
  private let start: UnsafeRawPointer
  private var place: Int
  private let end: Int

  init(_ start: UnsafeRawPointer, from place: Int, to end: Int) {
    unsafe self.start = unsafe start
    unsafe self.place = place
    unsafe self.end = end
  }

  mutating func next() -> Item? {
    while unsafe place < end {
      var first = unsafe place
      while unsafe place < end, unsafe byte(place) != 0x2C { unsafe place &+= 1 }
      var last = unsafe place
      unsafe place &+= 1
      while first < last, unsafe isBlank(byte(first)) { first &+= 1 }
      while first < last, unsafe isBlank(byte(last &- 1)) { last &-= 1 }
      if first < last { return unsafe Item(start: start + first, count: last &- first) }
    }
    return nil
  }

  @inline(__always)
  private func byte(_ place: Int) -> UInt8 { unsafe start.load(fromByteOffset: place, as: UInt8.self) }

  private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  @unsafe
  struct Item {
    let start: UnsafeRawPointer
    let count: Int

    /// Whether it is this word of ASCII, given in small letters, in any case of letters.
    func equals(_ word: StaticString) -> Bool {
      guard unsafe count == word.utf8CodeUnitCount else { return false }
      let expected = unsafe word.utf8Start
      for place in unsafe 0..<count {
        let byte = unsafe start.load(fromByteOffset: place, as: UInt8.self)
        let small = 0x41...0x5A ~= byte ? byte | 0x20 : byte
        if unsafe small != expected[place] { return false }
      }
      return true
    }

    /// The number below 2^63 that its decimal digits stand for; nil for anything else.
    var decimal: Int? {
      var value = 0
      for place in unsafe 0..<count {
        let digit = unsafe Int(start.load(fromByteOffset: place, as: UInt8.self)) &- 0x30
        guard 0...9 ~= digit, value <= (Int.max &- digit) / 10 else { return nil }
        value = value &* 10 &+ digit
      }
      return unsafe count > 0 ? value : nil
    }
  }
}
