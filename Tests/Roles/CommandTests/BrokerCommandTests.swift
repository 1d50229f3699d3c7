import Foundation
import Glibc
import KafkaIO
import Processes
import TestSupport
import Testing

/// `dev-broker` as a person uses it.
struct BrokerCommandTests {
  @Test func aRunPublishesToIt() throws {
    let (target, folder) = (try DemoTarget(), try TemporaryFolder("broker"))
    let broker = try Stampede.start(
      ["dev-broker", "--kafka-topic", "tried", "--partitions", "2", "--port-file", "place"], directory: folder.path)
    let address = try #require(
      broker.waitForOutput(within: .seconds(60)) { output, _ in
        output.hasSuffix("\n") ? String(output.dropLast()) : nil
      }, "\(String(decoding: broker.errors, as: UTF8.self))")
    // The file is whole before the address is said.
    #expect(try folder.read("place") == address + "\n")
    let done = try Stampede.run(
      [
        "run", "--rate", "50/s", "--duration", "1s", target.url, "--kafka-broker", address, "--kafka-topic", "tried",
        "--spool", "spool",
      ], directory: folder.path)
    #expect(done.exit == .code(0) && done.errorText.contains("published to tried"), "\(done.errorText)")
    #expect(try folder.names().contains("place"))
    broker.signal(SIGTERM)
    #expect(broker.wait(within: .seconds(60)) == .code(0))
    #expect(try !folder.names().contains("place"))
  }

  @Test func whatItCantDoIsSaidInOneLine() throws {
    let folder = try TemporaryFolder("broker")
    func refused(_ words: String..., saying text: String) throws {
      let done = try Stampede.run(["dev-broker"] + words, directory: folder.path)
      #expect(done.exit == .code(1) && done.errorText.contains(text), "\(done.errorText)")
      #expect(done.errorText.split(separator: "\n").count == 1 && done.text.isEmpty)
    }
    try refused("--port", "9092", saying: "librdkafka takes a free port")
    try refused("--port-file", "no/such/folder", saying: "no/such/folder")
    #expect(try folder.names().isEmpty)
  }
}
