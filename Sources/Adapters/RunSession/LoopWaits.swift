import Model

/// How long the loops' threads were ready to run and had no CPU, because others had it or a quota forbade it.
///
/// A reply that comes meanwhile is read late, and nothing else tells: in the closed model no request is late for that.
/// The kernel counts it for each thread (/proc/PID/task/TID/schedstat: time run, time waited, how often it ran).
struct LoopWaits: Sendable {
  private struct Thread: Sendable {
    var waited: Int64
    var runs: Int64
  }

  /// What getting onto a CPU takes where nobody is in the way: so much of each wait is not counted.
  static let switching = TimeSpan.microseconds(20)

  private let files: HostFiles
  private var before: [String: Thread]

  init(files: HostFiles = HostFiles()) {
    self.files = files
    before = LoopWaits.threads(files)
  }

  /// Of the loop that waited longest, since the last call.
  mutating func second() -> TimeSpan {
    let now = LoopWaits.threads(files)
    var longest: Int64 = 0
    for (name, thread) in now {
      // One that was not there has waited all of it since.
      let earlier = before[name] ?? Thread(waited: 0, runs: 0)
      let (waited, runs) = (thread.waited &- earlier.waited, max(0, thread.runs &- earlier.runs))
      let (usual, overflow) = runs.multipliedReportingOverflow(by: LoopWaits.switching.nanoseconds)
      if !overflow { longest = max(longest, waited &- usual) }
    }
    before = now
    return TimeSpan(nanoseconds: longest)
  }

  private static func threads(_ files: HostFiles) -> [String: Thread] {
    var found: [String: Thread] = [:]
    for name in files.names(in: "/proc/self/task") {
      let folder = "/proc/self/task/\(name)"
      guard files.text("\(folder)/comm")?.hasPrefix("loop-") == true else { continue }
      let numbers = (files.text("\(folder)/schedstat") ?? "").split { $0 == " " || $0 == "\n" }
      guard numbers.count == 3, let waited = Int64(numbers[1]), let runs = Int64(numbers[2]), waited >= 0 else {
        continue
      }
      found[name] = Thread(waited: waited, runs: runs)
    }
    return found
  }
}
