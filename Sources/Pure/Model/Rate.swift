/// So many arrivals in so much time, kept as the exact ratio it was written as.
///
/// The text form is `500/s`, `30000/m`, `7/2s`, or a bare `500` (per second).
public struct Rate: Sendable, Hashable {
  /// Arrivals in one `per`; at least 1.
  public let count: Int64
  /// The time in which they fall due; more than zero.
  public let per: TimeSpan

  /// The highest rate accepted: 100 million arrivals a second.
  public static let highestPerSecond = 100_000_000.0

  public init(count: Int64, per: TimeSpan) throws(ValueError) {
    guard count > 0, per > .zero else {
      throw ValueError(found: "'\(count)/\(per)'", expected: Rate.expected)
    }
    self.count = count
    self.per = per
    if perSecond > Rate.highestPerSecond {
      throw ValueError(found: "'\(count)/\(per)'", expected: "at most 100000000/s")
    }
  }

  private init(checked count: Int64, per: TimeSpan) {
    self.count = count
    self.per = per
  }

  /// So many a second; numbers outside 1…100,000,000 are taken as the nearest bound.
  public static func perSecond(_ count: Int) -> Rate {
    Rate(checked: Int64(min(max(count, 1), Int(highestPerSecond))), per: .seconds(1))
  }

  /// Reads `500/s`, `500/1s`, `30000/m`, `500`, `0.5/s`; a number alone is per second.
  public init(text: String) throws(ValueError) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, let number = Decimal(first), number.digits > 0 else {
      throw ValueError(found: text.isEmpty ? "nothing" : "'\(text)'", expected: Rate.expected)
    }
    var per = TimeSpan.seconds(1)
    if parts.count == 2 {
      let unit = parts[1]
      let spelled = unit.first?.isLetter == true ? "1" + unit : String(unit)
      do { per = try TimeSpan(text: spelled) } catch {
        throw ValueError(found: "'\(text)'", expected: Rate.expected)
      }
    }
    var scale: Int64 = 1
    for _ in 0..<number.places { scale *= 10 }
    let (scaled, overflow) = per.nanoseconds.multipliedReportingOverflow(by: scale)
    if overflow { throw ValueError(found: "'\(text)'", expected: Rate.expected) }
    try self.init(count: number.digits, per: TimeSpan(nanoseconds: scaled))
  }

  static let expected = "a rate above zero such as 500/s, 30000/m or 500"

  /// Arrivals a second, for display and for sizing; never for scheduling.
  public var perSecond: Double { Double(count) / per.inSeconds }
}

extension Rate: CustomStringConvertible {
  public var description: String {
    switch per.nanoseconds {
    case 1_000_000_000: "\(count)/s"
    case 60_000_000_000: "\(count)/m"
    default: "\(count)/\(per)"
    }
  }
}
