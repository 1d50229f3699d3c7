import EventLoop
import Glibc
import HTTPServer
import Identity
import Lifecycle
import Log
import PostgresIO

/// All that a master has for its users: who may sign in, their routes, and the check of every other request.
struct SignIn: Sendable {
  private let gate: Gate
  private let routes: SignInRoutes
  private let users: Users
  private let first: FirstAdmin
  private let log: Logger
  /// Keeps what the gate knows of the users fresh.
  let service: any Service

  init(keys: SigningKeys, database: PostgresAddress, first: FirstAdmin, log: Logger) throws {
    let trouble: @Sendable (String) -> Void = { log.error($0) }
    users = Users(database, trouble: trouble)
    (self.first, self.log) = (first, log)
    gate = try Gate(
      keys: keys, accounts: users,
      clock: Gate.Clock(wall: { Int64(time(nil)) }, monotonic: { MonotonicClock.now() }))
    routes = SignInRoutes(gate: gate, users: users, trouble: trouble)
    service = RosterService(users, gate: gate, log: log)
  }

  /// Makes the first admin where there is none, and reads the users; from then on tokens count. Blocks; needs the tables.
  func begin() throws {
    if try users.withStore({ try first.make(in: $0) }) { log.info("first admin made", Field("user", FirstAdmin.name)) }
    try users.tell(gate)
  }

  /// Adds `/auth/login`, `/auth/password`, `/api/users` and `/api/users/:name`.
  func add(to router: inout Router) { routes.add(to: &router) }

  /// Who asks, if they may; else the reply that says why not (400, 401, 403, 503). On the loop's thread: never blocks.
  func principal(of request: Request, least: Role) -> Result<Principal, Denials.Denied> {
    Denials.principal(of: request, gate, least: least)
  }
}
