import Digests
import EventLoop
import Glibc
import HTTPServer
import Identity
import Log
import Model
import PostgresIO
import TestSupport
import Testing
import Threads

@testable import MasterRole

/// The routes of a master's users on a port of their own, with PostgreSQL behind them.
private final class Front {
  static let password = "analytical engine"
  let port: UInt16
  let url: String
  let key = Hexadecimal.text(SecureRandom.bytes(32))
  let told = Monitor<[String]>([])
  private let server: Server
  private let signIn: SignIn

  init(password: String? = Front.password, url: String? = nil) throws {
    let url = try url ?? Front.database()
    self.url = url
    let told = told
    let log = LogWriter(level: .error, format: .text)
    signIn = try SignIn(
      keys: try SigningKeys([key]), database: PostgresAddress(url),
      first: try FirstAdmin(password: password) { line in told.change { $0.append(line) } }, log: Logger(log))
    var router = Router()
    signIn.add(to: &router)
    router.on(.get, "/api/seen") { [signIn] request in
      switch signIn.principal(of: request, least: .viewer) {
      case .success(let principal): .now(.text("\(principal.name) \(principal.role.rawValue)"))
      case .failure(let denied): .now(denied.response)
      }
    }
    server = Server(
      name: "front", Server.Settings(addresses: [SocketAddress(.v4(0x7F00_0001), port: 0)]), router: router)
    port = try #require(try server.start().first).port
    let signIn = signIn
    try OwnThread(name: "users") {
      // Fails where a test wants no PostgreSQL.
      try? signIn.begin()
      try? signIn.service.run()
    }.detach()
  }

  deinit {
    signIn.service.stop()
    server.abort()
    server.wait()
  }

  static func database() throws -> String {
    let url = try PostgresServer.shared.get().database()
    try Database(PostgresAddress(url), application: "test").migrate()
    return url
  }

  func ask(_ method: String, _ target: String, token: String? = nil, _ body: String? = nil) throws -> Reply {
    try Reply.to(method, target, port: port, token: token, body: body)
  }

  func login(_ name: String = "admin", _ password: String = Front.password) throws -> Reply {
    try ask("POST", "/auth/login", #"{"username":"\#(name)","password":"\#(password)"}"#)
  }

  /// A token, asked for until the first admin is there.
  func token(_ name: String = "admin", _ password: String = Front.password) throws -> String {
    // A wrong password is counted and hashed; so the row is waited for.
    try waitFor { try users().contains { $0.name == name } }
    let reply = try login(name, password)
    return try #require(reply.json["token"]?.text, "\(reply)")
  }

  func users() throws -> [StoredUser] {
    try UserStore(Database(PostgresAddress(url), application: "look")).all()
  }

  func audit() throws -> [[String?]] {
    try Database(PostgresAddress(url), application: "look").run(
      "SELECT who, what, object FROM audit ORDER BY number", action: "look"
    ).rows
  }

  /// Asks again until it is so.
  func waitFor(_ body: () throws -> Bool) throws {
    let pause = Monitor(false)
    for _ in 0..<1_200 {
      if try body() { return }
      _ = pause.wait(within: .milliseconds(50)) { $0 ? true : nil }
    }
    Issue.record("it did not come to that within a minute")
  }
}

@Suite(.enabled(if: PostgresServer.binaries != nil, "PostgreSQL is not installed"))
struct SignInTests {
  @Test func whoSignsInIsLetIn() throws {
    let front = try Front()
    let token = try front.token()
    let reply = try front.login()
    #expect(reply.status == 200 && reply.header("Cache-Control") == "no-store")
    #expect(reply.json["expiresAt"]?.text?.count == 24)
    try front.waitFor { try front.ask("GET", "/api/seen", token: token).status != 503 }
    let seen = try front.ask("GET", "/api/seen", token: token)
    #expect(seen.status == 200 && seen.body == Array("admin admin".utf8))
    #expect(front.told.read { $0 }.isEmpty, "the password was chosen, nothing is to be told")
    #expect(
      try front.audit().prefix(2) == [["stampede", "user created", "admin"], ["admin", "login", "127.0.0.1"]])
  }

