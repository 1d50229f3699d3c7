import CommandLines
import HTTPServer
import Lifecycle
import Log
import Model
import Monitoring
import Options
import PostgresIO

/// `consumer`: stores until a signal comes.
public enum ConsumerCommand {
  /// Carries it out and gives the exit code. Call it from main, before any thread is started.
  public static func run(_ line: Invocation) -> Int32 {
    do {
      let settings = try settings(line)
      let signals = try Signals()
      let log = LogWriter(service: line)
      try log.start()
      defer { log.close() }
      let board = ConsumerBoard()
      // The consumer last: it stops first, and what tells of it outlives it.
      var services: [any Service] = [
        DeadLetterService(settings, board: board, log: Logger(log)),
        ConsumerService(settings, board: board, log: Logger(log)),
      ]
      if let given = line.given(.metrics) {
        let server = try MetricsServer(
          ListenAddress.read(given.text), log: Logger(log), lacking: { board.lacking },
          figures: { board.figures(version: Product.version) })
        Logger(log).info("figures", Field("metrics", server.url + "metrics"))
        services.insert(server, at: 0)
      }
      let outcome = try ServiceGroup(services, log: Logger(log)).run(signals: signals)
      return outcome.failures.isEmpty ? 0 : 2
    } catch {
      Console.say("stampede: \(error)")
      return 1
    }
  }

  private static func settings(_ line: Invocation) throws -> ConsumerSettings {
    guard let servers = line.text(.readBroker) else {
      throw WaitingError(description: "--kafka-broker: found nothing, expected HOST:PORT (or set KAFKA_BROKER)")
    }
    guard let url = line.text(.databaseURL) else {
      throw WaitingError(
        description: "--database-url: found nothing, expected postgresql://user:password@host/database "
          + "(or set DATABASE_URL)")
    }
    var settings = ConsumerSettings(servers: servers, database: try PostgresAddress(url))
    settings.topic = line.text(.readTopic) ?? settings.topic
    settings.group = line.text(.kafkaGroup) ?? settings.group
    settings.instance = line.text(.kafkaInstance)
    settings.migrates = line.isOn(.migrate)
    return settings
  }
}
