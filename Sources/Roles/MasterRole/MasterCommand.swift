import CommandLines
import Lifecycle
import Log
import Options

/// `master`: serves until a signal comes.
public enum MasterCommand {
  /// Carries it out and gives the exit code. Call it from main, before any thread is started.
  public static func run(_ line: Invocation) -> Int32 {
    do {
      let settings = try MasterSettings(line)
      let signals = try Signals()
      let writer = LogWriter(service: line)
      try writer.start()
      defer { writer.close() }
      let log = Logger(writer)
      let service = try MasterService(settings, log: log) { say($0) }
      let outcome = try ServiceGroup([service], log: log).run(signals: signals)
      for failure in outcome.failures { say("\(failure.error)") }
      return outcome.failures.isEmpty ? 0 : 1
    } catch {
      say("\(error)")
      return 1
    }
  }

  private static func say(_ text: String) {
    Console.say("stampede: master: \(text)")
  }
}
