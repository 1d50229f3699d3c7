import CLinux
import Glibc

/// Files that are there whole or not at all.
public enum WholeFile {
  /// Puts the bytes under the path: written beside it, synced, then renamed, so that a reader never sees a part.
  ///
  /// What is no plain file (`/dev/stdout`, a pipe, a symbolic link) is written to where it is. Blocks.
  ///
  /// - Parameter isPrivate: only the owner may read it (mode 600).
  public static func write(_ bytes: [UInt8], to path: String, isPrivate: Bool = false) throws(RecordsError) {
    var status = stat()
    if lstat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      let file = try OpenFile(path, O_WRONLY | O_CREAT | O_TRUNC, action: "write")
      if let error = file.write(bytes[...]).error { throw error }
      return
    }
    let (folder, name) = parts(of: path)
    // A name that nobody can foresee and a file that is new: in a folder that others may write to, nothing they put
    // there is written through.
    let temporary = "\(folder)/.\(name).\(String(UInt64.random(in: 0 ... .max), radix: 36)).part"
    do throws(RecordsError) {
      let mode: mode_t = isPrivate ? 0o600 : 0o644
      let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW
      let file = try OpenFile(temporary, flags, mode: mode, action: "create")
      if let error = file.write(bytes[...]).error { throw error }
      try file.sync()
      if rename(temporary, path) != 0 { throw .system(path, "rename a new file to this name") }
    } catch {
      unlink(temporary)
      throw RecordsError(path: path, cause: error.cause)
    }
    // A directory that may be written to but not read can't be synced; the file itself is there by now.
    if let directory = try? OpenFile(folder, O_RDONLY | O_DIRECTORY, action: "open") { try directory.sync() }
  }

  /// The whole content, at most so many bytes. Blocks.
  public static func read(_ path: String, atMost most: Int) throws(RecordsError) -> [UInt8] {
    let file = try OpenFile(path, O_RDONLY, action: "read")
    var bytes: [UInt8] = []
    while true {
      let piece = try file.read(atMost: 65_536)
      if piece.isEmpty { return bytes }
      bytes += piece
      if bytes.count > most { throw RecordsError(path: path, cause: .tooLong(most: most)) }
    }
  }

  private static func parts(of path: String) -> (folder: String, name: Substring) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path[...]) }
    let folder = path[..<slash]
    return (folder.isEmpty ? "/" : String(folder), path[path.index(after: slash)...])
  }
}
