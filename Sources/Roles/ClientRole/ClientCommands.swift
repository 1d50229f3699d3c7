import CommandLines
import Glibc
import Options
import Processes

/// The commands that ask a master over its REST interface. None of them starts a test on this machine.
public enum ClientCommands {
  /// By name; each blocks until it is done and gives its exit code. Call them from main, before any thread is started.
  public static var all: [String: (Invocation) -> Int32] {
    [
      "login": { line in carryOut(line, LoginCommand.run) },
      "submit": { line in carryOut(line, SubmitCommand.run) },
      "status": { line in carryOut(line, StatusCommand.run) },
      "results": { line in carryOut(line, ResultsCommand.run) },
      "stop": { line in carryOut(line, StopCommand.run) },
      "workers": { line in carryOut(line, WorkersCommand.run) },
    ]
  }

  private static func carryOut(
    _ line: Invocation, _ command: (Invocation, [String: String]) throws(Failure) -> Int32
  ) -> Int32 {
    // A reader that has gone (`| head`) is no error.
    signal(SIGPIPE, SIG_IGN)
    do throws(Failure) { return try command(line, Environment.current) } catch {
      for text in error.lines { Console.say("stampede: \(text)") }
      return error.exitCode
    }
  }
}
