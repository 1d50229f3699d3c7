import CLinux
import Glibc
import TestSupport

/// A limit on this process's descriptors that leaves only a few.
struct DescriptorLimit {
  private let before: rlimit
  private let low: rlimit

  /// - Parameter spare: descriptors that may still be opened once it is lowered.
  init(spare: Int) throws {
    var limit = rlimit()
    if stampede_getrlimit_files(&limit) != 0 { throw TestError("getrlimit: errno \(errno)") }
    before = limit
    let next = dup(0)
    close(next)
    limit.rlim_cur = rlim_t(Int(next) + spare)
    low = limit
  }

  func lower() { set(low) }
  func restore() { set(before) }

  private func set(_ limit: rlimit) {
    var limit = limit
    _ = stampede_setrlimit_files(&limit)
  }
}
