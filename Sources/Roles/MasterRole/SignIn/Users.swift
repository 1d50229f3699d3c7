import Digests
import Identity
import PostgresIO
import Threads

/// The users in PostgreSQL, for any thread: one connection, made anew when it broke, used by one thread at a time.
final class Users: Accounts {
  /// A row that no master wrote.
  struct Unreadable: Error, CustomStringConvertible {
    let description: String
  }

  private let address: PostgresAddress
  private let link = Monitor<UserStore?>(nil)
  private let trouble: @Sendable (String) -> Void

  /// - Parameter trouble: told what could not be written to the audit log.
  init(_ address: PostgresAddress, trouble: @escaping @Sendable (String) -> Void) {
    self.address = address
    self.trouble = trouble
  }

  /// As `withStore`, for what may be done twice: that a connection died shows only when it is used.
  func read<Result>(_ body: (UserStore) throws -> Result) throws -> Result {
    do { return try withStore(body) } catch let error as PostgresError where error.isDisconnected {
      return try withStore(body)
    }
  }

  /// Calls with the store; blocks while another thread has it, and while PostgreSQL is slow.
  func withStore<Result>(_ body: (UserStore) throws -> Result) throws -> Result {
    try link.read { store in
      if store?.isConnected != true { store = nil }
      let open = try store ?? UserStore(Database(address, application: "stampede-users"))
      store = open
      return try body(open)
    }
  }

  func account(named name: String) throws -> Account? {
    guard let user = try read({ try $0.find(name) }) else { return nil }
    guard let role = Role(rawValue: user.role), let password = PasswordHash(stored: user.password) else {
      throw Unreadable(description: "the row of user '\(name)' in app_user holds no role or no password hash")
    }
    return Account(
      name: user.name, role: role, generation: user.generation, isDisabled: user.isDisabled, password: password)
  }

  func record(_ attempt: LoginRecord) {
    do {
      try withStore { try $0.noteLogin(attempt.name, address: attempt.address, succeeded: attempt.succeeded) }
    } catch { trouble("\(error)") }
  }

  /// Tells the gate who may do what now. One call after the other, so that the gate never goes back to older news.
  func tell(_ gate: Gate) throws {
    try read { store in
      var entries: [String: Roster.Entry] = [:]
      for user in try store.all() {
        guard let role = Role(rawValue: user.role) else { continue }
        entries[user.name] = .init(role: role, generation: user.generation, isDisabled: user.isDisabled)
      }
      gate.take(Roster(entries))
    }
  }
}
