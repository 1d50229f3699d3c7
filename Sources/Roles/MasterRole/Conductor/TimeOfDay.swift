import CLinux
import EventLoop
import Glibc
import Model
import Summary

/// The time of day, for what people read and for what a later master has to find again; nothing is measured with it.
enum TimeOfDay {
  /// Now, in milliseconds since 1970.
  static func milliseconds() -> Int64 { stampede_clock(CLOCK_REALTIME) / 1_000_000 }

  /// A moment of the machine's own clock, in milliseconds since 1970.
  static func milliseconds(at moment: Instant) -> Int64 {
    milliseconds() + (moment - MonotonicClock.now()).nanoseconds / 1_000_000
  }

  /// The other way round; as right as the time of day is, and never more than ten years away.
  static func moment(atMilliseconds milliseconds: Int64) -> Instant {
    let most = TimeSpan.longest.nanoseconds / 1_000_000
    let away = max(-most, min(most, milliseconds.subtractingReportingOverflow(self.milliseconds()).partialValue))
    return MonotonicClock.now() + .milliseconds(away)
  }

  /// Now, as descriptions of runs have it.
  static func start() -> RunDescription.Start {
    var seconds = time(nil)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    var text = [CChar](repeating: 0, count: 32)
    let count = strftime(&text, text.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
    let bytes = text[..<count].map { UInt8(bitPattern: $0) }
    return RunDescription.Start(secondsSince1970: Int64(seconds), text: String(decoding: bytes, as: UTF8.self))
  }
}
