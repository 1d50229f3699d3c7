/// An unsigned decimal number read from text exactly, before it is scaled to whole units.
///
/// `1.5` with a scale of 1,000,000,000 is exactly 1,500,000,000: no binary fraction comes between.
struct Decimal {
  let digits: Int64
  let places: Int

  /// Reads `12`, `1.5`, `.5`; nil for anything else, and for more than 15 significant digits.
  init?(_ text: Substring) {
    var digits: Int64 = 0
    var places = 0
    var count = 0
    var point = false
    for character in text.utf8 {
      if character == UInt8(ascii: "."), !point {
        point = true
        continue
      }
      guard character >= 0x30, character <= 0x39 else { return nil }
      digits = digits * 10 + Int64(character - 0x30)
      count += 1
      if point { places += 1 }
      if count > 15 { return nil }
    }
    if count == 0 { return nil }
    self.digits = digits
    self.places = places
  }

  /// digits × scale ÷ 10^places, rounded down; nil on overflow. The scale is not negative.
  func scaled(by scale: Int64) -> Int64? {
    let (high, low) = digits.magnitude.multipliedFullWidth(by: scale.magnitude)
    var divisor: UInt64 = 1
    for _ in 0..<places { divisor *= 10 }
    if high >= divisor { return nil }
    return Int64(exactly: divisor.dividingFullWidth((high, low)).quotient)
  }
}
