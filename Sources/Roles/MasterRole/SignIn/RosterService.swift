import Identity
import Lifecycle
import Log
import Model
import PostgresIO
import Threads

/// Tells the gate every two seconds who may do what. While PostgreSQL is away the gate goes on with what it heard last.
final class RosterService: Service {
  let name = "users"
  private let users: Users
  private let gate: Gate
  private let log: Logger
  private let isStopped = Monitor(false)

  init(_ users: Users, gate: Gate, log: Logger) {
    self.users = users
    self.gate = gate
    self.log = log
  }

  func run() {
    var last = ""
    while !(isStopped.read { $0 }) {
      do {
        try users.tell(gate)
        last = ""
      } catch {
        if "\(error)" != last { log.error("users can't be read: \(error)") }
        last = "\(error)"
      }
      _ = isStopped.wait(within: .seconds(2)) { $0 ? true : nil }
    }
    gate.stop()
  }

  func stop() { isStopped.change { $0 = true } }
  func abort() { stop() }
}
