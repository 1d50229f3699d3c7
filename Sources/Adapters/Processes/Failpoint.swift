import Glibc
import Threads

/// A named place at which a test can have this process die as by `kill -9`.
///
/// `STAMPEDE_FAILPOINT=before-commit:3` ends it when it comes to `before-commit` for the third time.
public final class Failpoint: Sendable {
  /// As the environment says; shared by the whole process.
  public static let shared = Failpoint(Environment.current["STAMPEDE_FAILPOINT"] ?? "")

  private let name: String
  /// How often it is still to be passed.
  private let left: Monitor<Int>

  /// - Parameter text: `NAME:COUNT`; anything else names no place.
  init(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    let count = parts.count == 2 ? Int(parts[1]) ?? 0 : 0
    name = count > 0 ? String(parts[0]) : ""
    left = Monitor(count)
  }

  /// Says that the place is reached; ends the process where that was asked for. Any thread.
  public static func reached(_ name: String) {
    if shared.isDue(name) { kill(getpid(), SIGKILL) }
  }

  /// Whether this is the time at which the process is to end there.
  func isDue(_ place: String) -> Bool {
    if name.isEmpty || place != name { return false }
    return left.read { left in
      left -= 1
      return left == 0
    }
  }
}
