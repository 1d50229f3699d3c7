import Glibc
import Lifecycle
import Log
import Options
import PostgresIO

/// `consumer`: stores until a signal comes.
public enum ConsumerCommand {
  /// Carries it out and gives the exit code. Call it from main, before any thread is started.
  public static func run(_ line: Invocation) -> Int32 {
    do {
      let settings = try settings(line)
      let signals = try Signals()
      let word = line.text(.serviceLogLevel)
      let level = Level.allCases.first { $0.word == word } ?? (line.isOn(.verbose) ? .debug : .info)
      let log = LogWriter(level: level, format: line.text(.logFormat).flatMap(LineFormat.init) ?? .text)
      try log.start()
      defer { log.close() }
      let outcome = try ServiceGroup([ConsumerService(settings, log: Logger(log))], log: Logger(log)).run(
        signals: signals)
      return outcome.failures.isEmpty ? 0 : 2
    } catch {
      let text = "stampede: \(error)\n"
      _ = text.withCString { write(2, $0, strlen($0)) }
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
