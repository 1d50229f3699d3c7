import CLinux
import Glibc

/// How many descriptors this process may have open.
public enum DescriptorLimit {
  /// Raises the limit to what the system allows at most; the limit that then holds. Any thread.
  @discardableResult
  public static func raise() -> Int {
    var limit = rlimit()
    guard stampede_getrlimit_files(&limit) == 0 else { return 1_024 }
    limit.rlim_cur = limit.rlim_max
    _ = stampede_setrlimit_files(&limit)
    _ = stampede_getrlimit_files(&limit)
    return Int(clamping: limit.rlim_cur)
  }
}
