import Foundation
import Glibc
import KafkaIO
import Processes
import TestSupport
import Testing

/// The developer guide that the cluster's commands come from, typed command by command (guide-commands.txt), against a
/// real Kafka and PostgreSQL.
@Suite(.enabled(if: KafkaServer.home != nil, Comment(rawValue: KafkaServer.missing)), .serialized)
struct GuideCommandTests {
  private struct Block {
    enum Kind: Character {
      case foreign = "%"
      case typed = "$"
      case service = "&"
    }

    let name: String
    let kind: Kind
    let line: String
    let exitCode: Int32
    let texts: [String]
    /// What is put for a word in later lines, and the member it comes from.
    let taken: [(word: String, member: String)]
  }

  private static let blocks: [Block] = Golden.text("guide-commands.txt").split(separator: "\n## ").dropFirst()
    .compactMap { text in
      let lines = text.split(separator: "\n")
      func values(_ mark: String) -> [String] {
        lines.filter { $0.hasPrefix(mark + " ") }.map { String($0.dropFirst(2)) }
      }
      let found = [Block.Kind.foreign, .typed, .service].compactMap { kind in
        values(String(kind.rawValue)).first.map { (kind, $0) }
      }
      guard let (kind, line) = found.first, found.count == 1 else {
        Issue.record("not a whole block: \(text)")
        return nil
      }
      return Block(
        name: String(lines[0]), kind: kind, line: line, exitCode: values("=").first.flatMap { Int32($0) } ?? 0,
        texts: values("|"),
        taken: values(">").map { $0.split(separator: " ") }.map { (String($0[0]), String($0[1])) })
    }

  /// What the guide builds, generates and installs by other programs has its answer in the table.
  @Test func whatIsNoCommandOfOursHasItsAnswer() throws {
    let table = try String(contentsOfFile: "\(Places.root)/docs/sources.md", encoding: .utf8)
    let rows = table.split(separator: "\n").filter { $0.hasPrefix("| `") }
    let foreign = Self.blocks.filter { $0.kind == .foreign }
    #expect(foreign.count == 10)
    for block in foreign {
      let words = block.line.split(separator: " ")
      // `protoc … loadtester.proto` stands for its flags.
      let short = "`\(words[0]) … \(words[words.count - 1])`"
      #expect(rows.contains { $0.hasPrefix("| `\(block.line)` |") || $0.hasPrefix("| \(short) |") }, "\(block.name)")
    }
  }

  @Test(.timeLimit(.minutes(15))) func everyCommandWorksOrSaysWhatToType() throws {
    let kafka = try Broker.shared.get()
    let postgres = try PostgresServer.shared.get()
    let target = try DemoTarget()
    let folder = try TemporaryFolder("guide")
    let address = target.url.split(separator: "/")[1]
    let database = try postgres.database() + "&sslmode=disable"
    let (http, rpc) = (try LocalPort.free(), try LocalPort.free())
    var puts: [(String, String)] = [
      ("./loadtester", "'\(Places.stampede)'"),
      ("postgres://user:password@localhost:5432/distributed_load_tester?sslmode=disable", database),
      ("localhost:9092", kafka.address), ("8080", "\(http)"), ("50051", "\(rpc)"),
      ("@KEY@", "c5a8e01b7f42d6936e90b1d34fa7258cde11047b93a6fe2d"), ("@JOIN@", "5d1c77a09b3e4f6682d05a9c0b1e2f34"),
      ("@PASSWORD@", "a-quiet-morning-41"), ("@TARGETS@", Data("GET \(target.url)\n".utf8).base64EncodedString()),
      ("@TARGET@", String(address)),
    ]
    var services: [ChildProcess] = []
    defer { for service in services.reversed() { service.stop(grace: .seconds(20)) } }
    for block in Self.blocks where block.kind != .foreign {
      var line = block.line
      // What is base64 is the guide's own, ports and all.
      for (word, value) in puts where word != "8080" || !line.contains("targetsBase64") {
        line = line.replacing(word, with: value)
      }
      if line.contains("targetsBase64") { line = line.replacing("localhost:8080", with: "localhost:\(http)") }
      let texts = block.texts.map { text in puts.reduce(text) { $0.replacing($1.0, with: $1.1) } }
      if block.kind == .service {
        let service = try Self.start(line, in: folder)
        services.append(service)
        let said: Bool? = service.waitForOutput(within: .seconds(60)) { output, errors in
          texts.allSatisfy { (output + errors).contains($0) } ? true : nil
        }
        #expect(said == true, "\(block.name): \(String(decoding: service.errors, as: UTF8.self))")
        continue
      }
      let done = try Shell.run(line, directory: folder.path, within: .seconds(120))
      let all = done.text + done.errorText
      #expect(done.exit == .code(block.exitCode), "\(block.name): \(all)")
      for text in texts { #expect(all.contains(text), "\(block.name): \(all)") }
      if block.exitCode == 1 { #expect(done.errorText.split(separator: "\n").count == 1, "\(done.errorText)") }
      for (word, member) in block.taken {
        let object = try JSONSerialization.jsonObject(with: Data(done.text.utf8)) as? [String: Any]
        puts.append((word, try #require(object?[member] as? String, "\(block.name): \(all)")))
      }
    }
    #expect(services.count == 4)
    for service in services { #expect(service.exit == nil, "\(String(decoding: service.errors, as: UTF8.self))") }
  }

  /// The process itself, not the shell that read the line.
  private static func start(_ line: String, in folder: TemporaryFolder) throws -> ChildProcess {
    // Variables stand in front of the program: `env` takes them along.
    var command = Command("/bin/bash", ["-c", "exec env \(line)"])
    command.directory = folder.path
    command.removedEnvironment = Set(
      Environment.current.keys.filter { $0.hasPrefix("STAMPEDE_") || $0.hasPrefix("KAFKA_") })
    return try ChildProcess(command)
  }
}
