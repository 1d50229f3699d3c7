import Foundation
import Glibc
import Processes
import TestSupport
import Testing

/// What can be said of docker-compose.yml and deploy/ without a container engine.
struct ComposeFileTests {
  @Test func itNamesWhatIsThere() throws {
    let done = try ChildProcess.run(
      Command(Places.python, ["\(Places.root)/scripts/compose/consistency", Places.stampede]), within: .seconds(120))
    #expect(done.exit == .code(0), "\(done.errorText)")
  }

  private static func initialise(_ folder: TemporaryFolder, _ added: [String: String] = [:]) throws -> Finished {
    var command = Command("/bin/sh", ["\(Places.root)/deploy/init.sh"])
    command.removedEnvironment = Set(["POSTGRES_PASSWORD", "JWT_SECRET_KEY"]).subtracting(added.keys)
    command.addedEnvironment = [
      "STAMPEDE_SECRETS": folder.file("run"), "STAMPEDE_OWNER": "\(getuid()):\(getgid())",
    ].merging(added) { $1 }
    return try ChildProcess.run(command, within: .seconds(60))
  }

  private static let files = [
    "database/password", "database/pgpass", "master/jwt-key", "master/admin-password", "join/token",
  ]

  @Test func theSecretsAreMadeOnceAndThePasswordIsShownOnce() throws {
    let folder = try TemporaryFolder("init")
    let first = try Self.initialise(folder)
    #expect(first.exit == .code(0), "\(first.errorText)")
    let before = try Self.files.map { try folder.read("run/\($0)") }
    #expect(Set(before).count == 5 && before.allSatisfy { $0.count > 20 && $0.hasSuffix("\n") })
    #expect(before[1] == "*:*:*:stampede:" + before[0])
    #expect(first.text.contains("password \(before[3])"))
    for file in Self.files {
      let mode = try FileManager.default.attributesOfItem(atPath: folder.file("run/\(file)"))[.posixPermissions]
      #expect((mode as? Int) == 0o600)
    }
    let again = try Self.initialise(folder)
    #expect(again.exit == .code(0) && !again.text.contains(before[3].dropLast()))
    #expect(try Self.files.map { try folder.read("run/\($0)") } == before)
  }

  @Test func whatIsGivenIsTaken() throws {
    let folder = try TemporaryFolder("init")
    let given = [
      "POSTGRES_PASSWORD": #"a:b\c d"#, "JWT_SECRET_KEY": "k1", "STAMPEDE_JOIN_TOKEN": "t1",
      "STAMPEDE_ADMIN_PASSWORD": "p1",
    ]
    let first = try Self.initialise(folder, given)
    #expect(first.exit == .code(0) && first.text.contains("password p1"), "\(first.errorText)")
    // As libpq reads its password file.
    #expect(try folder.read("run/database/pgpass") == #"*:*:*:stampede:a\:b\\c d"# + "\n")
    // The master's may be changed, the database keeps its own.
    let again = try Self.initialise(
      folder, given.merging(["POSTGRES_PASSWORD": "other", "JWT_SECRET_KEY": "k2"]) { $1 })
    #expect(again.text.contains("POSTGRES_PASSWORD is left out"))
    #expect(try folder.read("run/database/password") == #"a:b\c d"# + "\n")
    #expect(try folder.read("run/master/jwt-key") == "k2\n" && folder.read("run/join/token") == "t1\n")
  }
}
