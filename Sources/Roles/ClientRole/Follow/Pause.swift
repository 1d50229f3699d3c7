import Glibc
import Model

/// Sleeps on the calling thread.
enum Pause {
  static func wait(_ span: TimeSpan) { usleep(UInt32(clamping: max(0, span.inMicroseconds))) }
}
