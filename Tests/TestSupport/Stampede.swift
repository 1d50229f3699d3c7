import Processes

/// The built binary as a person would use it.
public enum Stampede {
  /// Runs it to its end. Variables that configure it are taken out of the environment, so that only the test decides.
  public static func run(
    _ arguments: [String], input: String? = nil, directory: String? = nil, environment: [String: String] = [:],
    within span: Duration = .seconds(60)
  ) throws -> Finished {
    try ChildProcess.run(
      command(arguments, input: input, directory: directory, environment: environment), within: span)
  }

  /// Starts it and lets it run; it is killed with the last reference.
  public static func start(
    _ arguments: [String], input: String? = nil, directory: String? = nil, environment: [String: String] = [:]
  ) throws -> ChildProcess {
    try ChildProcess(command(arguments, input: input, directory: directory, environment: environment))
  }

  private static func command(
    _ arguments: [String], input: String?, directory: String?, environment: [String: String]
  ) -> Command {
    var command = Command(Places.stampede, arguments)
    command.directory = directory
    if let input { command.input = .bytes(Array(input.utf8)) }
    let own = Environment.current.keys.filter { name in
      ["STAMPEDE_", "KAFKA_"].contains(where: name.hasPrefix) || name == "NO_COLOR"
    }
    command.removedEnvironment = Set(own).subtracting(environment.keys)
    command.addedEnvironment = environment
    return command
  }
}
