import CLinux
import Glibc

extension RunDirectory {
  /// `20261121-091500`, local time.
  static func stamp(of second: Int64) -> String {
    var time = time_t(second)
    var parts = tm()
    localtime_r(&time, &parts)
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let date = "\(Int(parts.tm_year) + 1900)\(two(parts.tm_mon + 1))\(two(parts.tm_mday))"
    return date + "-" + two(parts.tm_hour) + two(parts.tm_min) + two(parts.tm_sec)
  }

  /// A plan's name as part of a folder's: plain ASCII, at most 64 bytes, never empty.
  static func folderName(of name: String) -> String {
    var kept: [UInt8] = []
    for byte in name.utf8 {
      let plain =
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || byte == UInt8(ascii: ".")
        || byte == UInt8(ascii: "_")
      if plain { kept.append(byte) } else if kept.last != UInt8(ascii: "-") { kept.append(UInt8(ascii: "-")) }
    }
    let text = String(decoding: kept.prefix(64), as: UTF8.self)
    let trimmed = text.drop { $0 == "-" || $0 == "." }
    return trimmed.isEmpty ? "run" : String(trimmed)
  }

  /// Makes the directories above a path, as far as they are missing.
  static func makeParents(of path: String) throws(RecordsError) {
    for index in path.indices.dropFirst() where path[index] == "/" {
      let parent = String(path[..<index])
      if mkdir(parent, 0o755) == 0 { continue }
      // An existing directory above may be one where nothing can be made (read-only, no permission): no harm.
      let code = errno
      if isDirectory(parent) { continue }
      if code == EEXIST || code == ENOTDIR { throw RecordsError(path: parent, cause: .notADirectory) }
      throw .system(parent, "create the directory", code)
    }
  }

  static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Whether a directory has no entries.
  static func isEmpty(_ path: String) throws(RecordsError) -> Bool {
    guard let stream = opendir(path) else { throw .system(path, "read the directory") }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
      }
      if name != ".", name != ".." { return false }
    }
    return true
  }
}
