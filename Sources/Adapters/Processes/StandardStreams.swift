import CLinux
import Glibc

/// The three descriptors that every program is started with, or should be.
public enum StandardStreams {
  /// Puts `/dev/null` where standard input, output or error is closed, so that no file opened later takes its number
  /// and with it what is printed. To be called first, before any other descriptor is opened.
  public static func fill() {
    for descriptor: Int32 in 0...2 where fcntl(descriptor, F_GETFD) < 0 && errno == EBADF {
      // The lowest free number is taken, which is this one.
      _ = open("/dev/null", O_RDWR)
    }
  }
}
