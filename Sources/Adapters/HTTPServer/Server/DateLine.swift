import CLinux
import Glibc

/// The `Date` header line, rendered once a second. Confined to its loop's thread.
struct DateLine {
  /// `Date: Sun, 06 Nov 1994 08:49:37 GMT` with its line end.
  private(set) var bytes: [UInt8] = []
  private var second = Int64.min

  /// Renders anew when the wall clock's second has changed. The coarse clock costs 5 ns and lags by 4 ms at most.
  mutating func refresh() {
    let now = stampede_clock(CLOCK_REALTIME_COARSE) / 1_000_000_000
    if now == second { return }
    second = now
    bytes = DateLine.render(second: now)
  }

  /// The form of RFC 9110, 5.6.7, for seconds since 1970.
  static func render(second: Int64) -> [UInt8] {
    let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    var time = time_t(second)
    var parts = tm()
    gmtime_r(&time, &parts)
    func two(_ n: Int32) -> String { n < 10 ? "0\(n)" : "\(n)" }
    let day = "\(days[Int(parts.tm_wday)]), \(two(parts.tm_mday)) \(months[Int(parts.tm_mon)]) \(1900 + parts.tm_year)"
    let clock = "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))"
    return Array("Date: \(day) \(clock) GMT\r\n".utf8)
  }
}
