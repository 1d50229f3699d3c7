import EventLoop
import Glibc
import Model
import Summary

/// How many connections this process may open.
struct Limits: Sendable {
  /// Descriptors this process may have open, and those it has open already.
  let descriptors: Int
  var open = 0
  /// Local ports that connections to one address and port can use.
  let ports: Int

  /// Raises the limit on descriptors to what the system allows at most, and reads both limits.
  static func raise(files: HostFiles = HostFiles()) -> Limits {
    let range = (files.text("/proc/sys/net/ipv4/ip_local_port_range") ?? "").split {
      $0 == "\t" || $0 == "\n" || $0 == " "
    }
    let ends = range.compactMap { UInt16($0) }.map(Int.init)
    return Limits(
      descriptors: DescriptorLimit.raise(), open: entries(of: "/proc/self/fd"),
      ports: ends.count == 2 ? max(0, ends[1] - ends[0] + 1) : 28_232)
  }

  static let besides = 32

  /// How many entries a folder has; 0 where it can't be read.
  private static func entries(of folder: String) -> Int {
    guard let stream = opendir(folder) else { return 0 }
    defer { closedir(stream) }
    var count = 0
    while readdir(stream) != nil { count += 1 }
    return count
  }

  /// The most connections of a run: the least of 10,000 (unless the plan says more), 0.9 × the descriptors,
  /// those still free less some for the process itself, and 0.8 × the ports for each address attacked.
  func connections(asked: Int?, addresses: Int) -> Int {
    max(1, min(asked ?? Limits.usual, connectionsOfDescriptors, connectionsOfPorts(addresses)))
  }

  static let usual = 10_000

  private var connectionsOfDescriptors: Int {
    // Some more are needed beside connections: pollers, wakers, the run's files.
    min(descriptors / 10 * 9 + descriptors % 10 * 9 / 10, max(1, descriptors - open - Limits.besides))
  }

  private func connectionsOfPorts(_ addresses: Int) -> Int { ports * max(addresses, 1) * 8 / 10 }

  /// What of this machine keeps the cap below what is wanted; nil where nothing does.
  func shortage(wanted: Int, addresses: Int) -> RunDescription.Shortage? {
    let (files, ports) = (connectionsOfDescriptors, connectionsOfPorts(addresses))
    if wanted <= min(files, ports) { return nil }
    return files < ports ? .descriptors : .ports
  }
}
