import Foundation
import Processes

/// Where things are: the package's folder, the product's binary, tools that only tests use.
public enum Places {
  /// The package's folder.
  public static let root: String = {
    var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    parts.removeLast(3)
    return parts.joined(separator: "/")
  }()

  /// The built `stampede`: `STAMPEDE_BINARY`, else the one beside the running test bundle.
  public static let stampede: String = {
    if let named = Environment.current["STAMPEDE_BINARY"], !named.isEmpty { return named }
    let bundle = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return (bundle as NSString).deletingLastPathComponent + "/stampede"
  }()

  /// `STAMPEDE_PYTHON`, else the distribution's: the tests' modules are installed there.
  public static let python: String = {
    let named = Environment.current["STAMPEDE_PYTHON"] ?? ""
    return named.isEmpty ? "/usr/bin/python3" : named
  }()

  /// A tool's path, looked for on PATH and where daemons live; nil if it isn't installed.
  public static func tool(_ name: String) -> String? {
    let path = Environment.current["PATH"] ?? ""
    for folder in path.split(separator: ":") + ["/usr/sbin", "/usr/bin"] {
      let place = "\(folder)/\(name)"
      if FileManager.default.isExecutableFile(atPath: place) { return place }
    }
    return nil
  }

  /// nginx's path; for `@Test(.enabled(if: Places.nginx != nil, "nginx-light is not installed"))`.
  public static let nginx: String? = tool("nginx")
}
