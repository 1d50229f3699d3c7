import Glibc
import Model

/// Reads a whole file or descriptor, up to a limit.
public enum InputFile {
  /// 64 MiB.
  static let most = 64 << 20

  /// - Throws: `ValueError` without the file's name, for whoever knows the place.
  public static func read(path: String) throws(ValueError) -> [UInt8] {
    let expected = "a file that can be read"
    if path.utf8.contains(0) { throw ValueError(found: "a NUL in the name", expected: expected) }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { throw ValueError(found: reason(errno), expected: expected) }
    defer { close(descriptor) }
    return try read(descriptor: descriptor)
  }

  /// Reads to the end; the descriptor stays open.
  static func read(descriptor: Int32) throws(ValueError) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count == 0 { return bytes }
      if count < 0 {
        if errno == EINTR { continue }
        throw ValueError(found: reason(errno), expected: "a file that can be read")
      }
      bytes += chunk[..<count]
      if bytes.count > most { throw ValueError(found: "more than 64 MiB", expected: "at most 64 MiB") }
    }
  }

  private static func reason(_ code: Int32) -> String {
    switch code {
    case ENOENT: "no such file"
    case EACCES: "no permission to read it"
    case EISDIR: "a directory"
    default: String(cString: strerror(code)).lowercased()
    }
  }
}
