import Identity
import Lifecycle
import Log
import Model
import PostgresIO
import Threads

/// Makes the first admin where there is none, then tells the gate every two seconds who may do what. While PostgreSQL
/// is away the gate goes on with what it heard last.
final class RosterService: Service {
  let name = "users"
  private let users: Users
  private let gate: Gate
  private let first: FirstAdmin
  private let log: Logger
  private let isStopped = Monitor(false)

  init(_ users: Users, gate: Gate, first: FirstAdmin, log: Logger) {
    self.users = users
    self.gate = gate
    self.first = first
    self.log = log
  }

  func run() {
    var isSettled = false
    var last = ""
    while !(isStopped.read { $0 }) {
      do {
        if !isSettled, try users.withStore({ try first.make(in: $0) }) {
          log.info("first admin made", Field("user", FirstAdmin.name))
        }
        isSettled = true
        gate.take(try users.roster())
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
