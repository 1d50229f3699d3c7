/// A length of time in whole nanoseconds, signed.
///
/// The text form is the one plans and flags use: `10s`, `250ms`, `2m`, `1h30m`, `1.5s`, `40us`, `0`.
public struct TimeSpan: Sendable, Hashable, Comparable {
  /// The length in nanoseconds. Negative lengths occur only as differences.
  public var nanoseconds: Int64

  @inlinable
  public init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  public static let zero = TimeSpan(nanoseconds: 0)
  /// The longest span text may name: 10 years. Longer ones are refused, so that sums can't overflow.
  public static let longest = TimeSpan.seconds(315_360_000)

  @inlinable public static func microseconds(_ n: Int64) -> TimeSpan { TimeSpan(nanoseconds: n * 1_000) }
  @inlinable public static func milliseconds(_ n: Int64) -> TimeSpan { TimeSpan(nanoseconds: n * 1_000_000) }
  @inlinable public static func seconds(_ n: Int64) -> TimeSpan { TimeSpan(nanoseconds: n * 1_000_000_000) }

  /// The length in seconds, for display and for ratios; never for scheduling.
  @inlinable public var inSeconds: Double { Double(nanoseconds) / 1e9 }
  /// Whole microseconds, rounded towards zero.
  @inlinable public var inMicroseconds: Int64 { nanoseconds / 1_000 }

  @inlinable public static func < (a: TimeSpan, b: TimeSpan) -> Bool { a.nanoseconds < b.nanoseconds }
  @inlinable public static func + (a: TimeSpan, b: TimeSpan) -> TimeSpan {
    TimeSpan(nanoseconds: a.nanoseconds + b.nanoseconds)
  }
  @inlinable public static func - (a: TimeSpan, b: TimeSpan) -> TimeSpan {
    TimeSpan(nanoseconds: a.nanoseconds - b.nanoseconds)
  }
}

extension TimeSpan: CustomStringConvertible {
  /// The shortest text that reads back as the same span: `1h30m`, `10s`, `250ms`, `1500us`.
  public var description: String {
    if nanoseconds == 0 { return "0s" }
    if nanoseconds == .min { return "\(nanoseconds)ns" }
    if nanoseconds < 0 { return "-" + TimeSpan(nanoseconds: -nanoseconds).description }
    if nanoseconds % 1_000_000_000 == 0 {
      let seconds = nanoseconds / 1_000_000_000
      let parts = [(seconds / 3600, "h"), (seconds % 3600 / 60, "m"), (seconds % 60, "s")]
      return parts.filter { $0.0 > 0 }.map { "\($0.0)\($0.1)" }.joined()
    }
    if nanoseconds % 1_000_000 == 0 { return "\(nanoseconds / 1_000_000)ms" }
    if nanoseconds % 1_000 == 0 { return "\(nanoseconds / 1_000)us" }
    return "\(nanoseconds)ns"
  }

  /// Reads `10s`, `250ms`, `2m`, `1h30m`, `1.5s`, `40us` (also `µs`), `7ns`, `2d`.
  ///
  /// - Parameter bareUnit: what a number without a unit counts in; nil refuses it (`0` is always zero).
  /// - Throws: `ValueError` with what was found and what is expected. Negative spans are refused.
  public init(text: String, bareUnit: TimeSpan? = nil) throws(ValueError) {
    let expected = "a duration such as 10s, 250ms, 2m or 1h30m"
    var rest = Substring(text)
    if rest.isEmpty { throw ValueError(found: "nothing", expected: expected) }
    var total: Int64 = 0
    while !rest.isEmpty {
      let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
      rest = rest.dropFirst(number.count)
      let unit = rest.prefix { $0.isLetter }
      rest = rest.dropFirst(unit.count)
      let scale: Int64? =
        if !unit.isEmpty {
          TimeSpan.scale(of: unit)
        } else if number.count < text.count {
          // A bare number stands alone: what `1h30` means is anybody's guess.
          nil
        } else {
          number == "0" ? 1 : bareUnit?.nanoseconds
        }
      guard let scale, let part = Decimal(number)?.scaled(by: scale) else {
        throw ValueError(found: "'\(text)'", expected: expected)
      }
      let (sum, overflow) = total.addingReportingOverflow(part)
      if overflow || sum > TimeSpan.longest.nanoseconds {
        throw ValueError(found: "'\(text)'", expected: "a duration of at most 10 years")
      }
      total = sum
    }
    self.init(nanoseconds: total)
  }

  private static func scale(of unit: Substring) -> Int64? {
    switch unit {
    case "ns": 1
    case "us", "µs", "μs": 1_000
    case "ms": 1_000_000
    case "s": 1_000_000_000
    case "m": 60_000_000_000
    case "h": 3_600_000_000_000
    case "d": 86_400_000_000_000
    default: nil
    }
  }
}
