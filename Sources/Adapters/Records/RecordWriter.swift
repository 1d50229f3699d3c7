import CLinux
import Glibc
import Synchronization

/// Appends frames to a record file, one write each.
///
/// Meant for one thread of its own, since every call blocks; a second caller waits. After a failed append the file
/// ends with the last whole record, and the next append may succeed (a disk that has room again).
public final class RecordWriter: Sendable {
  public let path: String
  private let file: OpenFile
  private let state: Mutex<State>

  private struct State {
    /// Bytes of whole records.
    var size: off_t
    /// Set when half a record could not be taken back: nothing may be appended to it.
    var broken: RecordsError?
  }

  /// Opens or makes the file; appends behind what it holds.
  ///
  /// - Parameter isPrivate: whether only its owner may read it (mode 600) where it is made.
  public init(path: String, isPrivate: Bool = false) throws(RecordsError) {
    self.path = path
    let file = try OpenFile(
      path, O_WRONLY | O_CREAT | O_APPEND, mode: isPrivate ? 0o600 : 0o644, action: "create")
    var status = stat()
    if fstat(file.descriptor, &status) != 0 { throw .system(path, "look at") }
    self.state = Mutex(State(size: status.st_size, broken: nil))
    self.file = file
  }

  /// Appends one whole frame.
  ///
  /// - Throws: `RecordsError` naming the path and the system's reason (disk full, quota, I/O error).
  public func append(_ frame: [UInt8]) throws(RecordsError) {
    try state.withLock { (state) throws(RecordsError) in
      if let broken = state.broken { throw broken }
      let (written, error) = file.write(frame[...])
      guard let error else {
        state.size += off_t(written)
        return
      }
      if written > 0, ftruncate(file.descriptor, state.size) != 0 { state.broken = error }
      throw error
    }
  }

  /// Everything appended is on the disk when it returns; for the end of a run.
  public func sync() throws(RecordsError) {
    try file.sync()
  }
}
