/// Times as people read them.
public enum TimeText {
  /// Three significant digits and a unit: `850 µs`, `1.20 ms`, `58.0 ms`, `1.20 s`, `12.5 min`.
  ///
  /// Below a millisecond whole microseconds; negative times read as zero.
  public static func duration(microseconds: Double) -> String {
    let value = max(0, microseconds)
    // The borders lie where three digits round up into the next unit.
    if value < 999.5 { return "\(Int(value.rounded())) µs" }
    if value < 999_500 { return threeDigits(value / 1e3) + " ms" }
    if value < 599_500_000 { return threeDigits(value / 1e6) + " s" }
    return threeDigits(value / 6e7) + " min"
  }

  /// Three significant digits of a number from 1 up to (about) 1,000; whole beyond.
  public static func threeDigits(_ value: Double) -> String {
    fixed(value, places: value < 9.995 ? 2 : value < 99.95 ? 1 : 0)
  }

  /// So many digits behind the point, three at most; negative numbers read as zero.
  public static func fixed(_ value: Double, places: Int) -> String {
    let scale: UInt64 = places <= 0 ? 1 : places == 1 ? 10 : places == 2 ? 100 : 1_000
    let scaled = UInt64(min(max(0, value) * Double(scale), 1e18).rounded())
    if scale == 1 { return String(scaled) }
    let behind = String(scaled % scale + scale).dropFirst()
    return "\(scaled / scale).\(behind)"
  }
}
