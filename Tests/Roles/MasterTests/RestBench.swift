import EventLoop
import HTTPServer
import Identity
import Lifecycle
import Log
import Model
import Plans
import PostgresIO
import TestSupport
import Threads
import Wire

@testable import MasterRole

/// All routes of a master on a port of their own with PostgreSQL behind them; what the fleet would be told is noted.
final class RestBench {
  static let password = "analytical engine"
  let url: String
  let port: UInt16
  let board = Board()
  let readiness = Readiness()
  let news: NewsReader
  /// `submitted RUN`, `drain RUN`, `abort RUN`.
  let told = Monitor<[String]>([])
  let router: Router
  let server: Server
  private let desk: Desk
  private let users: BackgroundService

  init(policy: TargetPolicy = TargetPolicy()) throws {
    url = try PostgresServer.shared.get().database()
    let address = try PostgresAddress(url)
    try Database(address, application: "test").migrate()
    let log = Logger(LogWriter(level: .error, format: .text))
    desk = Desk(address)
    try desk.start(threads: 2)
    let signIn = try SignIn(
      keys: try SigningKeys([MasterProcess.key]), database: address,
      first: try FirstAdmin(password: Self.password) { _ in }, log: log)
    try signIn.begin()
    users = try BackgroundService(signIn.service)
    news = NewsReader(address, board: board, log: log)
    try news.start()
    let told = told
    let context = RestContext(
      signIn: signIn, desk: desk, board: board, readiness: readiness, log: log,
      submitted: { test, _, _ in told.change { $0.append("submitted \(test.run)") } },
      stop: { run, kind, _ in told.change { $0.append("\(kind) \(run)") } }, policy: { policy })
    for part in Readiness.Part.allCases { readiness.note(part, nil) }
    router = FrontDoor.router(context)
    server = Server(
      name: "rest", Server.Settings(addresses: [SocketAddress(.v4(0x7F00_0001), port: 0)]), router: router)
    port = try server.start()[0].port
  }

  deinit {
    server.abort()
    server.wait()
    users.stop()
    news.stop()
    desk.stop()
  }

  func database() throws -> Database { try Database(PostgresAddress(url), application: "test") }

  func ask(
    _ method: String, _ target: String, token: String? = nil, headers: [String] = [], _ body: String? = nil
  ) throws -> Reply {
    try Reply.to(method, target, port: port, token: token, headers: headers, body: body)
  }

  /// A token of the admin, or of a user who is made for it.
  func token(_ role: String = "admin", name: String? = nil) throws -> String {
    let name = name ?? role
    if role != "admin" || name != "admin" {
      let made = try ask(
        "PUT", "/api/users/\(name)", token: token(), #"{"role":"\#(role)","password":"\#(Self.password)"}"#)
      guard made.status == 200 else { throw TestError("\(made)") }
    }
    let login = #"{"username":"\#(name)","password":"\#(Self.password)"}"#
    guard let token = try ask("POST", "/auth/login", login).json["token"]?.text else { throw TestError("no token") }
    // The gate hears of new users now and then.
    try wait { try ask("GET", "/api/workers", token: token).status == 200 }
    return token
  }

  func wait(_ body: () throws -> Bool) throws {
    let pause = Monitor(())
    for _ in 0..<1_200 {
      if try body() { return }
      _ = pause.wait(within: .milliseconds(50)) { _ in nil as Bool? }
    }
    throw TestError("it never came to be")
  }

  static let form =
    #"{"name":"t","durationSeconds":1,"ratePerSecond":5,"targetsBase64":"R0VUIGh0dHA6Ly8xMC4xLjIuMy8K"}"#
}
