import CLinux
import Glibc
import Measuring
import Model

/// What this machine gives to the generator, and what it takes away while a run lasts.
///
/// For one thread: the one that collects the seconds.
struct Host {
  private let files: HostFiles
  private let group: ControlGroup
  private var waits: LoopWaits
  private var stealBefore: TimeSpan
  private var throttledBefore: TimeSpan
  private var cpuBefore: TimeSpan
  /// CPUs this process may use: its affinity, and its quota rounded up.
  let cpus: Int
  /// The same, with the quota rounded down: what may be spun away without being throttled.
  let wholeCPUs: Int

  init(files: HostFiles = HostFiles()) {
    self.files = files
    group = ControlGroup(files: files)
    let allowed = max(1, Int(stampede_cpu_count()))
    cpus = max(1, Int(min(Double(allowed), (group.cpus ?? .infinity).rounded(.up))))
    wholeCPUs = max(1, Int(min(Double(allowed), (group.cpus ?? .infinity).rounded(.down))))
    waits = LoopWaits(files: files)
    stealBefore = Host.steal(files)
    throttledBefore = group.throttled
    cpuBefore = Host.cpu()
  }

  /// What happened since the last call.
  mutating func second() -> HostSecond {
    var second = HostSecond()
    let (steal, throttled, cpu) = (Host.steal(files), group.throttled, Host.cpu())
    second.cpus = UInt16(clamping: cpus)
    second.steal = max(.zero, steal - stealBefore)
    second.throttled = max(.zero, throttled - throttledBefore, waits.second())
    second.cpu = max(.zero, cpu - cpuBefore)
    second.memory = memory()
    (stealBefore, throttledBefore, cpuBefore) = (steal, throttled, cpu)
    return second
  }

  /// The eighth number of /proc/stat's first line, in hundredths of a second over all CPUs (proc(5)).
  private static func steal(_ files: HostFiles) -> TimeSpan {
    guard let line = files.text("/proc/stat")?.split(separator: "\n").first else { return .zero }
    let numbers = line.split(separator: " ").dropFirst()
    guard numbers.count >= 8, let ticks = Int64(numbers[numbers.startIndex + 7]) else { return .zero }
    return .milliseconds(ticks &* 10)
  }

  private static func cpu() -> TimeSpan {
    TimeSpan(nanoseconds: stampede_clock(CLOCK_PROCESS_CPUTIME_ID))
  }

  private func memory() -> UInt64 {
    let words = (files.text("/proc/self/statm") ?? "").split(separator: " ")
    return words.count > 1 ? (UInt64(words[1]) ?? 0) &* UInt64(sysconf(Int32(_SC_PAGESIZE))) : 0
  }
}