  @Test func passwordIsMadeUpOnceWhereNoneIsGiven() throws {
    let front = try Front(password: nil)
    let line = try #require(front.told.wait(within: .seconds(60)) { $0.first })
    let password = String(try #require(line.split(separator: " ").last))
    #expect(line.hasPrefix("admin password (shown this once): ") && password.count == 34)
    #expect(try front.token("admin", password).isEmpty == false)
    // A second master, and the first after a restart, find him.
    let other = try Front(password: nil, url: front.url)
    #expect(try other.token("admin", password).isEmpty == false)
    #expect(other.told.read { $0 }.isEmpty)
    #expect(throws: FirstAdmin.Complaint.self) { try FirstAdmin(password: "password") { _ in } }
    do { _ = try FirstAdmin(password: "short") { _ in } } catch {
      #expect("\(error)" == "STAMPEDE_ADMIN_PASSWORD: the password has 5 characters, expected at least 12")
    }
  }

  @Test func strangersAreTurnedAway() throws {
    let front = try Front()
    let token = try front.token()
    for (name, password) in [("admin", "analytical engines"), ("nobody", Front.password), ("", ""), ("a b", "x")] {
      let reply = try front.login(name, password)
      #expect(reply.status == 401 && reply.detail.hasPrefix("wrong username or password"))
      #expect(reply.header("WWW-Authenticate") == "Bearer realm=\"stampede\"")
      #expect(reply.header("Content-Type") == "application/problem+json")
    }
    let none = try front.ask("GET", "/api/seen")
    #expect(none.status == 401 && none.header("WWW-Authenticate") == "Bearer realm=\"stampede\"")
    #expect(none.detail.contains("POST /auth/login"))
    let twice = try Reply.to(
      "GET", "/api/seen", port: front.port, token: token, headers: ["Authorization: Bearer \(token)"])
    #expect(twice.status == 400 && twice.detail.contains("more than one Authorization"))
    let forged = try front.ask("GET", "/api/seen", token: token + "x")
    #expect(forged.status == 401 && forged.header("WWW-Authenticate")?.contains("invalid_token") == true)
    let others = TokenSigner(keys: try SigningKeys([Hexadecimal.text(SecureRandom.bytes(32))]))
    let other = try #require(others.sign(subject: "admin", role: .admin, generation: 1, now: 1_800_000_000)).token
    #expect(try front.ask("GET", "/api/seen", token: other).detail.contains("not made by this master"))
    let old = TokenSigner(keys: try SigningKeys([front.key]))
    let expired = try #require(old.sign(subject: "admin", role: .admin, generation: 1, now: 1_000_000_000)).token
    #expect(try front.ask("GET", "/api/seen", token: expired).detail == "the token has expired; sign in again")
  }

  @Test func badBodiesAreExplained() throws {
    let front = try Front()
    for (body, expected) in [
      ("", "no JSON"), ("{", "no JSON"), ("[]", "no JSON object"), ("{}", "username: found nothing"),
      (#"{"username":"admin"}"#, "password: found nothing"),
      (#"{"username":1,"password":"x"}"#, "username: expected a text"),
      (#"{"username":"admin","password":"x","otp":"1"}"#, "'otp', expected only password, username"),
      (#"{"username":"a","username":"b","password":"x"}"#, "'username' twice"),
    ] {
      let reply = try front.ask("POST", "/auth/login", body)
      #expect(reply.status == 400 && reply.detail.contains(expected), "\(body): \(reply.detail)")
    }
    let large = try front.ask("POST", "/auth/login", String(repeating: " ", count: 5_000))
    #expect(large.status == 413 && large.detail.contains("4096"))
    #expect(try front.ask("GET", "/auth/login").status == 405)
  }

  @Test func tooManyAttemptsAreToldWhen() throws {
    let front = try Front()
    // Ten at once, and one more for each half minute that the hashes take here.
    var reply = try front.login("eve", "guess")
    var refused = 0
    while reply.status == 401, refused < 100 {
      refused += 1
      reply = try front.login("eve", "guess")
    }
    #expect(refused >= 10)
    #expect(reply.status == 429)
    #expect((1...30).contains(reply.header("Retry-After").flatMap { Int($0) } ?? 0), "\(reply)")
  }

  @Test func adminsLookAfterUsers() throws {
    let front = try Front()
    let admin = try front.token()
    try front.waitFor { try front.ask("GET", "/api/users", token: admin).status == 200 }
    let made = try front.ask(
      "PUT", "/api/users/olga", token: admin, #"{"role":"operator","password":"oscillating motor"}"#)
    #expect(made.status == 200 && made.json["role"]?.text == "operator" && made.json["disabled"]?.bool == false)
    let olga = try front.token("olga", "oscillating motor")
    #expect(try front.ask("GET", "/api/seen", token: olga).body == Array("olga operator".utf8))
    for (method, target, body) in [
      ("GET", "/api/users", nil), ("PUT", "/api/users/olga", #"{"role":"admin"}"#),
    ] as [(String, String, String?)] {
      let reply = try front.ask(method, target, token: olga, body)
      #expect(reply.status == 403 && reply.detail == "olga is operator, this needs admin")
      #expect(try front.ask(method, target, body).status == 401)
    }
    for (target, body, status, expected) in [
      ("/api/users/new", #"{"role":"viewer"}"#, 404, "there is no user 'new'"),
      ("/api/users/olga", #"{"role":"root"}"#, 400, "role: found 'root'"),
      ("/api/users/olga", #"{"password":"short"}"#, 400, "password: the password has 5 characters"),
      ("/api/users/a%20b", #"{"role":"viewer","password":"oscillating motor"}"#, 400, "the name must be"),
      ("/api/users/admin", #"{"disabled":true}"#, 409, "the only admin"),
      ("/api/users/admin", #"{"role":"viewer"}"#, 409, "the only admin"),
    ] {
      let reply = try front.ask("PUT", target, token: admin, body)
      #expect(reply.status == status && reply.detail.contains(expected), "\(target) \(body): \(reply)")
    }
    #expect(try front.ask("PUT", "/api/users/olga", token: admin, #"{"disabled":true}"#).json["disabled"]?.bool == true)
    #expect(try front.ask("GET", "/api/seen", token: olga).status == 401, "the token is void at once")
    #expect(try front.login("olga", "oscillating motor").status == 401)
    let all = try front.ask("GET", "/api/users", token: admin).json["users"]?.items ?? []
    #expect(all.map { $0["username"]?.text } == ["admin", "olga"])
    #expect(all.allSatisfy { $0["password"] == nil })
  }

  @Test func usersChangeTheirPasswords() throws {
    let front = try Front()
    let old = try front.token()
    try front.waitFor { try front.ask("GET", "/api/seen", token: old).status == 200 }
    func change(_ password: String, _ new: String) throws -> Reply {
      try front.ask(
        "POST", "/auth/password", #"{"username":"admin","password":"\#(password)","newPassword":"\#(new)"}"#)
    }
    #expect(try change(Front.password, "short").detail.contains("newPassword: the password has 5"))
    #expect(try change("wrong", "difference engine").status == 401)
    #expect(try change(Front.password, "difference engine").status == 200)
    #expect(try front.ask("GET", "/api/seen", token: old).status == 401)
    #expect(try front.login().status == 401)
    let new = try front.token("admin", "difference engine")
    #expect(try front.ask("GET", "/api/seen", token: new).status == 200)
  }

  @Test func withoutPostgreSQLNobodyIsTakenForWrong() throws {
    let front = try Front(url: "postgresql://nobody@127.0.0.1:1/none?connect_timeout=2")
    let reply = try front.login()
    #expect(reply.status == 503 && reply.header("Retry-After") == "5")
    let signer = TokenSigner(keys: try SigningKeys([front.key]))
    let token = try #require(
      signer.sign(subject: "admin", role: .admin, generation: 1, now: Int64(time(nil)))
    ).token
    #expect(try front.ask("GET", "/api/seen", token: token).status == 503)
  }
}
