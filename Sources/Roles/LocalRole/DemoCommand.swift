import CommandLines
import DemoTarget
import HTTPServer
import Lifecycle
import Log
import Model
import Options
import PlanFiles
import Plans
import Threads

/// `demo-target`: serves until a signal comes.
enum DemoCommand {
  static let defaultPort = 8080

  static func run(_ line: Invocation) throws(Failure) -> Int32 {
    var settings = DemoServer.Settings(port: UInt16(line.count(.port) ?? defaultPort))
    if let given = line.given(.bind) {
      do throws(ValueError) {
        settings.address = try ListenAddress.address(given.text, given.text, "an address such as 127.0.0.1 or 0.0.0.0")
      } catch { throw Failure("\(given.place): \(error)") }
    }
    if let given = line.given(.behaviour) { settings.script = try script(given.text) }
    settings.seed = UInt64(line.count(.demoSeed) ?? 1)
    do {
      // Before any thread is started: threads inherit what is blocked.
      let signals = try Signals()
      let log = LogWriter(line)
      try log.start()
      defer { log.close() }
      let logger = Logger(log)
      if let given = line.given(.demoLog) {
        do { settings.log = try DemoLog(path: given.text) } catch { throw Failure("\(given.place): \(error.reason)") }
      }
      defer { if let trouble = settings.log?.close() { logger.warning("--log", Field("reason", trouble)) } }
      settings.trouble = { logger.warning("can't accept a connection", Field("reason", $0)) }
      let demo = DemoServer(settings)
      let url: String
      do throws(Server.Fault) { url = try demo.start() } catch {
        throw Failure("\(line.given(.port)?.place ?? "--port") \(settings.port): \(error)")
      }
      try Console.out("\(url)\n")
      let outcome = try ServiceGroup([demo], log: logger).run(signals: signals)
      if let failure = outcome.failures.first { throw Failure("\(failure.error)", exitCode: 2) }
      return 0
    } catch let failure as Failure {
      throw failure
    } catch {
      throw Failure("\(error)", exitCode: 2)
    }
  }

  private static func script(_ path: String) throws(Failure) -> BehaviourScript {
    do {
      return try BehaviourScript(try DocumentFile.read(path: path))
    } catch let fault as BehaviourScript.Fault {
      throw Failure("\(path):\(fault)")
    } catch { throw Failure("\(error)") }
  }
}
