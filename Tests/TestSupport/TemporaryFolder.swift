import Foundation
import Synchronization

/// A new folder below the system's temporary folder; it and all it holds go with the last reference, at the latest
/// when the process ends.
public final class TemporaryFolder: Sendable {
  public let path: String
  /// Those that still exist: what a static value holds is never released.
  private static let existing = Mutex<Set<String>>([])
  private static let cleaning: Void = {
    atexit {
      for path in TemporaryFolder.existing.withLock({ $0 }) { try? FileManager.default.removeItem(atPath: path) }
    }
    return
  }()

  public init(_ label: String = "test") throws {
    var template = Array((NSTemporaryDirectory() + "stampede-\(label)-XXXXXX").utf8CString)
    guard mkdtemp(&template) != nil else { throw TestError("mkdtemp: \(String(cString: strerror(errno)))") }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    Self.cleaning
    Self.existing.withLock { [path] in _ = $0.insert(path) }
  }

  deinit {
    Self.existing.withLock { [path] in _ = $0.remove(path) }
    try? FileManager.default.removeItem(atPath: path)
  }

  /// The path of a name in it.
  public func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes a file, making the folders it lies in, and gives its path.
  @discardableResult
  public func write(_ name: String, _ text: String) throws -> String {
    let place = file(name)
    let parent = (place as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    try text.write(toFile: place, atomically: false, encoding: .utf8)
    return place
  }

  /// A file's text; throws when it isn't there.
  public func read(_ name: String) throws -> String {
    try String(contentsOfFile: file(name), encoding: .utf8)
  }

  /// The names directly in it, sorted.
  public func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
  }
}
