import Glibc
import Processes

/// A target from scripts/targets: its first line names its port, and at its end it prints what it really did.
public final class ScriptTarget: Sendable {
  public let port: UInt16
  private let child: ChildProcess

  /// Starts `scripts/targets/NAME.py` and waits for its first line.
  public init(_ name: String, _ arguments: [String] = []) throws {
    let child = try ChildProcess(
      Command(Places.python, ["-u", "\(Places.root)/scripts/targets/\(name).py"] + arguments))
    let port = child.waitForOutput(within: .seconds(60)) { output, _ -> UInt16? in
      guard let end = output.firstIndex(of: "\n"), output.hasPrefix("port ") else { return nil }
      return UInt16(output[output.index(output.startIndex, offsetBy: 5)..<end])
    }
    guard let port else {
      child.stop(grace: .zero)
      throw TestError("\(name).py names no port: \(String(decoding: child.errors, as: UTF8.self))")
    }
    self.port = port
    self.child = child
  }

  public var pid: Int32 { child.pid }

  public func url(_ path: String = "/") -> String { "http://127.0.0.1:\(port)\(path)" }

  /// What it has printed after its first line up to now.
  public var lines: [String] {
    String(decoding: child.output, as: UTF8.self).split(separator: "\n").dropFirst().map(String.init)
  }

  /// Ends it and gives all its lines after the first; the last is a JSON object of its counts.
  public func finish() -> [String] {
    child.stop(grace: .seconds(3))
    return lines
  }
}
