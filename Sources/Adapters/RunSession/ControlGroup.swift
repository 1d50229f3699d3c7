import Model

/// The CPU limits of the control groups this process is in, of version 2 or 1.
struct ControlGroup: Sendable {
  private let files: HostFiles
  /// The group's folder and those above it, innermost first.
  private let folders: [String]
  private let isVersion2: Bool

  init(files: HostFiles = HostFiles()) {
    self.files = files
    let lines = (files.text("/proc/self/cgroup") ?? "").split(separator: "\n").map {
      $0.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
    }
    let old = lines.first { $0.count == 3 && $0[1].split(separator: ",").contains("cpu") }
    let new = lines.first { $0.count == 3 && $0[0] == "0" && $0[1].isEmpty }
    isVersion2 = old == nil
    let controllers = old.map { ["/sys/fs/cgroup/\($0[1])", "/sys/fs/cgroup/cpu"] } ?? ["/sys/fs/cgroup"]
    var folders: [String] = []
    for base in controllers {
      var path = (old ?? new).map { String($0[2]) } ?? "/"
      while path.count > 1, let slash = path.lastIndex(of: "/") {
        folders.append(base + path)
        path = String(path[..<slash])
      }
      folders.append(base)
    }
    self.folders = folders
  }

  /// CPUs that the tightest quota allows, as a fraction of one or more; nil without a quota.
  var cpus: Double? {
    let quotas = folders.compactMap { folder -> Double? in
      if isVersion2 {
        let words = (files.text(folder + "/cpu.max") ?? "").split { $0 == " " || $0 == "\n" }
        return words.count == 2 ? ControlGroup.share(Int64(words[0]), of: Int64(words[1])) : nil
      }
      func number(_ name: String) -> Int64? {
        files.text("\(folder)/\(name)").flatMap { Int64($0.split(separator: "\n").first ?? "") }
      }
      return ControlGroup.share(number("cpu.cfs_quota_us"), of: number("cpu.cfs_period_us"))
    }
    return quotas.min()
  }

  /// Nil for `max`, −1 and whatever else is no quota.
  private static func share(_ quota: Int64?, of period: Int64?) -> Double? {
    guard let quota, let period, quota > 0, period > 0 else { return nil }
    return Double(quota) / Double(period)
  }

  /// How long the process has been held back so far by the quota of its group or of one above; zero where unknown.
  var throttled: TimeSpan {
    let spans = folders.compactMap { folder -> Int64? in
      if isVersion2 { return files.value(of: "throttled_usec", in: folder + "/cpu.stat").map { $0 &* 1_000 } }
      return files.value(of: "throttled_time", in: folder + "/cpu.stat")
    }
    return TimeSpan(nanoseconds: max(0, spans.max() ?? 0))
  }
}
