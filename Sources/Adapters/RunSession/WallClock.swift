import CLinux
import Glibc
import Model
import Summary

/// The time of day, for names and notes only: nothing is measured with it.
enum WallClock {
  /// Now, in seconds since 1970 and as RFC 3339 text in UTC.
  static func now() -> RunDescription.Start { say(time(nil)) }

  /// When it is or was a moment of the run's clock, which says `now`.
  static func at(_ moment: Instant, now: Instant) -> RunDescription.Start {
    let away = max(-TimeSpan.longest.nanoseconds, min((moment - now).nanoseconds, TimeSpan.longest.nanoseconds))
    let there = stampede_clock(CLOCK_REALTIME) + away
    return say(time_t(there / 1_000_000_000))
  }

  private static func say(_ moment: time_t) -> RunDescription.Start {
    var seconds = moment
    var parts = tm()
    gmtime_r(&seconds, &parts)
    var text = [CChar](repeating: 0, count: 32)
    let count = strftime(&text, text.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
    let bytes = text[..<count].map { UInt8(bitPattern: $0) }
    return RunDescription.Start(secondsSince1970: Int64(seconds), text: String(decoding: bytes, as: UTF8.self))
  }
}
