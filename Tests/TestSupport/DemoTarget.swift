public import Processes

/// The product's own demo target on a free port; it goes with the last reference.
public final class DemoTarget: Sendable {
  public let url: String
  public let child: ChildProcess

  public init() throws {
    child = try Stampede.start(["demo-target", "--port", "0"])
    let line = child.waitForOutput(within: .seconds(60)) { output, _ in
      output.hasSuffix("\n") ? String(output.dropLast()) : nil
    }
    guard let line else { throw TestError("no address: \(String(decoding: child.errors, as: UTF8.self))") }
    url = line
  }
}
