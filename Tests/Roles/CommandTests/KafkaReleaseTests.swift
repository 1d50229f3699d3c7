import Foundation
import Processes
import TestSupport
import Testing

/// Where the cluster's scripts get an Apache Kafka from: `scripts/cluster/kafka-home` against a local server.
struct KafkaReleaseTests {
  static let script = "\(Places.root)/scripts/cluster/kafka-home"

  private static func ask(_ folder: TemporaryFolder, _ environment: [String: String]) throws -> Finished {
    var command = Command(script, [])
    command.removedEnvironment = Set(["KAFKA_HOME", "http_proxy", "HTTP_PROXY"]).subtracting(environment.keys)
    command.addedEnvironment = [
      "STAMPEDE_CACHE": folder.file("cache"), "STAMPEDE_PYTHON": Places.python, "no_proxy": "127.0.0.1",
    ].merging(environment) { $1 }
    return try ChildProcess.run(command, within: .seconds(120))
  }

  /// What is in the cache besides the lock.
  private static func kept(_ folder: TemporaryFolder) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.file("cache/kafka")).filter { $0 != ".lock" }
  }

  @Test(arguments: ["good", "gpg", "whole-only", "cut"]) func aReleaseIsTakenOnce(_ kind: String) throws {
    let folder = try TemporaryFolder("release")
    let server = try ScriptTarget("release")
    let url = ["STAMPEDE_KAFKA_URL": server.url("/\(kind)/kafka.tgz")]
    let done = try Self.ask(folder, url)
    #expect(done.exit == .code(0), "\(done.errorText)")
    let home = done.text.trimmingCharacters(in: .newlines)
    #expect(FileManager.default.isExecutableFile(atPath: "\(home)/bin/kafka-server-start.sh"))
    #expect(try Self.kept(folder) == [(home as NSString).lastPathComponent])
    #expect(done.errorText.contains("downloading \(server.url())\(kind)/kafka.tgz"))
    // Cut off in the middle it goes on from there.
    let tally = server.finish().last ?? ""
    #expect(tally.contains("\"from 0\""))
    #expect(tally.components(separatedBy: "\"from ").count == (kind == "cut" ? 3 : 2), "\(tally)")
    // The server has gone, and nobody asks for it.
    let again = try Self.ask(folder, url)
    #expect(again.exit == .code(0) && again.text == done.text && again.errorText.isEmpty, "\(again.errorText)")
  }

  @Test(arguments: [
    ("wrong", "its SHA-512 is not the published one; deleted"),
    ("empty", "it has no bin/kafka-server-start.sh"),
    ("silent", "no network to download Apache Kafka with"),
    ("truncated", "the server ended early; "),
    ("stalled", "are kept, the next try goes on from there"),
  ])
  func whatIsNoReleaseIsNotUsed(_ kind: String, _ text: String) throws {
    let folder = try TemporaryFolder("release")
    let server = try ScriptTarget("release")
    let done = try Self.ask(folder, ["STAMPEDE_KAFKA_URL": server.url("/\(kind)/kafka.tgz")])
    #expect(done.exit == .code(1) && done.text.isEmpty)
    let lines = done.errorText.split(separator: "\n")
    #expect(lines.last?.hasPrefix("kafka: ") == true && lines.last?.contains(text) == true, "\(done.errorText)")
    #expect(lines.count <= 2)
    // Nothing but what the next try goes on with.
    let isPart = ["truncated", "stalled"].contains(kind)
    let kept = try Self.kept(folder)
    #expect(kept.count == (isPart ? 1 : 0) && kept.allSatisfy { $0.hasSuffix(".tgz.part") }, "\(kept)")
  }

  @Test func aServerThatIsAwayEndsIt() throws {
    let folder = try TemporaryFolder("release")
    let done = try Self.ask(folder, ["STAMPEDE_KAFKA_URL": "http://127.0.0.1:\(try LocalPort.free())/kafka.tgz"])
    #expect(done.exit == .code(1))
    #expect(done.errorText.hasPrefix("kafka: no network") && done.errorText.contains("refused"), "\(done.errorText)")
  }

  @Test func theFolderThatIsNamedIsTakenOrRefused() throws {
    let folder = try TemporaryFolder("release")
    try folder.write("kafka/bin/kafka-server-start.sh", "")
    let home = folder.file("kafka")
    #expect(try Self.ask(folder, ["KAFKA_HOME": home]).text == home + "\n")
    // From the package's folder up to the root, and down again.
    let up = String(repeating: "../", count: Places.root.split(separator: "/").count)
    #expect(try Self.ask(folder, ["KAFKA_HOME": up + home.dropFirst()]).text == home + "\n")
    // What somebody names and isn't there is no reason to take something else.
    let wrong = try Self.ask(folder, ["KAFKA_HOME": folder.file("none")])
    #expect(wrong.exit == .code(1) && wrong.text.isEmpty)
    #expect(wrong.errorText.contains("found no bin/kafka-server-start.sh"), "\(wrong.errorText)")
  }
}
