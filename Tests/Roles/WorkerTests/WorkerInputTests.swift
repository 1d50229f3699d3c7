import Processes
import TestSupport
import Testing

/// What stands in a worker's way, each with its message.
@Suite struct WorkerInputTests {
  private func run(_ words: [String], _ environment: [String: String] = [:]) throws -> Finished {
    let folder = try TemporaryFolder("worker")
    return try Stampede.run(["worker"] + words, directory: folder.path, environment: environment)
  }

  @Test(arguments: [
    (["--join-token", "t"], "--kafka-broker: found nothing"),
    (["--kafka-broker", "127.0.0.1:1"], "--join-token: found nothing"),
    (["--kafka-broker", "nowhere", "--join-token", "t"], "expected HOST:PORT"),
    (
      ["--kafka-broker", "127.0.0.1:1", "--join-token", "t", "--master-address", "a b:1"],
      "--master-address: found 'a b:1'"
    ),
    (["--kafka-broker", "127.0.0.1:1", "--join-token", "t", "--worker-id", "a/b"], "--worker-id: found 'a/b'"),
    (["--kafka-broker", "127.0.0.1:1", "--join-token-file", "/none"], "/none"),
    (
      ["--kafka-broker", "127.0.0.1:1", "--join-token", "t", "--allow-target", "10.0.0.0/8"],
      "--allow-target: found '10.0.0.0/8', expected unix:/path"
    ),
    (["--kafka-broker", "127.0.0.1:1", "--join-token", "t", "--metrics", "x"], "--metrics x"),
  ])
  func isSaid(_ words: [String], _ message: String) throws {
    let done = try run(words)
    #expect(done.exit == .code(1) && done.errorText.contains(message), "\(done.errorText)")
  }

  /// As another tool's containers say it.
  @Test func aRoleMeansTheCommand() throws {
    let folder = try TemporaryFolder("worker")
    for (words, environment) in [
      (["--role", "worker"], [:]), (["-role=worker", "--verbose"], [:]), ([], ["STAMPEDE_ROLE": "worker"]),
      (["--role", "consumer"], [:]),
    ] as [([String], [String: String])] {
      let done = try Stampede.run(words, directory: folder.path, environment: environment)
      #expect(done.exit == .code(1) && done.errorText.contains("--kafka-broker: found nothing"), "\(done.errorText)")
    }
  }

  @Test func aWrongTokenIsRefusedWithItsReason() throws {
    let master = try ScriptedMaster()
    let words = ["--kafka-broker", "127.0.0.1:1", "--master-address", "\(master.address)", "--join-token"]
    let done = try run(words + ["another token than the master's"])
    #expect(done.exit == .code(2) && done.errorText.contains("the join token is wrong"), "\(done.errorText)")
    #expect(!done.errorText.contains("another token than"), "no token in a log")
  }

  @Test func aPortIsTakenWithANote() throws {
    let master = try ScriptedMaster()
    let done = try run(
      ["--kafka-broker", "127.0.0.1:1", "--join-token", "another token than the master's"],
      ["GRPC_PORT": "50052", "MASTER_ADDRESS": "\(master.address)"])
    #expect(done.errorText.contains("GRPC_PORT is not needed"), "\(done.errorText)")
  }
}
