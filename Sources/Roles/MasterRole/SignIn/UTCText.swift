import Glibc

/// Moments as RFC 3339 has them, in UTC with milliseconds: `2026-01-31T23:59:59.000Z`.
enum UTCText {
  static func of(seconds: Int64) -> String { of(milliseconds: seconds.multipliedReportingOverflow(by: 1_000).0) }

  static func of(milliseconds: Int64) -> String {
    let (seconds, rest) = milliseconds.quotientAndRemainder(dividingBy: 1_000)
    var time = time_t(seconds)
    var parts = tm()
    gmtime_r(&time, &parts)
    var text = [CChar](repeating: 0, count: 40)
    let count = strftime(&text, text.count, "%Y-%m-%dT%H:%M:%S.", &parts)
    let thousandths = String(abs(rest) + 1_000).dropFirst()
    return String(decoding: text[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self) + thousandths + "Z"
  }
}
