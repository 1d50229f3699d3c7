import Measuring
import Model
import Summary

/// Figures as people read them.
enum FigureText {
  static func span(_ span: TimeSpan) -> String {
    TimeText.duration(microseconds: Double(span.nanoseconds) / 1e3)
  }

  /// A percentile: `1.20 ms`, `≥ 1.20 s` where it is only known from below, `–` where nothing was measured.
  static func reading(_ reading: Reading?) -> String {
    guard let reading else { return "–" }
    let text = TimeText.duration(microseconds: Double(reading.microseconds))
    return reading.isLowerBound ? "≥ " + text : text
  }

  /// A count, its thousands apart from 10 000 on.
  static func count(_ value: some BinaryInteger) -> String {
    let text = String(value)
    if text.utf8.count < 5 { return text }
    var grouped = ""
    for (place, digit) in text.enumerated() {
      if place > 0, (text.utf8.count - place) % 3 == 0 { grouped += " " }
      grouped.append(digit)
    }
    return grouped
  }

  /// A rate a second with one digit behind the point below 10 000.
  static func rate(_ value: Double) -> String {
    guard value.isFinite, value >= 0 else { return "–" }
    if value >= 9_999.5 { return count(UInt64(min(value.rounded(), 1e18))) }
    return TimeText.fixed(value, places: value < 0.95 && value > 0 ? 2 : 1)
  }

  /// A share as percent; never rounded up to 100 % nor down to 0 % when it is not.
  static func percent(_ share: Double) -> String {
    let percent = share * 100
    if percent > 99.9, percent < 100 {
      let text = TimeText.fixed(percent, places: 3)
      return (text == "100.000" ? "> 99.999" : text) + " %"
    }
    if percent > 0, percent < 0.1 { return percent < 0.001 ? "< 0.001 %" : TimeText.fixed(percent, places: 3) + " %" }
    return percent == 0 || percent == 100 ? "\(Int(percent)) %" : TimeText.fixed(percent, places: 1) + " %"
  }

  /// Bytes in decimal units: `512 B`, `1.20 kB`, `34.5 MB`.
  static func bytes(_ count: UInt64) -> String {
    if count < 1_000 { return "\(count) B" }
    var value = Double(count) / 1e3
    var units = ["kB", "MB", "GB", "TB", "PB"][...]
    while value >= 999.5, units.count > 1 {
      value /= 1e3
      units = units.dropFirst()
    }
    return TimeText.threeDigits(value) + " " + (units.first ?? "kB")
  }
}
