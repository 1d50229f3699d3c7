import Model
import TestSupport
import Testing

@testable import RunSession

@Suite struct ControlGroupTests {
  /// A folder that stands for the system's root, with these files in it.
  private static func root(_ files: [String: String]) throws -> (folder: TemporaryFolder, group: ControlGroup) {
    let folder = try TemporaryFolder("cgroup")
    for (name, text) in files { try folder.write(name, text) }
    return (folder, ControlGroup(files: HostFiles(root: folder.path)))
  }

  private static let two = "sys/fs/cgroup"

  @Test(
    arguments: [
      ("150000 100000\n", 1.5), ("max 100000\n", nil), ("20000 100000", 0.2), ("", nil), ("100000", nil),
      ("nonsense here\n", nil), ("-5 100000\n", nil), ("5 0\n", nil), ("nan 100000\n", nil), ("inf 1\n", nil),
      ("1e300 1\n", nil),
    ] as [(String, Double?)])
  func quotaOfVersion2(text: String, cpus: Double?) throws {
    let (folder, group) = try Self.root([
      "proc/self/cgroup": "0::/app.slice/run\n", "\(Self.two)/app.slice/run/cpu.max": text,
    ])
    #expect(group.cpus == cpus)
    _ = folder
  }

  /// The tightest of the group's own and those above it.
  @Test func theTightestOfAllLevelsCounts() throws {
    let (folder, group) = try Self.root([
      "proc/self/cgroup": "0::/a/b/c\n", "\(Self.two)/a/b/c/cpu.max": "max 100000\n",
      "\(Self.two)/a/b/cpu.max": "300000 100000\n", "\(Self.two)/a/cpu.max": "250000 100000\n",
      "\(Self.two)/a/b/c/cpu.stat": "usage_usec 9\nnr_throttled 2\nthrottled_usec 100\n",
      "\(Self.two)/a/cpu.stat": "usage_usec 9\nthrottled_usec 1500\n",
    ])
    #expect(group.cpus == 2.5)
    #expect(group.throttled == .microseconds(1_500))
    _ = folder
  }

  /// In a container the group is the root of what it sees.
  @Test func theRootOfANamespace() throws {
    let (folder, group) = try Self.root(["proc/self/cgroup": "0::/\n", "\(Self.two)/cpu.max": "50000 100000\n"])
    #expect(group.cpus == 0.5 && group.throttled == .zero)
    _ = folder
  }

  @Test(arguments: ["cpu,cpuacct", "cpu"]) func quotaOfVersion1(mount: String) throws {
    let base = "sys/fs/cgroup/\(mount)"
    let (folder, group) = try Self.root([
      "proc/self/cgroup": "12:memory:/docker/x\n4:cpu,cpuacct:/docker/x\n0::/elsewhere\n",
      "\(base)/docker/x/cpu.cfs_quota_us": "75000\n", "\(base)/docker/x/cpu.cfs_period_us": "50000\n",
      "\(base)/cpu.cfs_quota_us": "-1\n", "\(base)/cpu.cfs_period_us": "100000\n",
      "\(base)/docker/x/cpu.stat": "nr_periods 10\nnr_throttled 3\nthrottled_time 123456\n",
      // Version 2 is there too, without the controller: it says nothing.
      "\(Self.two)/elsewhere/cpu.max": "1 100000\n",
    ])
    #expect(group.cpus == 1.5)
    #expect(group.throttled == TimeSpan(nanoseconds: 123_456))
    _ = folder
  }

  @Test(arguments: ["", "rubbish", "::", "4:cpu\n", "0::\n", "4:cpu:\n"]) func withoutGroupsThereIsNoQuota(text: String)
    throws
  {
    let (folder, group) = try Self.root(["proc/self/cgroup": text])
    #expect(group.cpus == nil && group.throttled == .zero)
    let none = ControlGroup(files: HostFiles(root: folder.file("nothing")))
    #expect(none.cpus == nil && none.throttled == .zero)
  }

  /// What is taken away in a second is the difference of two looks.
  @Test func aHostsSecond() throws {
    let folder = try TemporaryFolder("host")
    try folder.write("proc/self/cgroup", "0::/\n")
    try folder.write("sys/fs/cgroup/cpu.stat", "throttled_usec 1000\n")
    try folder.write("sys/fs/cgroup/cpu.max", "40000 100000\n")
    try folder.write("proc/stat", "cpu  1 2 3 4 5 6 7 50 9 10\ncpu0 1 1 1 1 1 1 1 1\n")
    try folder.write("proc/self/statm", "1000 25 3 4 5 6 7\n")
    var host = Host(files: HostFiles(root: folder.path))
    #expect(host.cpus == 1)
    try folder.write("proc/stat", "cpu  1 2 3 4 5 6 7 53 9 10\n")
    try folder.write("sys/fs/cgroup/cpu.stat", "throttled_usec 3500\n")
    let second = host.second()
    #expect(second.steal == .milliseconds(30) && second.throttled == .microseconds(2_500) && second.cpus == 1)
    #expect(second.memory == 25 * 4_096 || second.memory % 25 == 0)
    let next = host.second()
    #expect(next.steal == .zero && next.throttled == .zero)
    // Counters that began again, or files that went, take nothing away.
    try folder.write("proc/stat", "cpu 1 2\n")
    #expect(host.second().steal == .zero)
  }
}
