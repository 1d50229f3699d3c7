import Foundation
import Glibc
import Processes
import TestSupport
import Testing

/// The commands against a master, a worker and a consumer as they are built, with the development broker between them.
@Suite(.serialized) struct RealMasterTests {
  private static let password = "Tulpe-7-Regen-Wolke"

  /// Everything that a test on a master needs; all of it goes with the last reference.
  final class Cluster {
    let home: TemporaryFolder
    let url: String
    let target: String
    private let children: [ChildProcess]

    init() throws {
      let folder = try TemporaryFolder("cluster")
      var started: [ChildProcess] = []
      func start(_ words: [String], _ environment: [String: String] = [:]) throws -> ChildProcess {
        let child = try Stampede.start(words, directory: folder.path, environment: environment)
        started.append(child)
        return child
      }
      func said(_ child: ChildProcess, _ pattern: String) throws -> String {
        let found = child.waitForOutput(within: .seconds(60)) { output, errors -> String? in
          let all = output + errors
          guard let range = all.range(of: pattern, options: .regularExpression), range.upperBound < all.endIndex
          else { return nil }
          return String(all[range])
        }
        guard let found else {
          throw TestError("nothing like \(pattern): \(String(decoding: child.errors, as: UTF8.self))")
        }
        return found
      }
      let broker = try said(start(["dev-broker"]), "127\\.0\\.0\\.1:[0-9]+")
      let target = try said(start(["demo-target", "--port", "0"]), "http://127\\.0\\.0\\.1:[0-9]+")
      let database = try PostgresServer.shared.get().database()
      let master = try start(
        ["master", "--http-port", "0", "--rpc-port", "0", "--allow-target", String(target.dropFirst(7))],
        [
          "KAFKA_BROKER": broker, "DATABASE_URL": database, "STAMPEDE_ADMIN_PASSWORD": RealMasterTests.password,
          "JWT_SECRET_KEY": "7Qz3kP9vX2mT5cW8rB1nL6dH4sJ0gFyA",
          "STAMPEDE_JOIN_TOKEN": "a8Zk2Qw9Lm4Xc7Vb1Nh6Jg3Fd5Sa0PoIuYtReWq",
        ])
      let url = try said(master, "http://127\\.0\\.0\\.1:[0-9]+")
      let join = String(try said(master, "workers join at 127\\.0\\.0\\.1:[0-9]+").dropFirst("workers join at ".count))
      _ = try start(
        ["worker", "--worker-id", "w1", "--master-address", join],
        ["KAFKA_BROKER": broker, "STAMPEDE_JOIN_TOKEN": "a8Zk2Qw9Lm4Xc7Vb1Nh6Jg3Fd5Sa0PoIuYtReWq"])
      _ = try start(["consumer"], ["KAFKA_BROKER": broker, "DATABASE_URL": database])
      (home, children, self.url, self.target) = (folder, started, url, target)
    }

    func run(_ words: [String], input: String = "") throws -> Finished {
      let environment = ["STAMPEDE_MASTER": url, "XDG_CONFIG_HOME": home.file("config"), "TERM": "dumb"]
      return try Stampede.run(
        words, input: input, directory: home.path, environment: environment, within: .seconds(180))
    }

    func login() throws {
      // The first admin is made a moment after the address is printed.
      let end = ContinuousClock.now + .seconds(60)
      while true {
        let done = try run(["login"], input: RealMasterTests.password + "\n")
        if done.exit == .code(0) { return }
        guard ContinuousClock.now < end else { throw TestError(done.errorText) }
        usleep(200_000)
      }
    }
  }

  @Test func aTestFromItsSubmissionToItsResult() throws {
    let cluster = try Cluster()
    try cluster.login()
    let followed = try cluster.run([
      "submit", "--rate", "50/s", "--duration", "2s", "--name", "whole", "--workers", "1", "--follow", cluster.target,
    ])
    #expect(followed.exit == .code(0), "\(followed.errorText)")
    #expect(followed.text.contains("100 workers' completed = 100 stored + 0 explicitly lost: holds"))
    #expect(followed.errorText.contains("whole: running on 1 worker"))
    let list = try cluster.run(["status"])
    #expect(list.text.contains("finished"))
    let id = try String(list.text.split(separator: "\n").last?.split(separator: " ").last ?? "").orThrow(if: \.isEmpty)
    #expect(try cluster.run(["results", id]).text == followed.text)
    let one = try cluster.run(["status", id])
    #expect(one.text.hasPrefix("whole: finished\n"))
    #expect(one.text.contains("w1"))
    #expect(try cluster.run(["workers"]).text.contains("w1"))
    #expect(try cluster.run(["stop", id]).text == "whole is over: finished.\n")

    // One that is stopped on the way.
    let submitted = try cluster.run(["submit", "--rate", "20/s", "--duration", "10m", "--quiet", cluster.target])
    let other = submitted.text.trimmingCharacters(in: .newlines)
    let end = ContinuousClock.now + .seconds(60)
    while try !cluster.run(["status", other, "--json"]).text.contains("\"state\":\"running\"") {
      try #require(ContinuousClock.now < end)
      usleep(200_000)
    }
    #expect(try cluster.run(["stop", other]).exit == .code(0))
    let stopped = try cluster.run(["status", other, "--follow", "--quiet"])
    #expect(stopped.exit == .code(105), "\(stopped.errorText)")
    #expect(stopped.text.contains("stopped by the user"))
  }

  @Test func refusalsOfTheMaster() throws {
    let cluster = try Cluster()
    let wrong = try cluster.run(["login"], input: "wrong-password\n")
    #expect(wrong.exit == .code(2))
    try cluster.login()
    for (words, message) in [
      (["submit", "http://169.254.169.254/"], "is a cloud metadata address"),
      (["submit", cluster.url + "/"], "belongs to the cluster itself"),
      (["results", ScriptedMaster.id], "there is no test with this id"),
      (["stop", ScriptedMaster.id], "there is no test with this id"),
      (["status", "--follow", ScriptedMaster.id], "there is no test with this id"),
    ] {
      let done = try cluster.run(words)
      #expect(done.exit == .code(2), "\(words)")
      #expect(done.errorText.contains(message), "\(done.errorText)")
    }
    let keyed = ["submit", "--idempotency-key", "one", "--quiet", "--duration", "1s"]
    let first = try cluster.run(keyed + [cluster.target])
    #expect(first.exit == .code(0), "\(first.errorText)")
    #expect(try cluster.run(keyed + [cluster.target]).text == first.text)
    #expect(
      try cluster.run(keyed + [cluster.target + "/other"]).errorText.contains("Idempotency-Key: it was used before"))
    // A token that somebody has touched.
    let file = "config/stampede/tokens.json"
    let text = try cluster.home.read(file)
    let tokens = text.replacingOccurrences(of: "\"token\": \"e", with: "\"token\": \"f")
    #expect(tokens != text)
    try cluster.home.write(file, tokens)
    let refused = try cluster.run(["workers"])
    #expect(refused.exit == .code(2))
    #expect(refused.errorText.contains("sign in again: stampede login"))
  }
}

extension String {
  fileprivate func orThrow(if isWrong: (String) -> Bool) throws -> String {
    if isWrong(self) { throw TestError("nothing there") }
    return self
  }
}
