import CLinux
import Glibc
import Summary

/// The time of day, for names and notes only: nothing is measured with it.
enum WallClock {
  /// Now, in seconds since 1970 and as RFC 3339 text in UTC.
  static func now() -> RunDescription.Start {
    var seconds = time(nil)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    var text = [CChar](repeating: 0, count: 32)
    let count = strftime(&text, text.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
    let bytes = text[..<count].map { UInt8(bitPattern: $0) }
    return RunDescription.Start(secondsSince1970: Int64(seconds), text: String(decoding: bytes, as: UTF8.self))
  }
}
