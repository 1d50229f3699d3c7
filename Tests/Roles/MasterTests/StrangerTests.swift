import Digests
import Foundation
import Glibc
import TestSupport
import Testing

/// Who is not let in, through the real binary. Kafka is not needed for that, so there is none.
@Suite(.enabled(if: PostgresServer.binaries != nil, "PostgreSQL is not installed"))
struct StrangerTests {
  @Test func badLoginsAndLargeBodiesAreTurnedAway() throws {
    let master = try LoneMaster()
    let wrong = "wrong username or password"
    for (password, expected) in [
      (MasterProcess.password + " ", wrong), ("another good one", wrong),
      // What manuals of other tools have, and what can't be anybody's.
      ("password", wrong + " (none is built in: the master printed the admin's at its first start, or "),
      ("", wrong + " (none is built in"),
    ] {
      let reply = try master.login("admin", password)
      #expect(reply.status == 401)
      #expect(expected == wrong ? reply.detail == wrong : reply.detail.hasPrefix(expected), "\(password): \(reply)")
    }
    let good = try master.token()
    for (method, target) in [("POST", "/auth/login"), ("PUT", "/api/users/x")] {
      // The body is announced and never sent: it must be refused before it comes.
      let reply = try master.ask(method, target, token: good, headers: ["Content-Length: 5000"])
      #expect(reply.status == 413 && reply.detail.contains("4096"), "\(target): \(reply)")
    }
    let log = master.process.log
    #expect(!log.contains(MasterProcess.password) && !log.contains(good) && !log.contains(MasterProcess.key))
  }

  @Test func tokensOutliveARestartAndKeysRotate() throws {
    let database = try PostgresServer.shared.get().database()
    let folder = try TemporaryFolder()
    let file = folder.file("keys")
    let (old, new) = (MasterProcess.key, Hexadecimal.text(SecureRandom.bytes(32)))
    var tokens: [String] = []
    for (text, expected) in [
      (old, []), (old, [200]), ("\(new)\n\(old)\n", [200, 200]), ("\(new)\n", [401, 401, 200]),
    ] {
      try text.write(toFile: file, atomically: true, encoding: .utf8)
      let master = try LoneMaster(
        database: database, flags: ["--jwt-secret-key-file", file], environment: ["JWT_SECRET_KEY": ""])
      func seen(_ token: String) throws -> Int { try master.ask("GET", "/api/users", token: token).status }
      #expect(try tokens.map(seen) == expected, "\(text.split(separator: "\n").count) keys")
      tokens.append(try master.token())
      #expect(try seen(tokens.last ?? "") == 200)
      master.process.child.signal(SIGTERM)
      #expect(master.process.child.wait(within: .seconds(60)) == .code(0))
    }
  }

  @Test func theFirstPasswordIsToldOnceAndIsNotInTheLog() throws {
    let database = try PostgresServer.shared.get().database()
    let line = "admin password (shown this once): "
    let first = try LoneMaster(database: database, environment: ["STAMPEDE_ADMIN_PASSWORD": ""])
    let log = first.process.log
    let place = try #require(log.range(of: line))
    let password = String(log[place.upperBound...].prefix { !$0.isWhitespace })
    #expect(password.count == 34 && log.components(separatedBy: password).count == 2)
    #expect(try first.login("admin", password).status == 200)
    let second = try LoneMaster(database: database, environment: ["STAMPEDE_ADMIN_PASSWORD": ""])
    #expect(!second.process.log.contains(line))
    #expect(try second.login("admin", password).status == 200)
    let weak = try Stampede.run(
      [
        "master", "--kafka-broker", LoneMaster.nowhere, "--database-url", database, "--jwt-secret-key",
        MasterProcess.key,
      ],
      environment: ["STAMPEDE_ADMIN_PASSWORD": "password"])
    #expect(weak.exit == .code(1))
    #expect(weak.errorText.contains("STAMPEDE_ADMIN_PASSWORD: the password has 8 characters, expected at least 12"))
  }
}
