import Foundation
import Glibc
import Processes
import Synchronization

/// An Apache Kafka of the test's own: one KRaft node on free ports of 127.0.0.1, its data in a temporary folder.
///
/// `kill` and `start` take it away and bring it back with its data, on the same port. It is killed with the last
/// reference. Suites share one by a static value, since a start takes some seconds and 300 MB.
public final class KafkaServer: Sendable {
  /// The distribution named by `KAFKA_HOME` (absolute, or relative to the package's folder); nil where there is none.
  public static let home: String? = {
    guard let named = Environment.current["KAFKA_HOME"], !named.isEmpty, Places.tool("java") != nil else { return nil }
    let path = named.hasPrefix("/") ? named : "\(Places.root)/\(named)"
    return FileManager.default.fileExists(atPath: path + "/bin/kafka-server-start.sh") ? path : nil
  }()

  /// For `.enabled(if: KafkaServer.home != nil, KafkaServer.missing)`.
  public static let missing = "needs a durable broker: KAFKA_HOME names no Apache Kafka, or java is not installed"

  public let port: UInt16
  public let folder: TemporaryFolder
  private let child: Mutex<ChildProcess>

  /// Starts one and waits until it takes connections; it can serve a little later.
  public init() throws {
    guard KafkaServer.home != nil else { throw TestError(KafkaServer.missing) }
    var attempt = try KafkaServer.format()
    var tries = 1
    while true {
      do {
        let started = try KafkaServer.launch(attempt.port, attempt.folder)
        (port, folder) = attempt
        child = Mutex(started)
        return
      } catch {
        if tries == 4 || !"\(error)".contains("Address already in use") { throw error }
      }
      tries += 1
      attempt = try KafkaServer.format()
    }
  }

  /// A folder ready to be served from, and a port that is free now.
  private static func format() throws -> (port: UInt16, folder: TemporaryFolder) {
    let (port, controller) = (try LocalPort.free(), try LocalPort.free())
    let folder = try TemporaryFolder("kafka")
    try folder.write("server.properties", properties(port, controller, data: folder.file("data")))
    // 22 characters of base64 for URLs, as the distribution's own tool makes them.
    let id = Data((0..<16).map { _ in UInt8.random(in: 0...255) }).base64EncodedString()
      .replacing("+", with: "A").replacing("/", with: "B").prefix(22)
    let format = try ChildProcess.run(
      command("kafka-storage.sh", ["format", "-t", String(id), "-c", folder.file("server.properties")]),
      within: .seconds(60))
    guard format.exit.isSuccess else { throw TestError("kafka-storage.sh: \(format.text)\(format.errorText)") }
    return (port, folder)
  }

  deinit {
    child.withLock { _ = $0.signalGroup(SIGKILL) }
  }

  /// What clients are given.
  public var address: String { "127.0.0.1:\(port)" }

  /// Starts it again after `kill`, and waits until it takes connections.
  public func start() throws {
    let started = try KafkaServer.launch(port, folder)
    child.withLock { $0 = started }
  }

  private static func launch(_ port: UInt16, _ folder: TemporaryFolder) throws -> ChildProcess {
    var command = command("kafka-server-start.sh", [folder.file("server.properties")])
    let log = "log-\(UInt32.random(in: 0...(.max)))"
    command.output = .file(folder.file(log))
    let started = try ChildProcess(command)
    if LocalPort.wait(for: port, within: .seconds(60), isHopeless: { started.exit != nil }), started.exit == nil {
      return started
    }
    started.signalGroup(SIGKILL)
    throw TestError("Kafka does not start: \(String(((try? folder.read(log)) ?? "").suffix(1_500)))")
  }

  /// As if its power went (SIGKILL).
  public func kill() {
    let child = child.withLock { $0 }
    child.signalGroup(SIGKILL)
    _ = child.wait(within: .seconds(60))
  }

  /// Holds it still (SIGSTOP): it keeps its connections and answers nothing.
  public func freeze() { child.withLock { _ = $0.signalGroup(SIGSTOP) } }

  public func thaw() { child.withLock { _ = $0.signalGroup(SIGCONT) } }

  private static func command(_ script: String, _ arguments: [String]) -> Command {
    var command = Command((home ?? "") + "/bin/" + script, arguments)
    command.addedEnvironment = ["KAFKA_HEAP_OPTS": "-Xmx256m -Xms128m", "LOG_DIR": "/tmp"]
    return command
  }

  private static func properties(_ port: UInt16, _ controller: UInt16, data: String) -> String {
    """
    process.roles=broker,controller
    node.id=1
    controller.quorum.voters=1@127.0.0.1:\(controller)
    listeners=PLAINTEXT://127.0.0.1:\(port),CONTROLLER://127.0.0.1:\(controller)
    advertised.listeners=PLAINTEXT://127.0.0.1:\(port)
    controller.listener.names=CONTROLLER
    inter.broker.listener.name=PLAINTEXT
    log.dirs=\(data)
    auto.create.topics.enable=false
    offsets.topic.replication.factor=1
    offsets.topic.num.partitions=4
    transaction.state.log.replication.factor=1
    transaction.state.log.min.isr=1
    transaction.state.log.num.partitions=4
    share.coordinator.state.topic.replication.factor=1
    share.coordinator.state.topic.min.isr=1
    group.initial.rebalance.delay.ms=0
    num.network.threads=2
    num.io.threads=2
    background.threads=2
    log.cleaner.dedupe.buffer.size=4194304

    """
  }
}
