import Processes
import TestSupport
import Testing

/// Texts that were agreed on, kept beside the tests.
enum Golden {
  static let folder = "\(Places.root)/Tests/Roles/CommandTests/Fixtures"

  static func text(_ name: String) -> String {
    do {
      let done = try ChildProcess.run(Command("cat", ["\(folder)/\(name)"]), within: .seconds(60))
      #expect(done.exit == .code(0), "\(done.errorText)")
      return done.text
    } catch {
      Issue.record(error)
      return ""
    }
  }
}

/// A line as somebody types it.
enum Shell {
  static func run(
    _ script: String, directory: String? = nil, environment: [String: String] = [:],
    within span: Duration = .seconds(60)
  ) throws -> Finished {
    var command = Command("/bin/bash", ["-c", script])
    command.directory = directory
    let own = Environment.current.keys.filter { $0.hasPrefix("STAMPEDE_") || $0 == "NO_COLOR" }
    command.removedEnvironment = Set(own).subtracting(environment.keys)
    command.addedEnvironment = environment
    return try ChildProcess.run(command, within: span)
  }
}
