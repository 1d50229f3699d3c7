/// A share from 0 % to 100 %, kept exactly.
///
/// The text form is `1%`, `0.05%`; the sign is required, so that `0.01` and `1` can't be taken for each other.
public struct Percentage: Sendable, Hashable {
  /// 0…1,000,000,000: 10,000,000 is one percent.
  public let billionths: Int64

  public init(text: String) throws(ValueError) {
    let wrong = ValueError(
      found: text.isEmpty ? "nothing" : "'\(text)'", expected: "a percentage from 0% to 100% such as 1% or 0.5%")
    guard text.last == "%", let number = Decimal(text.dropLast()), let scaled = number.scaled(by: 10_000_000),
      scaled <= 1_000_000_000
    else { throw wrong }
    billionths = scaled
  }

  /// Whether `part` of `whole` is more than this; never of nothing.
  public func isExceeded(by part: UInt64, of whole: UInt64) -> Bool {
    let left = part.multipliedFullWidth(by: 1_000_000_000)
    let right = whole.multipliedFullWidth(by: UInt64(billionths))
    return left.high != right.high ? left.high > right.high : left.low > right.low
  }
}

extension Percentage: CustomStringConvertible {
  public var description: String {
    let whole = billionths / 10_000_000
    var rest = String(10_000_000 + billionths % 10_000_000).dropFirst()
    while rest.last == "0" { rest = rest.dropLast() }
    return rest.isEmpty ? "\(whole)%" : "\(whole).\(rest)%"
  }
}
