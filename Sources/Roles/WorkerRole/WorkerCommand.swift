import CLinux
import CommandLines
import EventLoop
import HTTPServer
import Lifecycle
import Log
import Model
import Monitoring
import Options
import RPC
import RunSession
import Wire

/// `worker`: joins a master and sends what it is told to, until a signal comes.
public enum WorkerCommand {
  /// Carries it out and gives the exit code. Call it from main, before any thread is started.
  public static func run(_ line: Invocation) -> Int32 {
    do {
      let settings = try settings(line)
      let signals = try Signals()
      let writer = LogWriter(service: line)
      try writer.start()
      defer { writer.close() }
      let log = Logger(writer)
      if let given = line.given(.workerPort) {
        log.warning("\(given.place) is not needed: a worker opens no port, it connects to its master")
      }
      let worker = try WorkerService(settings, log: log)
      var services: [any Service] = [worker]
      if let given = line.given(.workerMetrics) {
        let server = try metrics(given, worker.board, log)
        log.info("metrics", Field("url", "\(server.url)metrics"))
        services.insert(server, at: 0)
      }
      let outcome = try ServiceGroup(services, log: log).run(signals: signals)
      for (service, error) in outcome.failures { log.error("\(service): \(error)") }
      return outcome.failures.isEmpty ? worker.exitCode : 2
    } catch {
      Console.say("stampede: \(error)")
      return 1
    }
  }

  private static func metrics(
    _ given: Invocation.Given, _ board: WorkerBoard, _ log: Logger
  ) throws -> MetricsServer {
    do {
      return try MetricsServer(
        try ListenAddress.read(given.text), log: log, lacking: { board.lacking },
        figures: { board.figures(version: Product.version) })
    } catch { throw WorkerError(description: "\(given.place) \(given.text): \(error)") }
  }

  private static func settings(_ line: Invocation) throws -> WorkerSettings {
    guard let servers = line.text(.workerBroker) else {
      throw WorkerError(description: "--kafka-broker: found nothing, expected HOST:PORT (or set KAFKA_BROKER)")
    }
    var publishing = PublishSettings(servers: servers)
    publishing.topic = line.text(.workerTopic) ?? publishing.topic
    publishing.spool = line.text(.workerSpool) ?? publishing.spool
    if let mebibytes = line.count(.spoolSize) { publishing.spoolLimit = mebibytes << 20 }
    var run = RunSettings()
    run.cores = line.count(.workerCores)
    run.spin = line.flag(.spin).map { $0 ? .always : .never } ?? .automatic
    run.version = Product.version
    run.userAgent = Product.userAgent
    var settings = WorkerSettings(link: try link(line), run: run, publishing: publishing)
    settings.sockets = try sockets(line)
    return settings
  }

  private static func sockets(_ line: Invocation) throws -> Set<String> {
    var sockets: Set<String> = []
    for text in line.texts(.workerTarget) {
      guard text.hasPrefix("unix:/") else {
        throw WorkerError(
          description: "--allow-target: found '\(text.prefix(80))', expected unix:/path, a socket of this machine; "
            + "addresses are the master's to allow (master --allow-target)")
      }
      sockets.insert(String(text.dropFirst(5)))
    }
    return sockets
  }

  private static func link(_ line: Invocation) throws -> LinkSettings {
    let (host, port) = try MasterAddress.read(line)
    let worker = line.text(.workerID) ?? WorkerName.own
    guard Hello.isWorkerID(worker) else {
      throw WorkerError(
        description: "\(line.given(.workerID)?.place ?? "--worker-id"): found '\(worker.prefix(80))', "
          + "expected 1 to 128 of A-Z a-z 0-9 - _ . : @")
    }
    var random = SystemRandomNumberGenerator()
    let hello = Hello(
      token: try JoinToken.read(line), worker: worker, process: Identifier(random: &random), version: Product.version,
      host: WorkerName.host, cpus: UInt32(clamping: Int(stampede_cpu_count())))
    var settings = LinkSettings(host: host, port: port, hello: hello)
    settings.allowsPlain = line.isOn(.workerPlain)
    if line.given(.workerAuthorities) != nil || line.given(.workerServerName) != nil {
      settings.tls = LinkSettings.Trust(
        authorities: line.text(.workerAuthorities), name: line.text(.workerServerName))
    }
    return settings
  }
}

/// Why a worker can't be started, in words.
struct WorkerError: Error, CustomStringConvertible {
  let description: String
}
