import CLinux
import Glibc

/// Reads the kernel's small text files below a root, which tests replace.
struct HostFiles: Sendable {
  /// Put before every path; empty for the real system.
  var root = ""

  /// A file's text, at most 64 KiB; nil where it can't be read.
  func text(_ path: String) -> String? {
    let descriptor = stampede_open(root + path, O_RDONLY | O_CLOEXEC, 0)
    if descriptor < 0 { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 65_536)
    var count = 0
    while count < bytes.count {
      let got = bytes.withUnsafeMutableBytes { buffer in
        buffer.baseAddress.map { read(descriptor, $0 + count, buffer.count - count) } ?? 0
      }
      if got <= 0 { break }
      count += got
    }
    return String(decoding: bytes[..<count], as: UTF8.self)
  }

  /// The names in a folder, without those that begin with a dot; empty where it can't be read.
  func names(in path: String) -> [String] {
    guard let stream = opendir(root + path) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { place in
        place.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names
  }

  /// The value behind a key in lines of `key value`.
  func value(of key: String, in path: String) -> Int64? {
    guard let text = text(path) else { return nil }
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.count == 2, words[0] == key { return Int64(words[1]) }
    }
    return nil
  }
}
