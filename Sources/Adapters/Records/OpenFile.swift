import CLinux
import Glibc

/// An open descriptor with its path, closed when it goes; children never inherit it.
///
/// Its calls block: for a thread that may. Interrupted calls are repeated.
struct OpenFile: ~Copyable, Sendable {
  let descriptor: Int32
  let path: String

  /// - Parameter mode: permissions of a file it creates.
  init(_ path: String, _ flags: Int32, mode: mode_t = 0o644, action: String) throws(RecordsError) {
    var descriptor: Int32
    repeat { descriptor = stampede_open(path, flags | O_CLOEXEC, mode) } while descriptor < 0 && errno == EINTR
    if descriptor < 0 { throw .system(path, action) }
    self.descriptor = descriptor
    self.path = path
  }

  deinit { _ = close(descriptor) }

  /// Writes as much as goes; returns how much, and the error that ended it, if not all.
  func write(_ bytes: ArraySlice<UInt8>) -> (written: Int, error: RecordsError?) {
    bytes.withUnsafeBytes { write($0) }
  }

  /// The same of bytes that are somebody else's.
  func write(_ bytes: UnsafeRawBufferPointer) -> (written: Int, error: RecordsError?) {
    var written = 0
    while written < bytes.count {
      let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
      if count < 0 {
        if errno == EINTR { continue }
        return (written, .system(path, "write"))
      }
      // A file that takes nothing without saying why would be asked for ever.
      if count == 0 { return (written, .system(path, "write", EIO)) }
      written += count
    }
    return (written, nil)
  }

  /// Reads up to `most` bytes; none at the end.
  func read(atMost most: Int) throws(RecordsError) -> [UInt8] {
    while true {
      var failure: Int32 = 0
      let bytes = [UInt8](unsafeUninitializedCapacity: most) { buffer, count in
        let got = Glibc.read(descriptor, buffer.baseAddress, most)
        if got < 0 { failure = errno }
        count = max(got, 0)
      }
      if failure == 0 { return bytes }
      if failure != EINTR { throw .system(path, "read", failure) }
    }
  }

  /// On the disk when it returns. What can't be synced (a pipe, a terminal) is left alone.
  func sync() throws(RecordsError) {
    if fsync(descriptor) != 0, errno != EINVAL, errno != EROFS { throw .system(path, "sync") }
  }
}
