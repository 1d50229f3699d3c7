import CLinux
import Glibc
import Measuring

/// The folder that holds one run: `records`, `summary.json` and what else is made from them.
///
/// Whoever made it holds its lock until the value goes, and with the process at the latest. Usable from any
/// thread; every call blocks on the file system.
public final class RunDirectory: Sendable {
  /// The name of the file that makes a folder a run directory.
  public static let recordsName = "records"

  public let path: String
  /// Held for its lock alone; nil where the directory was opened for reading.
  private let lock: OpenFile?

  private init(path: String, lock: consuming OpenFile?) {
    self.path = path
    self.lock = lock
  }

  /// Makes `PARENT/20261121-091500-NAME/` (local time), with `-2`, `-3` … behind it where that exists.
  ///
  /// - Parameters:
  ///   - name: the plan's name; what is no letter, digit, `.`, `_` or `-` becomes `-`.
  ///   - second: wall clock, seconds since 1970.
  public static func create(parent: String, name: String, at second: Int64) throws(RecordsError) -> RunDirectory {
    try makeParents(of: parent + "/x")
    let base = "\(parent)/\(stamp(of: second))-\(folderName(of: name))"
    var path = base
    var number = 1
    while mkdir(path, 0o755) != 0 {
      guard errno == EEXIST, number < 1_000 else { throw .system(path, "create the directory") }
      number += 1
      path = "\(base)-\(number)"
    }
    return try RunDirectory(path: path, lock: takeLock(in: path))
  }

  /// Makes or takes over the directory of exactly this path; one with something in it is refused.
  public static func create(at path: String) throws(RecordsError) -> RunDirectory {
    try makeParents(of: path)
    if mkdir(path, 0o755) != 0 {
      guard errno == EEXIST else { throw .system(path, "create the directory") }
      guard isDirectory(path) else { throw RecordsError(path: path, cause: .notADirectory) }
      guard try isEmpty(path) else { throw RecordsError(path: path, cause: .notEmpty) }
    }
    return try RunDirectory(path: path, lock: takeLock(in: path))
  }

  /// Opens a run that was saved, for reading; it may still be written to by another process.
  public static func open(_ path: String) throws(RecordsError) -> RunDirectory {
    var status = stat()
    if stat(path, &status) != 0 { throw .system(path, "open the run directory") }
    let directory = RunDirectory(path: path, lock: nil)
    if access(directory.file(recordsName), F_OK) != 0 {
      guard errno == ENOENT || errno == ENOTDIR else { throw .system(path, "open the run directory") }
      throw RecordsError(path: path, cause: .notARun)
    }
    return directory
  }

  /// The path of a file in it.
  public func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Opens the record file for appending; made where it is missing.
  public func recordWriter() throws(RecordsError) -> RecordWriter {
    try RecordWriter(path: file(RunDirectory.recordsName))
  }

  /// Opens the record file for reading from its start.
  public func recordReader() throws(RecordsError) -> RecordReader {
    try RecordReader(path: file(RunDirectory.recordsName))
  }

  /// All its intervals in memory, and how many bytes at the end are a record cut short (by a kill or a full disk).
  public func readRecords() throws(RecordsError) -> (intervals: [Interval], torn: Int) {
    var reader = try recordReader()
    var intervals: [Interval] = []
    while let interval = try reader.next() { intervals.append(interval) }
    return (intervals, reader.torn)
  }

  /// Puts a file into it, whole or not at all; a private one can be read by its owner alone.
  public func writeWhole(name: String, bytes: [UInt8], isPrivate: Bool = false) throws(RecordsError) {
    try WholeFile.write(bytes, to: file(name), isPrivate: isPrivate)
  }

  /// Opens the directory's lock file and locks it until the value goes.
  static func takeLock(in path: String) throws(RecordsError) -> OpenFile {
    let file = try OpenFile("\(path)/lock", O_RDWR | O_CREAT, action: "create")
    if flock(file.descriptor, LOCK_EX | LOCK_NB) != 0 {
      if errno == EWOULDBLOCK { throw RecordsError(path: path, cause: .inUse) }
      throw .system(file.path, "lock")
    }
    return file
  }
}
