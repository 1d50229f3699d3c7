import CommandLines
import Model
import Options
import Plans

/// The commands of one machine: each takes its words and gives the exit code.
public enum Commands {
  /// Carries out a command line. Blocks until it is done; call it from main, before any thread is started.
  ///
  /// - Parameters:
  ///   - arguments: without the program's own name.
  ///   - services: commands that other roles carry out, by name; each gives its exit code.
  public static func run(
    _ arguments: [String], environment: [String: String], services: [String: (Invocation) -> Int32] = [:]
  ) -> Int32 {
    do throws(Failure) {
      if let word = arguments.first, case let name = Tables.aliases[word] ?? word, let service = services[name],
        let command = Tables.program.command(name)
      {
        return try perform(command, Array(arguments.dropFirst()), environment, service)
      }
      if let (name, rest) = RoleWord.service(in: arguments, environment: environment), let service = services[name],
        let command = Tables.program.command(name)
      {
        return try perform(command, rest, environment, service)
      }
      return try dispatch(arguments, environment)
    } catch {
      for line in error.lines { Console.say("stampede: \(line)") }
      return error.exitCode
    }
  }

  private static func dispatch(_ arguments: [String], _ environment: [String: String]) throws(Failure) -> Int32 {
    let program = Tables.program
    guard let first = arguments.first else {
      // A container's command line may be empty, with everything in its environment.
      if !["ROLE", "PLAN", "TARGETS"].allSatisfy({ (environment["STAMPEDE_\($0)"] ?? "").isEmpty }) {
        return try perform(unnamed([], environment), [], environment)
      }
      _ = Console.write(program.helpText, to: 2)
      return 1
    }
    let rest = Array(arguments.dropFirst())
    switch first {
    case "--help", "-h", "-help":
      try Console.out(program.helpText)
      return 0
    case "--version", "-version", "-V":
      return try perform(Tables.version, rest, environment)
    case "help":
      return try help(rest, program)
    case "plan":
      if let second = rest.first, let command = program.command("plan \(second)") {
        return try perform(command, Array(rest.dropFirst()), environment)
      }
      throw Failure(
        "plan: found \(rest.first.map { "'\($0)'" } ?? "nothing"), expected check or shape: stampede plan check FILE")
    case let word:
      if let command = program.command(word) { return try perform(command, rest, environment) }
      if word.hasPrefix("-") || word.contains("://") {
        return try perform(unnamed(arguments, environment), arguments, environment)
      }
      if let answer = Habits.answer(toTool: word, rest) { throw Failure(answer) }
      if [".yaml", ".yml", ".json", ".txt"].contains(where: word.hasSuffix) {
        throw Failure("'\(word)' is no command; for a plan type: stampede run \(word)")
      }
      if ForeignFormat.looksLikeHost(word) {
        let shown = TargetURL.shown(word)
        throw Failure("'\(shown)' is no command; for a URL type: stampede http://\(shown)")
      }
      throw Failure(program.unknown(word))
    }
  }

  /// What a line without a command means: targets that only the environment names are for attack.
  private static func unnamed(_ words: [String], _ environment: [String: String]) -> Command {
    func isSet(_ name: String) -> Bool { !(environment["STAMPEDE_" + name] ?? "").isEmpty }
    let names = words.contains { word in
      let bare = word.drop { $0 == "-" }
      return word.contains("://") || ["plan", "script", "config"].contains { bare == $0 || bare.hasPrefix($0 + "=") }
    }
    return isSet("TARGETS") && !isSet("PLAN") && !names ? Tables.attack : Tables.run
  }

  private static func help(_ words: [String], _ program: Program) throws(Failure) -> Int32 {
    let name = words.filter { !$0.hasPrefix("-") }.joined(separator: " ")
    if name.isEmpty {
      try Console.out(program.helpText)
      return 0
    }
    let known = name == "plan" ? "plan check" : Tables.aliases[name] ?? name
    guard let command = program.command(known) else {
      throw Failure(program.unknown(name))
    }
    try Console.out(command.helpText(program: program))
    return 0
  }

  private static func perform(
    _ command: Command, _ words: [String], _ environment: [String: String],
    _ service: ((Invocation) -> Int32)? = nil
  ) throws(Failure) -> Int32 {
    // Asked for help, it gives help, whatever else stands there.
    if words.contains(where: { ["--help", "-help", "-h"].contains($0) }), !words.contains("--") {
      try Console.out(command.helpText(program: Tables.program))
      return 0
    }
    let line: Invocation
    do throws(OptionError) {
      line = try command.parse(words, environment: environment)
    } catch { throw Failure(error) }
    for warning in line.warnings { Console.say("warning: \(warning)") }
    if let service { return service(line) }
    switch command.name {
    case "attack", "run": return try AttackCommand(line, environment: environment).run()
    case "report": return try ReportCommand.run(line, environment: environment)
    case "plan shape": return try PlanShapeCommand.run(line, environment: environment)
    case "plan check": return try PlanCheckCommand.run(line, environment: environment)
    case "init": return try InitCommand.run(line)
    case "demo-target": return try DemoCommand.run(line)
    case "dev-broker": return try BrokerCommand.run(line)
    case "health": return try HealthCommand.run(line)
    case "version":
      try Console.out(Version.lines.joined(separator: "\n") + "\n")
      return 0
    case "completion":
      guard let shell = line.operands.first.flatMap(Completion.init) else {
        throw Failure("completion: found '\(line.operands.first ?? "")', expected bash, zsh or fish")
      }
      try Console.out(shell.script(of: Tables.program))
      return 0
    case "man":
      try Console.out(Tables.program.manualPage(version: Version.product))
      return 0
    case let other: throw Failure("\(other): not in this version")
    }
  }
}
