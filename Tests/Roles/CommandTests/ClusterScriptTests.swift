import Foundation
import Glibc
import Processes
import TestSupport
import Testing

/// `scripts/cluster/demo` when it does not come to its end: whatever it had started is gone.
///
/// PostgreSQL is real; the network has no Kafka, so the in-memory broker stands in; the binary is a script that makes
/// the master do what the test wants.
@Suite(.enabled(if: PostgresServer.binaries != nil, "PostgreSQL is not installed"), .serialized)
struct ClusterScriptTests {
  private static func start(_ folder: TemporaryFolder, master: String) throws -> ChildProcess {
    let binary = try folder.write(
      "stampede",
      """
      #!/bin/bash
      if [ "$1" = master ]; then \(master); fi
      exec '\(Places.stampede)' "$@"

      """)
    chmod(binary, 0o755)
    var command = Command(Places.python, ["-B", "\(Places.root)/scripts/cluster/demo", binary])
    command.removedEnvironment = ["KAFKA_HOME", "STAMPEDE_KAFKA", "http_proxy", "HTTP_PROXY"]
    command.addedEnvironment = [
      "TMPDIR": folder.path, "STAMPEDE_CACHE": folder.file("cache"), "no_proxy": "127.0.0.1",
      "STAMPEDE_KAFKA_URL": "http://127.0.0.1:\(try LocalPort.free())/kafka.tgz",
      "STAMPEDE_RUNS": folder.file("runs"),
    ]
    return try ChildProcess(command)
  }

  /// Processes that were started with the script's environment, the script itself included.
  private static func left(_ folder: TemporaryFolder) throws -> [Int32] {
    try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { Int32($0) }.filter { pid in
      guard let variables = FileManager.default.contents(atPath: "/proc/\(pid)/environ") else { return false }
      return String(decoding: variables, as: UTF8.self).contains("TMPDIR=\(folder.path)")
    }
  }

  private static func rest(_ folder: TemporaryFolder) throws -> [String] {
    let mark = (folder.path as NSString).lastPathComponent
    let elsewhere = try FileManager.default.contentsOfDirectory(atPath: "/var/tmp").filter { $0.contains(mark) }
    return try elsewhere + folder.names().filter { $0.hasPrefix("stampede-demo-") }
  }

  @Test(.timeLimit(.minutes(15))) func aPartThatFailsEndsAllOfIt() throws {
    let folder = try TemporaryFolder("cluster")
    let demo = try Self.start(folder, master: "echo 'no luck today' >&2; exit 7")
    #expect(demo.wait(within: .seconds(300)) == .code(1))
    let (said, errors) = (String(decoding: demo.output, as: UTF8.self), String(decoding: demo.errors, as: UTF8.self))
    // What took Kafka's place is said, and what the part said last.
    #expect(said.contains("no Apache Kafka: no network") && said.contains("instead: stampede dev-broker"), "\(said)")
    #expect(errors.contains("master has ended before the master was ready") && errors.contains("no luck today"))
    #expect(try Self.left(folder).isEmpty && Self.rest(folder).isEmpty)
  }

  @Test(.timeLimit(.minutes(15)), arguments: [SIGINT, SIGTERM]) func aSignalEndsAllOfIt(_ number: Int32) throws {
    let folder = try TemporaryFolder("cluster")
    let demo = try Self.start(folder, master: "exec sleep 1000")
    let isWaiting = demo.waitForOutput(within: .seconds(300)) { output, _ in
      output.contains("Kafka at 127.0.0.1:") ? true : nil
    }
    #expect(isWaiting == true, "\(String(decoding: demo.errors, as: UTF8.self))")
    // Script, target, broker, PostgreSQL.
    #expect(try Self.left(folder).count >= 4)
    demo.signal(number)
    #expect(demo.wait(within: .seconds(300)) == .code(number == SIGINT ? 130 : 143))
    #expect(try Self.left(folder).isEmpty && Self.rest(folder).isEmpty)
  }
}
