import Glibc
import Model
import Processes
import TestSupport

/// The built binary as a worker of a scripted master.
final class WorkerProcess {
  let child: ChildProcess
  let name: String

  init(
    _ master: ScriptedMaster, _ name: String = "w1", kafka: String, folder: TemporaryFolder, more: [String] = []
  ) throws {
    self.name = name
    child = try Stampede.start(
      [
        "worker", "--master-address", "\(master.address)", "--worker-id", name, "--kafka-broker", kafka, "--spool",
        folder.file("spool"), "--verbose",
      ] + more, directory: folder.path, environment: ["STAMPEDE_JOIN_TOKEN": ScriptedMaster.token])
  }

  var log: String { String(decoding: child.errors, as: UTF8.self) }

  /// Ends it as a system does, and gives its exit.
  func end() -> Exit? {
    child.signal(SIGTERM)
    return child.wait(within: .seconds(60))
  }

  func hasSaid(_ text: String) -> Bool {
    child.waitForOutput(within: .seconds(60)) { _, errors in errors.contains(text) ? true : nil } == true
  }
}
